/** A publication came between reading the catalog and using it: the request is to be asked anew. */
export class Outdated extends Error {}

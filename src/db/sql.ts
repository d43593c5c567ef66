import type { RawBuilder } from 'kysely'

/** A piece of a statement: written with Kysely's sql``, so that values are parameters and names are quoted. */
export type Sql = RawBuilder<unknown>

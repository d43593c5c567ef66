/** What an operation may answer instead of a value. Only http/errors.ts knows their status codes. */
export class NotFound extends Error {
  constructor(message = 'There is nothing at this address.') { super(message) }
}

export class NotAllowed extends Error {
  readonly permission: string | undefined
  constructor(message: string, permission?: string) {
    super(message)
    this.permission = permission
  }
}

export class Conflict extends Error {}

export type FieldMessages = Record<string, string>

/** Human input that cannot be taken: one message for each field, and one for the whole where no field is to blame. */
export class Invalid extends Error {
  readonly fields: FieldMessages
  constructor(message: string, fields: FieldMessages = {}) {
    super(message)
    this.fields = fields
  }
}

/** More than there may be within a while; `seconds` is when to try again. */
export class TooMany extends Invalid {
  readonly seconds: number
  constructor(message: string, seconds: number) {
    super(message)
    this.seconds = seconds
  }
}

/** Nobody is signed in by what a program sent. */
export class NotKnown extends Error {}

/** A publication came between reading the catalog and using it: the request is to be asked anew. */
export class Outdated extends Error {}

/** The session ended while something was typed: it must not be lost to the page that signs in. */
export class SignedOut extends Error {}

interface Given { name?: string; type?: string; message?: string; stack?: string; code?: unknown; severity?: unknown; table?: unknown; column?: unknown; constraint?: unknown; cause?: unknown }

/** An error as the log tells it. */
export interface LoggedError { type: string; message: string; stack: string; code?: unknown; table?: unknown; column?: unknown; constraint?: unknown; cause?: LoggedError; [name: string]: unknown }

/**
 * What the log may hold of an error: personal values never stand in it. PostgreSQL tells the row at fault in fields of its own, which
 * are left out, and in errors of class 22 (https://www.postgresql.org/docs/18/errcodes-appendix.html) quotes the value itself.
 */
export function loggedError(error: unknown): LoggedError {
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: String(error), stack: '' }
  // The worker thread has told its errors already: then they come with a type, and without a class.
  const { type = 'Error', name = type, message = '', stack = '', code, severity, table, column, constraint, cause } = error as Given
  const quotesValues = severity !== undefined && typeof code === 'string' && code.startsWith('22')
  const told = quotesValues ? message.replace(/"[^]*"/, '"…"') : message
  return {
    type: name, message: told, stack: stack.replace(message, () => told), ...(code === undefined ? {} : { code }), ...(table === undefined ? {} : { table }), ...(column === undefined ? {} : { column }),
    ...(constraint === undefined ? {} : { constraint }), ...(cause === undefined ? {} : { cause: loggedError(cause) })
  }
}

/** Another database that sources are read from. */
export interface Connection {
  id: number; name: string; host: string; port: number; database: string; user: string; tls: boolean; ca: string | null
  /** Sealed; null where none is needed. */
  password: string | null
}

/** What a person types; an empty password leaves the kept one. */
export interface ConnectionInput { name: string; host: string; port: number; database: string; user: string; password: string; tls: boolean; ca: string | null }

/** Would a kept password go somewhere else, or less well guarded? Then it has to be typed again: whoever changes an address must not learn it. */
export function leadsElsewhere(kept: Connection, input: ConnectionInput): boolean {
  return (['host', 'port', 'database', 'user', 'ca'] as const).some((field) => kept[field] !== input[field]) || (kept.tls && !input.tls)
}

export function placeInWords({ host, port, database }: Pick<Connection, 'host' | 'port' | 'database'>): string {
  return `${database} at ${host}${port === 5432 ? '' : `, port ${port}`}`
}

import { createQueryId, PostgresQueryCompiler, type RootOperationNode } from 'kysely'
import pg from 'pg'
import type { Sql } from './sql.ts'

/** Writes values into the statement, quoted by PostgreSQL's rules, where it would else name a parameter. */
class InliningCompiler extends PostgresQueryCompiler {
  protected override appendValue(value: unknown): void {
    this.append(literalOf(value))
  }
}

/** The text of a statement without parameters: COPY takes none. Values keep the form they are sent in, so their types are found as usual. */
export function inlineValues(statement: Sql): string {
  return new InliningCompiler().compileQuery(statement.toOperationNode() as RootOperationNode, createQueryId()).sql
}

function literalOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString())
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map(elementOf).join(',')}}`)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return pg.escapeLiteral(String(value))
  throw new TypeError(`a value of type ${typeof value} cannot be written into a statement`)
}

function elementOf(value: unknown): string {
  return value === null || value === undefined ? 'NULL' : `"${String(value).replaceAll(/["\\]/g, '\\$&')}"`
}

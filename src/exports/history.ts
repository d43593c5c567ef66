import type { Access } from '../access/access.ts'
import type { Act } from '../history/queries.ts'
import { fieldsOfQuery } from '../users/describe-query.ts'

/** What the history says of an export: whom, which columns and, when it is made, how many users. Its title names nothing. */
export function exportAct(title: string, access: Access, { query, items, jobId, operator, rows }: { query: string; items: readonly string[]; jobId: number; operator: { id: number; name: string }; rows?: number }): Act {
  const named = items.filter((ref) => ref.startsWith('attribute:') || ref.startsWith('tag:'))
  return {
    kind: 'export', title, operator: { id: operator.id, name: operator.name }, jobId, usersAffected: rows ?? null, fields: [...named, ...fieldsOfQuery(access, query)],
    items: [
      { table: 'exports', column: 'query', before: null, after: query }, { table: 'exports', column: 'columns', before: null, after: [...items] },
      ...(rows === undefined ? [] : [{ table: 'exports', column: 'rows', before: null, after: rows }])
    ]
  }
}

import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Sql } from '../../db/sql.ts'
import { isVisible, Scope } from '../../users/queries/scope.ts'
import type { Sight } from '../sight.ts'
import { holderOf } from './holder.ts'

/** On whose behalf the history is read. */
export interface Reader { access: Access; sight: Sight; timeZone: string }

/** Whether the holder of a row number is somebody that this operator sees. */
export function seesUser({ access, timeZone }: Reader, number: Sql): Sql {
  if (access.everyUser) return sql`true`
  return sql`exists (select from ${sql.table(access.usersTable)} u where u.user_id = ${holderOf(number)} and ${isVisible(new Scope(access, timeZone))})`
}

/** Whether the entry `e` is there for this operator: of no hidden source, about some visible field, and about somebody they see. */
export function seesEntry(reader: Reader): Sql {
  const { sight, access } = reader
  if (sight.everything) return sql`true`
  const people = access.everyUser ? sql`true` : sql`(exists (select from overrides o where o.entry_id = e.id and ${seesUser(reader, sql`o.row_number`)}) or exists (select from history_items i where i.entry_id = e.id and i.row_number is not null and ${seesUser(reader, sql`i.row_number`)}))`
  return sql`(e.source_id is null or e.source_id = any (${sight.sources}::int[])) and (e.fields = '{}' or (e.fields && ${sight.fields}::text[] and ${sql`(e.kind = any (${kindsAboutColumns}::text[]) or ${people})`}))`
}

/** Their entries are about a tag or attribute itself, not about anybody's value of it. */
const kindsAboutColumns = ['structure', 'settings', 'export']

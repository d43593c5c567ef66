import type { Access } from '../access/access.ts'
import type { ExportColumn } from './column.ts'

/** What somebody saw when their file was made, as far as the file depends on it. */
export interface ExportSight {
  /** Every attribute and column that the file is made of. */
  fields: { ref: string; masked: boolean }[]
  /** The sources through whose rows users were found, each with the condition on its rows. */
  sources: { id: number; rowCondition: string | null }[]
}

export function exportSight(access: Access, columns: readonly ExportColumn[]): ExportSight {
  return {
    fields: columns.flatMap((column) => {
      if (column.kind === 'field') return [{ ref: column.field.ref, masked: column.field.masked }]
      return column.kind === 'ids' ? column.places.map(({ column: { id, masked } }) => ({ ref: `id:${id}`, masked })) : []
    }),
    sources: access.sources.map((source) => ({ id: source.id, rowCondition: conditionText(source.rowCondition) }))
  }
}

/** Whether an operator still sees all that a file holds: grants may have gone since it was made. */
export function stillSees(access: Access, sight: ExportSight): boolean {
  return sight.fields.every(({ ref, masked }) => { const now = maskedNow(access, ref); return now !== undefined && (masked || !now) })
    && sight.sources.every(({ id, rowCondition }) => { const source = access.source(id); return source !== undefined && (source.rowCondition === null || conditionText(source.rowCondition) === rowCondition) })
}

/** Whether a field is masked; undefined where it is not seen at all. */
function maskedNow(access: Access, ref: string): boolean | undefined {
  const [kind, name] = [ref.slice(0, ref.indexOf(':')), ref.slice(ref.indexOf(':') + 1)]
  if (kind === 'attribute') return access.attribute(name)?.masked
  return access.sources.flatMap((source) => source.columns).find((column) => column.id === Number(name) && column.kind === kind)?.masked
}

function conditionText(condition: unknown): string | null {
  return condition === null ? null : JSON.stringify(condition)
}

import type { Access } from '../../access/access.ts'
import { encryptionLabels } from '../../sources/labels.ts'
import type { Sample } from '../queries/refused-joins.ts'

export interface ValueModel { type: string; value: string; encryption: string }

/** How a value is shown: as the cell that says most of it, masked where the operator may only see that there is one. */
export function valueOf(access: Access, idType: number, samples: readonly Sample[]): ValueModel {
  const columns = new Map(access.sources.flatMap((source) => source.columns.map((column) => [column.id, column])))
  const rank = (sample: Sample) => { const column = columns.get(sample.columnId); return (column?.masked ? 2 : 0) + (column?.encryption === 'unencrypted' ? 0 : 1) }
  const best = samples.toSorted((a, b) => rank(a) - rank(b))[0]
  const encryption = best ? columns.get(best.columnId)?.encryption : null
  return { type: typeName(access, idType), value: best?.value ?? 'not in a row any more', encryption: encryption && encryption !== 'unencrypted' ? encryptionLabels[encryption] : '' }
}

export function typeName(access: Access, id: number | null): string {
  return access.idTypes.find((type) => type.id === id)?.name ?? ''
}

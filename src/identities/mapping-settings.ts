import type { IdType } from '../catalog/catalog.ts'
import { getCatalog } from '../catalog/queries.ts'
import type { Db } from '../db/database.ts'
import { getSetting } from '../settings/queries.ts'
import { defaultPlaceholders } from './placeholders.ts'

/** One value on more source keys than this joins nobody (design.md section 4). */
export const defaultOverSharedLimit = 20

export type ExceptionKind = 'exclude' | 'allow'
export interface MappingException { idType: number; matchKey: string; kind: ExceptionKind }

/** All that the mapping depends on besides the rows. */
export interface MappingSettings { idTypes: readonly IdType[]; overSharedLimit: number; placeholders: readonly string[]; exceptions: readonly MappingException[] }

/** SQL that is true where the value of `alias` was allowed, however many rows share it; false where nothing was. */
export function permittedSql(settings: Pick<MappingSettings, 'exceptions'>, alias: string): string {
  return settings.exceptions.some((one) => one.kind === 'allow') ? `exists (select from permitted p where p.match_key = ${alias}.match_key and p.id_type = ${alias}.id_type)` : 'false'
}

export type MappingChange = Partial<MappingSettings>

export async function getMappingSettings(db: Db): Promise<MappingSettings> {
  const { idTypes } = await getCatalog(db)
  const exceptions = await db.selectFrom('mapping_exceptions').select(['id_type', 'match_key', 'kind']).orderBy('id_type').orderBy('match_key').execute()
  return {
    idTypes,
    overSharedLimit: await getSetting(db, 'over_shared_limit', defaultOverSharedLimit),
    placeholders: await getSetting(db, 'placeholders', defaultPlaceholders as string[]),
    exceptions: exceptions.map((row) => ({ idType: row.id_type, matchKey: row.match_key, kind: row.kind }))
  }
}

import type { TableRef } from '../connections/table.ts'

/** 'all': rows that are gone there stay here; 'whole': they are removed; 'changed': only what changed since the last run is read. */
export type Reading = 'all' | 'whole' | 'changed'

/** The table of another database that a source is read from. */
export interface Origin extends TableRef { connectionId: number; connection: string; reading: Reading; changedBy: string | null }

/** The table that a sample was taken from, to become a source. */
export interface SampleOrigin extends TableRef { connectionId: number; connection: string; kind: 'table' | 'view'; rowsAbout: number; key: string | null }

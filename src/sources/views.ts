import type { May } from '../access/permissions.ts'
import type { CatalogSource } from '../catalog/catalog.ts'
import { formatCount, formatNumber, formatTime } from '../format.ts'
import { stateOfRun, type StateLabel } from '../imports/labels.ts'
import type { Run } from '../imports/queries.ts'

export interface SourceLine {
  href: string; alias: string; rows: string; users: string
  run: { href: string; label: string; state: StateLabel; at: string } | null; note: string; importUrl: string
}
export interface SourcesModel {
  facts: string; sources: SourceLine[]; pollUrl: string
  /** Where a new source is begun, or ''. */
  newUrl: string
}
export interface UploadModel { heading: string; facts: string; action: string; backUrl: string; problem: string; known: boolean; connections: { href: string; name: string }[] }
export interface RemovalModel { alias: string; action: string; backUrl: string; typed: string; error: string; figures: { label: string; value: string }[]; notes: string[] }

declare module '../http/views.ts' {
  interface Views {
    'sources/list': SourcesModel
    'sources/_list': SourcesModel
    'sources/upload': UploadModel
    'sources/removal': RemovalModel
  }
}

export function sourcesModel(sources: readonly CatalogSource[], runs: readonly Run[], timeZone: string, may: May): SourcesModel {
  const lines = sources.map((source): SourceLine => {
    const run = runs.find((one) => one.sourceId === source.id)
    return {
      href: may('imports') ? `/settings/sources/${source.id}` : `/settings/sources/${source.id}/structure`, alias: source.alias, rows: source.rowsTable ? formatNumber(source.rowCount) : '–', users: source.rowsTable ? formatNumber(source.userCount) : '–',
      run: run ? { href: may('imports') ? `/settings/imports/${run.id}` : '', label: `Run ${run.id}`, state: stateOfRun(run), at: formatTime(run.endedAt ?? run.startedAt ?? run.createdAt, timeZone) } : null,
      note: source.removing ? 'being removed' : source.structurePending ? 'structure changed' : '', importUrl: source.removing || !may('imports') ? '' : `/settings/sources/${source.id}/import`
    }
  })
  const moving = sources.some((source) => source.removing) || runs.some((run) => run.status === 'running' || run.status === 'waiting')
  const rows = sources.reduce((sum, source) => sum + source.rowCount, 0)
  return { facts: sources.length ? `${formatCount(sources.length, 'source')}, ${formatCount(rows, 'row')}` : '', sources: lines, pollUrl: moving ? '/settings/sources' : '', newUrl: may('sources') ? '/settings/sources/new' : '' }
}

/** `connections`: databases whose tables can be chosen instead of a file. */
export function uploadModel(source: CatalogSource | undefined, problem = '', connections: readonly { id: number; name: string }[] = []): UploadModel {
  return {
    heading: source ? `Import a file into ${source.alias}` : 'Import a file', facts: source ? 'Rows are found again by their key: changed ones change, new ones come, the others stay.' : 'It becomes a new source.',
    action: source ? `/settings/sources/${source.id}/uploads` : '/settings/sources/uploads', backUrl: source ? `/settings/sources/${source.id}` : '/settings/sources', problem, known: source !== undefined,
    connections: connections.map(({ id, name }) => ({ href: `/settings/sources/from/${id}`, name }))
  }
}

export function removalModel(source: CatalogSource, losses: { usersOnlyHere: number; handSet: number }, typed = '', error = ''): RemovalModel {
  const tags = source.columns.filter((column) => column.kind === 'tag').length
  return {
    alias: source.alias, action: `/settings/sources/${source.id}/removal`, backUrl: `/settings/sources/${source.id}`, typed, error,
    figures: [
      { label: source.rowCount === 1 ? 'row' : 'rows', value: formatNumber(source.rowCount) }, { label: losses.usersOnlyHere === 1 ? 'user who has rows only here' : 'users who have rows only here', value: formatNumber(losses.usersOnlyHere) },
      { label: tags === 1 ? 'tag' : 'tags', value: formatNumber(tags) }, { label: losses.handSet === 1 ? 'value set by hand for its tags' : 'values set by hand for its tags', value: formatNumber(losses.handSet) }
    ],
    notes: [
      'Its rows, IDs, tags and attribute values are removed for good; a new import of the same file makes a new source.',
      'Users who also have rows elsewhere stay, with what is known of them there. Users who were joined only by this source are separate again.',
      'The history keeps that the source was here, and who removed it.'
    ]
  }
}

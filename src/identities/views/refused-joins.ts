import type { May } from '../../access/permissions.ts'
import type { Access } from '../../access/access.ts'
import { formatNumber, formatTime } from '../../format.ts'
import { exceptionAddress, type KeySeal } from '../key-seal.ts'
import type { RefusedJoin, RefusedPlace, Sample } from '../queries/refused-joins.ts'
import { mostExceptions, mostSeen, type RefusedDetail, type RefusedPage } from '../read-refused.ts'
import { reasonLabels, refusedReasons, type RefusedReason } from '../refused-join.ts'
import { exceptionRow, type ExceptionRow } from './exception.ts'
import { typeName, valueOf, type ValueModel } from './refused-value.ts'

export interface RefusedRow extends ValueModel { href: string; reason: string; rows: string; conflict: string; since: string }
export interface RefusedJoinsModel { facts: string; tabs: { label: string; href: string; current: boolean; count: string }[]; rows: RefusedRow[]; firstUrl: string; nextUrl: string; empty: string; exceptions: ExceptionRow[]; exceptionsNote: string }

export interface RefusedJoinModel extends ValueModel {
  heading: string; why: string; facts: { label: string; value: string }[]; conflict: string
  rows: { source: string; sourceKey: string; value: string; user: string; userUrl: string; held: string }[]; firstUrl: string; nextUrl: string; backUrl: string
  /** Where an exception is made for the value. */
  exceptionUrl: string
}

declare module '../../http/views.ts' {
  interface Views {
    'identities/refused-joins': RefusedJoinsModel
    'identities/refused-join': RefusedJoinModel
  }
}

const path = '/settings/refused-joins'

export function writePlace(seal: KeySeal, { since, idType, key }: RefusedPlace): string {
  return Buffer.from(JSON.stringify([since, idType, seal.seal(key)])).toString('base64url')
}

/** The place a cursor stands for; undefined for anything that was not written here. */
export function readPlace(seal: KeySeal, cursor: string): RefusedPlace | undefined {
  try {
    const [since, idType, sealed] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    if (typeof since !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/.test(since)) return undefined
    if (!Number.isInteger(idType) || Math.abs(idType as number) > 32767) return undefined
    const key = seal.open(String(sealed))
    return key === undefined ? undefined : { since, idType: idType as number, key }
  } catch {
    return undefined
  }
}

function address(reason: RefusedReason | null, after = ''): string {
  const params = new URLSearchParams({ ...(reason ? { reason } : {}), ...(after ? { after } : {}) })
  return params.size ? `${path}?${params}` : path
}

export function refusedJoinsModel(access: Access, page: RefusedPage, options: { reason: RefusedReason | null; later: boolean; timeZone: string; seal: KeySeal }): RefusedJoinsModel {
  const { counts } = page
  const all = counts ? Object.values(counts).reduce((sum, count) => sum + count, 0) : undefined
  const tab = (reason: RefusedReason | null, label: string, count: number | undefined) => ({ label, href: address(reason), current: options.reason === reason, count: count === undefined ? '' : formatNumber(count) })
  const last = page.joins.at(-1)
  return {
    facts: 'Values that could join users but do not',
    tabs: [tab(null, 'All', all), ...refusedReasons.map((reason) => tab(reason, reasonLabels[reason].tab, counts?.[reason]))],
    rows: page.joins.map((join) => ({
      ...valueOf(access, join.idType, samplesOf(join, page.samples)), href: `${path}/${join.idType}/${options.seal.seal(join.key)}`, reason: reasonLabels[join.reason].tab,
      rows: rowsOf(join, samplesOf(join, page.samples), counts !== undefined), conflict: typeName(access, join.conflictType), since: formatTime(join.since, options.timeZone)
    })),
    firstUrl: options.later ? address(options.reason) : '', nextUrl: page.more && last ? address(options.reason, writePlace(options.seal, { since: last.sinceText, idType: last.idType, key: last.key })) : '',
    empty: options.later ? 'Nothing comes after this.' : options.reason ? 'No value was refused for this reason.' : 'No join was refused: every shared value joins its rows.',
    exceptions: page.exceptions.map((one) => exceptionRow(access, one, page.exceptionSamples, options)), exceptionsNote: page.moreExceptions ? `Only the newest ${mostExceptions} are shown.` : ''
  }
}

export function refusedJoinModel(access: Access, detail: RefusedDetail, options: { later: boolean; timeZone: string; seal: KeySeal; may: May }): RefusedJoinModel {
  const { join } = detail
  const value = valueOf(access, join.idType, detail.sample ? [detail.sample] : [])
  const here = `${path}/${join.idType}/${options.seal.seal(join.key)}`
  const last = detail.rows.at(-1)
  const conflict = typeName(access, join.conflictType)
  return {
    ...value, heading: `${value.type} ${value.value}`, why: reasonLabels[join.reason].why, conflict,
    facts: [
      { label: 'Reason', value: reasonLabels[join.reason].tab }, ...(conflict ? [{ label: 'Speaks against it', value: conflict }] : []),
      { label: 'Rows', value: rowsOf(join, detail.sample ? [detail.sample] : [], detail.exact) }, { label: 'Since', value: formatTime(join.since, options.timeZone) }
    ],
    rows: detail.rows.map((row) => ({
      source: access.source(row.sourceId)?.alias ?? '', sourceKey: row.sourceKey ?? `row ${row.rowNumber}`, value: row.value, user: detail.names.get(row.userId) ?? `User ${row.userId}`, userUrl: options.may('user_360.view') ? `/users/${row.userId}` : '',
      held: [...new Set(detail.held.filter((cell) => cell.userId === row.userId).map((cell) => cell.value))].slice(0, 5).join(', ')
    })),
    firstUrl: options.later ? here : '', nextUrl: detail.more && last ? `${here}?after=${last.rowNumber}` : '', backUrl: path, exceptionUrl: exceptionAddress(options.seal, join.idType, join.key)
  }
}

function samplesOf(join: RefusedJoin, samples: readonly Sample[]): Sample[] {
  return samples.filter((sample) => sample.idType === join.idType && sample.key === join.key)
}

/** What the mapping counted, or, where not every row may be seen, what was seen. */
function rowsOf(join: RefusedJoin, samples: readonly Sample[], exact: boolean): string {
  if (exact) return formatNumber(join.rows)
  const seen = samples.reduce((sum, sample) => sum + sample.seen, 0)
  return samples.some((sample) => sample.seen >= mostSeen) ? `${formatNumber(seen)} or more` : formatNumber(seen)
}

import { copyIn, copyOut } from '../db/copy.ts'
import type { Work } from '../jobs/work.ts'
import { permittedSql, type MappingSettings } from './mapping-settings.ts'
import { mapRows } from './mapping.ts'

export interface RefusedValue { idType: number; matchKey: string; conflictType: number; rows: number }

/**
 * The thin shell around the pure mapping: reads the values that several rows share, and the single values of those rows,
 * into typed arrays, and leaves row and user of every linked row in `linked`. Memory: about 16 bytes per identity.
 */
export async function joinLinks(work: Work, settings: MappingSettings, ids: string): Promise<{ refused: RefusedValue[] }> {
  const types = settings.idTypes.filter((type) => type.enabled && type.mapping).toSorted((a, b) => a.priority - b.priority)
  const typeNumber = new Map(types.map((type, index) => [type.id, index]))
  const rank = types.length ? `case i.id_type ${types.map((type, index) => `when ${type.id} then ${index}`).join(' ')} end` : '0'
  await work.run(`create temp table link_rows on commit drop as
    select ${rank}::smallint as type, i.match_key, i.row_number from ${ids} i join shared s on s.match_key = i.match_key and s.id_type = i.id_type where s.rows <= ${settings.overSharedLimit} or ${permittedSql(settings, 's')}`)
  const singles = types.filter((type) => type.single).map((type) => type.id)
  // A single value on one row only joins nobody, yet it speaks against joining its row to another single value.
  await work.run(`create temp table lone_values on commit drop as
    select distinct ${rank}::smallint as type, i.match_key, i.row_number from ${ids} i
    where i.id_type = any ($1::smallint[]) and exists (select from link_rows l where l.row_number = i.row_number)
      and not exists (select from shared s where s.match_key = i.match_key and s.id_type = i.id_type)
      and not exists (select from unusable u where u.match_key = i.match_key and u.id_type = i.id_type)`, [singles])
  const [sizes] = await work.rows<{ links: string; lone: string }>('select (select count(*) from link_rows) as links, (select count(*) from lone_values) as lone')
  const size = Number(sizes?.links) + Number(sizes?.lone)
  const rowNumbers = new Float64Array(size)
  const identityType = new Uint8Array(size)
  const identityValue = new Int32Array(size)
  const keys = Buffer.alloc(size * 16)
  let at = 0
  let value = -1
  let last = ''
  for await (const line of copyOut(work.client, 'copy (select type, match_key, row_number from (select * from link_rows union all select * from lone_values) v order by type, match_key, row_number) to stdout')) {
    const [type = '', key = '', row = ''] = line.split('\t')
    if (`${type} ${key}` !== last) { value++; last = `${type} ${key}`; keys.write(key.replaceAll('-', ''), value * 16, 'hex') }
    rowNumbers[at] = Number(row); identityType[at] = Number(type); identityValue[at] = value
    at++
  }
  const distinct = sortedDistinct(rowNumbers)
  const identityRow = Int32Array.from(rowNumbers, (row) => indexIn(distinct, row))
  const keyOf = (number: number) => keys.subarray(number * 16, number * 16 + 16).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const allowed = new Uint8Array(value + 1)
  const permits = new Set(settings.exceptions.filter((one) => one.kind === 'allow').map((one) => `${typeNumber.get(one.idType)} ${one.matchKey}`))
  if (permits.size) for (let index = 0; index < size; index++) if (permits.has(`${identityType[index]} ${keyOf(identityValue[index] ?? 0)}`)) allowed[identityValue[index] ?? 0] = 1
  const result = mapRows({ rowCount: distinct.length, types: types.map(({ priority, single }) => ({ priority, single })), identityRow, identityType, identityValue, valueCount: value + 1, allowed })
  await work.run('create temp table linked (row_number bigint, user_id bigint) on commit drop')
  await copyIn(work.client, 'copy linked from stdin', linkedLines(distinct, result.group))
  await work.run('create unique index on linked (row_number); analyze linked')
  return { refused: result.refused.map((join) => ({ idType: types[join.type]?.id ?? 0, matchKey: keyOf(join.value), conflictType: types[join.conflictType]?.id ?? 0, rows: join.rows.length })) }
}

function sortedDistinct(numbers: Float64Array): Float64Array {
  const sorted = numbers.toSorted()
  let count = 0
  for (let index = 0; index < sorted.length; index++) if (index === 0 || sorted[index] !== sorted[index - 1]) sorted[count++] = sorted[index] ?? 0
  return sorted.subarray(0, count)
}

function indexIn(sorted: Float64Array, wanted: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

function* linkedLines(rows: Float64Array, group: Int32Array): Generator<Buffer> {
  let lines: string[] = []
  for (let index = 0; index < rows.length; index++) {
    lines.push(`${rows[index]}\t${rows[group[index] ?? 0]}\n`)
    if (lines.length === 5000) { yield Buffer.from(lines.join('')); lines = [] }
  }
  if (lines.length) yield Buffer.from(lines.join(''))
}

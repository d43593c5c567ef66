import { attributeLevel, columnLevel, grantLevels, isWider, type GrantLevel } from '../../access/grants.ts'
import type { Role } from '../../access/role.ts'
import type { Attribute, CatalogColumn } from '../../catalog/catalog.ts'
import { labelOfTag } from '../../conditions/field.ts'
import { formatCount } from '../../format.ts'
import { seenOf, type GrantSource } from '../role-state.ts'
import { sampleOfAttribute, sampleOfColumn } from '../sample-value.ts'
import { frameModel, type AllRoles, type FrameModel } from './frame.ts'

export interface ChoiceModel { value: GrantLevel; checked: boolean; disabled: boolean; label: string }
export interface GrantRowModel {
  name: string; label: string; kind: string; note: string; choices: ChoiceModel[]
  masked: string; full: string
}

/** All attributes, or one source: open with a line for each column, or closed in one line. */
export interface GrantGroupModel {
  name: string; facts: string; count: string; href: string; open: boolean
  /** Of an open group: one press for each level. */
  alls: { value: GrantLevel; label: string; offered: boolean }[]
  later: { label: string; options: { value: GrantLevel; chosen: boolean; disabled: boolean }[] } | null
  rows: GrantRowModel[]; empty: string
}

export interface DataModel { frame: FrameModel; of: string; search: string; action: string; seen: string; groups: GrantGroupModel[]; problem: string; holds: string; back: string }

export interface Grantable { sources: readonly GrantSource[]; attributes: readonly Attribute[]; userCounts: boolean }

const typeWords: Record<CatalogColumn['type'], string> = { text: 'text', choice: 'choice', number: 'number', time: 'time', date: 'date', multi: 'multi-value' }

/** One line as it is before it is known who looks at it. */
interface Line { key: string; label: string; kind: string; note: string; level: GrantLevel; most: GrantLevel; sample: Record<GrantLevel, string> }
interface Group { id: string; name: string; facts: string; lines: Line[]; later: { level: GrantLevel; most: GrantLevel } | null; empty: string }

export function dataModel(all: AllRoles, role: Role, grantable: Grantable, asked: { of: string; search: string }, problem = ''): DataModel {
  const frame = frameModel(all, role, 'data')
  const wanted = asked.search.toLowerCase()
  const groups = groupsOf(all, role, grantable).map((group) => ({ ...group, found: group.lines.filter(({ label, note }) => `${label} ${note}`.toLowerCase().includes(wanted)) }))
  const shown = wanted === '' ? groups : groups.filter(({ found, id }) => found.length > 0 || id === asked.of)
  const open = shown.find(({ id, found }) => id === asked.of && (found.length > 0 || wanted === '')) ?? shown.find(({ found }) => found.length > 0) ?? groups.find(({ id }) => id === asked.of) ?? groups[0]!
  const source = grantable.sources.find(({ id }) => String(id) === open.id)
  const at = `/settings/roles/${role.id}/data`
  return {
    frame, of: open.id, search: asked.search, action: `${at}/${open.id}`, problem, back: at,
    seen: source ? seenOf.source(role, source) : seenOf.attributes(role, grantable.attributes.map(({ code }) => code)),
    groups: shown.map((group) => groupModel(group, { at, search: asked.search, open: group.id === open.id, fixed: frame.fixed !== '' })),
    holds: `Holds at once for ${formatCount(all.holders.get(role.id) ?? 0, 'operator')}. With several roles the widest wins. A hidden column is nowhere: not in lists, filters, history or files.`
  }
}

function groupsOf({ own }: AllRoles, role: Role, { sources, attributes, userCounts }: Grantable): Group[] {
  const everything = role.administrator
  const of = (level: GrantLevel) => (everything ? 'full' : level)
  const most = (level: GrantLevel) => (own.administrator ? 'full' : level)
  return [
    {
      id: 'attributes', name: 'Attributes', facts: 'all sources', later: null, empty: 'There are no attributes.',
      lines: attributes.map((attribute) => ({ key: attribute.code, label: attribute.name, kind: typeWords[attribute.type], note: '', level: of(attributeLevel(role.grants, attribute.code)), most: most(attributeLevel(own.grants, attribute.code)), sample: sampleOfAttribute(attribute) }))
    },
    ...sources.map((source): Group => ({
      id: String(source.id), name: source.alias, facts: userCounts ? formatCount(source.userCount, 'user') : '', later: { level: of(columnLevel(role.grants, source.id, null)), most: most(columnLevel(own.grants, source.id, null)) },
      empty: 'This source has attributes alone. Its users are found where later columns are masked or full.',
      lines: source.columns.map((column) => ({
        key: String(column.id), label: column.kind === 'tag' ? labelOfTag(column) : column.name, kind: column.kind === 'id' ? `ID, ${column.idType}` : `tag, ${typeWords[column.type]}`, note: column.name === source.keyColumn ? 'key of the source' : column.kind === 'tag' && column.tagName ? column.name : '',
        level: of(columnLevel(role.grants, source.id, column.id)), most: most(columnLevel(own.grants, source.id, column.id)), sample: sampleOfColumn(column)
      }))
    }))
  ]
}

function groupModel(group: Group & { found: Line[] }, { at, search, open, fixed }: { at: string; search: string; open: boolean; fixed: boolean }): GrantGroupModel {
  const count = (level: GrantLevel) => group.lines.filter((line) => line.level === level).length
  const said = (['full', 'masked', 'hidden'] as const).filter((level) => count(level) > 0).map((level) => `${count(level)} ${level}`)
  const some = search ? `what is found in ${group.name}` : group.name
  return {
    name: group.name, facts: group.facts, count: search ? formatCount(group.found.length, 'column found', 'columns found') : said.join(', '), open, empty: group.lines.length === 0 ? group.empty : 'No column has this in its name.',
    href: `${at}?${new URLSearchParams({ of: group.id, ...(search ? { q: search } : {}) }).toString()}`,
    alls: grantLevels.map((level) => ({ value: level, label: `of ${some} ${level}`, offered: !fixed && group.found.length > 1 && group.found.every((line) => !isWider(level, line.most)) })),
    later: open && group.later ? { label: `Columns of ${group.name} that come later`, options: grantLevels.map((value) => ({ value, chosen: value === group.later!.level, disabled: fixed || (isWider(value, group.later!.most) && value !== group.later!.level) })) } : null,
    rows: open ? group.found.map((line) => rowModel(group.name, line, fixed)) : []
  }
}

function rowModel(group: string, line: Line, fixed: boolean): GrantRowModel {
  return {
    name: `level-${line.key}`, label: line.label, kind: line.kind, note: line.note, masked: line.sample.masked, full: line.sample.full,
    choices: grantLevels.map((value) => ({ value, checked: value === line.level, disabled: fixed || (isWider(value, line.most) && value !== line.level), label: `${group}, ${line.label}: ${value}` }))
  }
}

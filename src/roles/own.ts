import { attributeLevel, columnLevel, isWider, showsAny, uniteGrants, type Grants } from '../access/grants.ts'
import { permissionPath, type Permission } from '../access/permissions.ts'
import { permissionsOf, type Role } from '../access/role.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { labelOfTag } from '../conditions/field.ts'
import { NotAllowed } from '../problem.ts'

/** What a role gives. */
export interface Given { permissions: ReadonlySet<Permission>; grants: Grants }

/** What the operator who changes a role holds: the bound of what he can give to it. */
export interface Own extends Given { administrator: boolean; roleIds: readonly number[] }

export const nothing: Given = { permissions: new Set(), grants: { sources: new Map(), attributes: new Map() } }

export function ownOf(roles: readonly Role[], held: readonly number[]): Own {
  const own = roles.filter((role) => held.includes(role.id))
  return { administrator: own.some((role) => role.administrator), roleIds: own.map((role) => role.id), permissions: permissionsOf(own), grants: uniteGrants(own.map((role) => role.grants)) }
}

/** Throws NotAllowed, in words, where a change would give more than before and more than the giver holds. */
export function refuseExcess(own: Own, before: Given, after: Given, catalog: Catalog): void {
  if (own.administrator) return
  const found = [...new Set([...excessOfPermissions(own, before, after), ...excessOfSources(own, before, after, catalog), ...excessOfAttributes(own, before, after, catalog)])]
  if (found.length) throw new NotAllowed(`You can give no more than you hold yourself, and you do not hold: ${found.slice(0, 10).join('; ')}${found.length > 10 ? ` and ${found.length - 10} more` : ''}. Nothing was saved.`)
}

function excessOfPermissions(own: Own, before: Given, after: Given): string[] {
  return [...after.permissions].filter((permission) => !before.permissions.has(permission) && !own.permissions.has(permission)).map(permissionPath)
}

const unseen = 'data that you do not see'

function excessOfSources(own: Own, before: Given, after: Given, catalog: Catalog): string[] {
  return [...after.grants.sources.keys()].flatMap((id) => {
    const source = catalog.sources.find((candidate) => candidate.id === id)
    const columns = new Set([before, after, own].flatMap(({ grants }) => [...grants.sources.get(id)?.columns.keys() ?? []]))
    const raised = [null, ...columns].filter((column) => isWider(columnLevel(after.grants, id, column), columnLevel(before.grants, id, column)))
    const tooWide = raised.filter((column) => isWider(columnLevel(after.grants, id, column), columnLevel(own.grants, id, column)))
    const said = tooWide.map((columnId) => {
      const column = source?.columns.find((candidate) => candidate.id === columnId)
      if (!source || columnLevel(own.grants, id, columnId) === 'hidden') return columnId === null && source && own.grants.sources.has(id) ? `later columns of ${source.alias}` : unseen
      return column ? `${source.alias}, ${labelOfTag(column)}, in full` : `later columns of ${source.alias}`
    })
    return source && widensRows(own, before, after, id, raised.length > 0) ? [...said, `rows of ${source.alias} that you do not see`] : said
  })
}

/** Whoever sees some rows of a source only can let a role see these and no others: anything else cannot be told to be fewer. */
function widensRows(own: Own, before: Given, after: Given, id: number, raised: boolean): boolean {
  const [mine, was, is] = [own, before, after].map(({ grants }) => JSON.stringify(grants.sources.get(id)?.rowCondition ?? null))
  const grant = after.grants.sources.get(id)
  return mine !== 'null' && grant !== undefined && showsAny(grant) && (raised || was !== is) && is !== mine
}

function excessOfAttributes(own: Own, before: Given, after: Given, catalog: Catalog): string[] {
  return [...after.grants.attributes.keys()].filter((code) => isWider(attributeLevel(after.grants, code), attributeLevel(before.grants, code)) && isWider(attributeLevel(after.grants, code), attributeLevel(own.grants, code)))
    .map((code) => { const name = catalog.attributes.find((attribute) => attribute.code === code)?.name; return name && attributeLevel(own.grants, code) === 'masked' ? `${name} in full` : unseen })
}

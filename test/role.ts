import { randomBytes } from 'node:crypto'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { GrantLevel } from '../src/access/grants.ts'
import type { Permission } from '../src/access/permissions.ts'
import { raiseCatalogVersion } from '../src/catalog/queries.ts'
import { hashPassword } from '../src/operators/passwords.ts'
import type { Db } from '../src/db/database.ts'
import { administratorRole, insertOperator } from '../src/operators/queries.ts'
import { signInAs, type TestApp } from './helper.ts'

export interface TestRole {
  permissions?: readonly Permission[]
  /** By source id. Columns that are not named are `otherwise` ('hidden' where that is not given either). */
  sources?: Record<number, { otherwise?: GrantLevel; columns?: Record<number, GrantLevel>; rowCondition?: unknown }>
  /** By code; all others are `otherAttributes` ('hidden'). */
  attributes?: Record<string, GrantLevel>
  otherAttributes?: GrantLevel
}

export type Send = (options: InjectOptions & { form?: Record<string, string | string[]> }) => Promise<LightMyRequestResponse>

/** Makes a role with these rights. Answers its number. */
export async function makeRole({ db }: Pick<TestApp, 'db'>, role: TestRole): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { id } = await trx.insertInto('roles').values({ name: `Role ${randomBytes(4).toString('hex')}`, permissions: [...(role.permissions ?? [])] }).returning('id').executeTakeFirstOrThrow()
    for (const [sourceId, grant] of Object.entries(role.sources ?? {})) {
      await trx.insertInto('source_grants').values({ role_id: id, source_id: Number(sourceId), otherwise: grant.otherwise ?? 'hidden', row_condition: grant.rowCondition ? JSON.stringify(grant.rowCondition) : null }).execute()
      const columns = Object.entries(grant.columns ?? {}).map(([columnId, level]) => ({ role_id: id, column_id: Number(columnId), level }))
      if (columns.length) await trx.insertInto('column_grants').values(columns).execute()
    }
    const attributes = await trx.selectFrom('attributes').select(['id', 'code']).execute()
    await trx.insertInto('attribute_grants').values(attributes.map(({ id: attribute, code }) => ({ role_id: id, attribute_id: attribute, level: role.attributes?.[code] ?? role.otherAttributes ?? 'hidden' }))).execute()
    await raiseCatalogVersion(trx)
    return id
  })
}

/** A new operator who holds these roles, signed in through the real page. */
export async function signInWith(world: TestApp, ...roleIds: number[]): Promise<{ id: number; email: string; as: Send }> {
  const email = `${randomBytes(4).toString('hex')}@example.com`
  const password = 'six green cups of tea'
  const id = await insertOperator(world.db, { email, name: 'Zhao Min', passwordHash: await hashPassword(password), mustChangePassword: false, roleIds })
  return { id, email, as: await signInAs(world.app, email, password) }
}

/** Somebody who may do everything, for acts that are called without a page. */
export async function makeAdministrator(db: Db, name: string): Promise<{ id: number; name: string }> {
  return { id: await insertOperator(db, { email: `${randomBytes(4).toString('hex')}@example.com`, name, passwordHash: '-', mustChangePassword: false, roleIds: [await administratorRole(db)] }), name }
}

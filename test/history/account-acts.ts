import type { Test } from 'tap'
import type { TestApp } from '../helper.ts'
import { codeOf, keyIn, linksIn, signInBy, visitor } from '../operators/people.ts'

const [email, password] = ['zhao@example.com', 'six green cups of tea']

/** Every act on accounts, each of which leaves one entry. Answers the routes that were used. */
export async function accountActs(t: Test, { app, db, as }: TestApp): Promise<string[]> {
  const done: string[] = []
  const latest = () => db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  const left = async (route: string, entry: object) => {
    t.match(await latest(), entry, `${route} leaves an entry`)
    done.push(route)
  }
  const post = (url: string, form: Record<string, string> = {}) => as({ method: 'POST', url, form })
  const byLin = { kind: 'operator', operator_id: 1, operator_name: 'Lin Yating' }

  const added = await post('/settings/operators/new', { name: 'Zhao Min', email, role: '2' })
  await left('POST /settings/operators/new', { ...byLin, title: `Operator ${email} added, with a one-time link` })
  await post('/settings/operators/new/many', { people: 'wang@example.com', role: '2' })
  await left('POST /settings/operators/new/many', { ...byLin, title: 'Operator wang@example.com added, with a one-time link' })
  const { id } = await db.selectFrom('operators').select('id').where('email', '=', email).executeTakeFirstOrThrow()
  const path = `/settings/operators/${id}`
  const byZhao = { kind: 'operator', operator_id: id, operator_name: 'Zhao Minmin' }
  await post(path, { name: 'Zhao Minmin', email: 'Zhao@Example.com', role: '3' })
  await left('POST /settings/operators/:id', { ...byLin, title: 'Name, e-mail, and roles of Zhao Min changed' })
  const { id: entry } = await latest()
  t.match(await db.selectFrom('history_items').select(['column_name', 'old_value', 'new_value']).where('entry_id', '=', entry).orderBy('item').execute(), [
    { column_name: 'name', old_value: 'Zhao Min', new_value: 'Zhao Minmin' }, { column_name: 'e-mail', old_value: email, new_value: 'Zhao@Example.com' }, { column_name: 'roles', old_value: ['Analyst'], new_value: ['Developer'] }
  ])

  const zhao = visitor(app)
  const link = linksIn(added.body)[0]!
  await zhao.get(link)
  await zhao.post(link, { next: password, again: password })
  t.match(await db.selectFrom('history_entries').selectAll().where('kind', '=', 'operator').orderBy('id', 'desc').limit(1).executeTakeFirst(), { ...byZhao, title: 'Zhao Minmin set their password by a one-time link' })
  await left('POST /invitations/:token', { kind: 'sign_in', title: 'Signed in', operator_id: id })

  const key = keyIn((await zhao.get('/two-step')).body)
  await zhao.post('/two-step', { code: codeOf(key) })
  await left('POST /two-step', { ...byZhao, title: 'Zhao Minmin turned on two-step sign-in' })
  const later = () => db.updateTable('operators').set({ two_step_last: '0' }).execute()
  await later()
  await zhao.get('/two-step')
  await zhao.post('/two-step/recovery-codes', { password, code: codeOf(key) })
  await left('POST /two-step/recovery-codes', { ...byZhao, title: 'Zhao Minmin made new recovery codes' })
  await later()
  await signInBy(zhao, email, password)
  await zhao.get('/sign-in/code')
  await zhao.post('/sign-in/code', { code: codeOf(key) })
  await left('POST /sign-in/code', { kind: 'sign_in', title: 'Signed in', operator_id: id })
  await later()
  await zhao.get('/two-step')
  await zhao.post('/two-step/end', { password, code: codeOf(key) })
  await left('POST /two-step/end', { ...byZhao, title: 'Zhao Minmin turned off two-step sign-in' })

  const anew = keyIn((await zhao.get('/two-step')).body)
  await zhao.post('/two-step', { code: codeOf(anew) })
  for (const [act, title] of [['two-step-reset', 'Two-step sign-in of Zhao Minmin reset'], ['invitations', 'A one-time link for Zhao Minmin made'], ['sign-out', 'Zhao Minmin signed out everywhere'], ['switch', 'Zhao Minmin switched off'], ['removal', 'Operator Zhao Minmin removed']] as const) {
    await post(`${path}/${act}`)
    await left(`POST /settings/operators/:id/${act}`, { ...byLin, title })
  }
  return done
}

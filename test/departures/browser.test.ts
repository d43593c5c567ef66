import t from 'tap'
import { add } from '../audiences/world.ts'
import { openConsole } from '../browser/console.ts'
import { isSound } from '../browser/every-page.ts'
import { makeRole, signInWith } from '../role.ts'
import { makeWorld } from '../users/world.ts'

t.test('an operator is removed, and what was theirs is taken over, without a script', { timeout: 120_000 }, async (t) => {
  const { world, signedIn, complaints } = await openConsole(t)
  await makeWorld(world)
  const role = await makeRole(world, { permissions: ['user_360.view', 'audiences.view', 'audiences.manage'], sources: { 1: { otherwise: 'full' } }, otherAttributes: 'full' })
  const { id, email } = await signInWith(world, role)
  await world.db.updateTable('operators').set({ name: 'Zhao Min of the Hangzhou branch office' }).where('id', '=', id).execute()
  for (const [name, shared] of [['Shared by Zhao', true], ['Of Zhao alone, with a name that is long enough to need a second line on a phone', false]] as const) await add(world, name, { and: [] }, { operator: { id, name: 'Zhao Min' }, shared })
  await world.runJobs()
  const [lin, looking] = [await signedIn({ javaScriptEnabled: false }), await signedIn({ reducedMotion: 'reduce' })]
  const look = async (what: string) => { await looking.goto(lin.url()); await isSound(t, looking, what) }

  await lin.goto(`/settings/operators/${id}`)
  await look('an operator')
  await lin.fill('#email', 'admin@example.com')
  await lin.click('text=Save')
  t.match(await lin.textContent('#email-error'), 'There is an account with this e-mail already')
  await lin.goto(`/settings/operators/${id}`)
  await lin.click('main a:text-is("Remove")')
  t.match(await lin.textContent('main'), email)
  await look('what goes and what stays')
  await lin.click('text=Remove the operator')
  await lin.waitForURL(/\/settings\/operators$/)
  t.match(await lin.textContent('main'), /1 operator/)

  await lin.goto(`/settings/operators/${id}`)
  await look('what a removed operator left')
  await lin.click('text=Take over')
  t.match(await lin.textContent('h1'), 'Take over Of Zhao alone')
  await look('taking over an audience')
  await lin.click('text=Take it over')
  await lin.waitForURL(/\/audiences\/\d+$/)
  t.match(await lin.textContent('main'), /yours · private/)
  await lin.goto('/audiences')
  await lin.click('text=Shared by Zhao')
  t.match(await lin.textContent('main'), '(removed)')
  await look('an audience whose owner is gone')
  await lin.click('text=Take over')
  await lin.click('text=Take it over')
  await lin.waitForURL(/\/audiences\/\d+$/)
  t.match(await lin.textContent('main'), /yours · shared/)
  t.same(complaints, [])
})

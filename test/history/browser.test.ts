import t from 'tap'
import { findsNothing, openConsole, staysInside } from '../browser/console.ts'
import { fillWorld } from './acts.ts'

t.test('history and undo in a browser', { timeout: 280_000 }, async (t) => {
  const { world: app, signedIn, open, complaints } = await openConsole(t)
  const { act, shows } = await fillWorld(app)
  await act(['1'], { city: { mode: 'set', value: '宁波市' }, member_level: { mode: 'set', value: null } })
  await act(['1', '2'], { '1.likes': { mode: 'add', value: ['golf'] } }, { kind: 'batch', title: 'Batch tag', policy: 'until_import', always: true })
  await act(['1'], { '2.note': { mode: 'set', value: 'A note that goes on and on, about what this person said on the phone, and a_word_that_is_so_long_that_it_does_not_fit_into_any_cell' } })
  for (let n = 0; n < 25; n++) await act(['1'], { city: { mode: 'set', value: `Town ${n}` } })
  const page = await signedIn()

  await t.test('the history of a user: more of it, and a value taken back', async (t) => {
    await page.goto('/users/1')
    await page.getByRole('link', { name: 'History' }).click()
    await page.waitForSelector('tbody tr')
    await findsNothing(t, page, 'history of a user')
    const rows = () => page.locator('tbody tr:not(#history-more)').count()
    t.equal(await rows(), 20)
    await page.click('#history-more a')
    await page.waitForSelector('tbody tr:nth-child(28)')
    t.equal(await page.locator('#history-more').count(), 0, 'no more then')
    await findsNothing(t, page, 'with more of it')
    await page.getByRole('button', { name: /^Undo\s*: Edit City/ }).first().click()
    await page.waitForSelector('#flash .notice')
    t.match(await page.textContent('#flash'), '1 value was put back.')
    t.match(page.url(), /\/users\/1\?side=history$/, 'the page stays')
    t.equal(await shows('1', 'city'), 'Town 23')
    t.match(await page.textContent('tbody tr:nth-child(2)'), 'taken back')
    await page.getByRole('link', { name: 'Identity information' }).click()
    await page.waitForURL(/tab=identity/)
    t.equal(await page.getByRole('heading', { name: 'History' }).count(), 1, 'the other side stays when tabs change')
  })

  await t.test('a batch says first what will go', async (t) => {
    await page.goto('/settings/history?kind=batch')
    await findsNothing(t, page, 'history')
    await page.getByRole('link', { name: /^Undo\s*: Batch tag Likes/ }).click()
    await page.waitForURL(/\/history\/\d+\/undo/)
    await findsNothing(t, page, 'what will go')
    t.match(await page.textContent('main'), /2\s*users concerned|users concerned\s*2/)
    await page.getByRole('button', { name: 'Put back 2 values' }).click()
    await page.waitForURL(/\/settings\/history\?kind=batch/)
    t.match(await page.textContent('#flash'), '2 values were put back.')
    t.same(await shows('1', '1.likes'), ['tea', 'hiking'])
  })

  await t.test('filters by keyboard, an entry, and how long it is kept', async (t) => {
    await page.goto('/settings/history')
    await page.focus('#user')
    await page.keyboard.type('2')
    await page.keyboard.press('Enter')
    await page.waitForURL(/user=2/)
    t.equal(await page.locator('tbody tr').count(), 2)
    await page.fill('#user', 'x')
    await page.click('main button[type=submit]')
    await page.waitForSelector('#user-error')
    await findsNothing(t, page, 'a filter that is wrong')
    await page.goto('/settings/history?kind=batch')
    await page.locator('tbody th a').first().click()
    await page.waitForURL(/\/settings\/history\/\d+$/)
    await findsNothing(t, page, 'entry')
    await page.goto('/settings/history/keeping')
    await findsNothing(t, page, 'how long it is kept')
    await page.selectOption('#days', '365')
    await page.click('main button[type=submit]')
    await page.waitForURL(/\/settings\/history$/)
    t.match(await page.textContent('main .page-head'), 'Kept for 1 year')
  })

  await t.test('on a phone, in the dark, without the script', async (t) => {
    const cookies = await page.context().cookies()
    for (const [what, options] of [['on a phone', { viewport: { width: 390, height: 844 } }], ['in the dark', { colorScheme: 'dark' }], ['without the script', { javaScriptEnabled: false }]] as const) {
      const other = await open(options)
      await other.context().addCookies(cookies)
      for (const path of ['/users/1?side=history', '/settings/history', '/settings/history/4', '/settings/history/keeping']) {
        await other.goto(path)
        if (what !== 'without the script') {
          await findsNothing(t, other, `${path} ${what}`)
          await staysInside(t, other, `${path} ${what}`)
        }
      }
      if (what !== 'without the script') continue
      await other.goto('/users/1?side=history')
      await other.click('#history-more a')
      await other.waitForURL(/before=/)
      t.match(await other.textContent('main'), 'Batch tag Likes')
      await other.goto('/users/1?side=history')
      await other.getByRole('button', { name: /^Undo\s*: Edit City/ }).first().click()
      await other.waitForSelector('#flash .notice')
      t.match(await other.textContent('#flash'), '1 value was put back.')
    }
  })
  t.same(complaints, [])
})

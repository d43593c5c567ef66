import t from 'tap'
import { findsNothing, openConsole } from '../browser/console.ts'
import { open, row, shows, value } from './editors.ts'
import { makeWorld } from './world.ts'

t.test('editing a value in place', { timeout: 300_000 }, async (t) => {
  const { world, signedIn, complaints } = await openConsole(t)
  await makeWorld(world)
  const page = await signedIn()
  const focused = () => page.evaluate('document.activeElement.id')
  const decisions = async () => (await world.pool.query('select count(*)::int as n from overrides')).rows[0].n as number
  const begin = async (text: string, code = 'city') => {
    await page.goto('/users/2')
    await open(page, code)
    await page.fill(value(code), text)
  }

  t.test('Enter saves, and the focus stays', async (t) => {
    await begin('Bonn')
    await findsNothing(t, page, 'open editor')
    await page.keyboard.press('Enter')
    await shows(t, page, 'city', 'Bonn', 'shown at once')
    t.equal(await focused(), value('city').slice(1))
    t.match(await page.textContent('#flash'), 'City set for Olivia.')
    t.ok(await page.isVisible('#flash button:has-text("Undo")'))
    await page.click(`${row('city')} summary`)
    t.match(await page.textContent(`${row('city')} .override-facts`), /Source value\s*Berlin, Shop members/)
    await findsNothing(t, page, 'details of a hand-set value')
  })

  t.test('a click elsewhere saves', async (t) => {
    await begin('Köln')
    await page.click('h1')
    await shows(t, page, 'city', 'Köln', 'saved')
    t.not(await focused(), value('city').slice(1), 'the focus is where the click was')
  })

  t.test('Tab saves and leads to the next value', async (t) => {
    await begin('Essen')
    await page.keyboard.press('Tab')
    await shows(t, page, 'city', 'Essen', 'saved')
    t.equal(await focused(), value('province').slice(1))
    await page.keyboard.press('Enter')
    await page.waitForSelector(`${value('province')}[name=value]:focus`)
    await page.keyboard.press('Shift+Tab')
    await page.waitForSelector(`button${value('province')}`)
    t.ok(String(await focused()).includes('city') || await page.evaluate(`document.activeElement.closest("${row('city')}") !== null`), 'and back')
  })

  t.test('Esc leaves it as it was', async (t) => {
    const before = await decisions()
    await begin('nonsense')
    await page.keyboard.press('Escape')
    await shows(t, page, 'city', 'Essen', 'as it was')
    t.equal(await focused(), value('city').slice(1))
    await open(page, 'city')
    await page.fill(value('city'), 'nonsense')
    await page.click(`${row('city')} [data-cancel]`)
    await shows(t, page, 'city', 'Essen', 'the cross too')
    t.equal(await decisions(), before)
  })

  t.test('an untouched editor closes without a word when it is left', async (t) => {
    const before = await decisions()
    await page.goto('/users/2')
    await open(page, 'city')
    await page.click('h1')
    await shows(t, page, 'city', 'Essen', 'shown')
    t.equal((await page.textContent('#flash'))!.trim(), '')
    t.equal(await decisions(), before)
  })

  t.test('a click on another value saves this one and opens that', async (t) => {
    await begin('Ulm')
    await page.click(`button${value('province')}`)
    await page.waitForSelector(`${value('province')}[name=value]:focus`)
    await shows(t, page, 'city', 'Ulm', 'saved')
    t.equal(await focused(), value('province').slice(1), 'and leaves the focus there')
    await page.keyboard.press('Escape')
  })

  t.test('a click on a link saves first; what cannot be saved holds it', async (t) => {
    await begin('Kiel')
    await page.click('.back-link')
    await page.waitForURL(/\/users$/)
    await page.goto('/users/2')
    await shows(t, page, 'city', 'Kiel', 'saved')
    await begin('-1', 'age')
    await page.click('#tab-identity')
    await page.waitForSelector(`${row('age')} .field-error`)
    t.equal(await page.inputValue(value('age')), '-1', 'still there, with its message')
    t.equal(await focused(), value('age').slice(1))
    await page.click('.back-link')
    await page.waitForTimeout(300)
    t.match(page.url(), '/users/2')
    await page.fill(value('age'), '31')
    await page.click('#tab-identity')
    await page.waitForSelector('.identity')
    await page.click('#tab-basic')
    await shows(t, page, 'age', '31', 'saved on the way')
  })

  t.test('Back asks before something typed is lost', async (t) => {
    await page.goto('/users')
    await begin('Bremen')
    const asked: string[] = []
    page.once('dialog', (dialog) => { asked.push(dialog.type()); void dialog.dismiss() })
    await page.evaluate('setTimeout(() => history.back(), 0)')
    await page.waitForTimeout(500)
    t.same(asked, ['beforeunload'])
    t.equal(await page.inputValue(value('city')), 'Bremen', 'it stays')
    await page.keyboard.press('Escape')
    await page.waitForSelector(`button${value('city')}`)
    await page.goBack()
    await page.waitForURL(/\/users$/)
  })

  t.test('wrong input stays open with its message, also when it was left', async (t) => {
    await begin('2999-01-01', 'birthday')
    await page.click('h1')
    await page.waitForSelector(`${row('birthday')} .field-error`)
    t.match(await page.textContent(row('birthday')), 'A birthday cannot be in the future.')
    await findsNothing(t, page, 'editor with a message')
    await page.fill('#tag-search', 'golf')
    await page.waitForTimeout(600)
    t.equal(await page.inputValue(value('birthday')), '2999-01-01')
    await page.fill(value('birthday'), '1990-05-01')
    await page.keyboard.press('Enter')
    await shows(t, page, 'birthday', '1990-05-01', 'saved')
  })

  t.test('a search does not take an editor away that holds something unsaved', async (t) => {
    await page.goto('/users/2')
    const value = '[id^=field-tag-]:has-text("Lifetime value") [id$=-value]'
    await page.click(value)
    await page.waitForSelector('.inline-editor')
    await page.fill('.inline-editor [name=value]', 'many')
    await page.fill('#tag-search', 'likes')
    await page.waitForSelector('.inline-editor .field-error')
    await page.waitForTimeout(500)
    t.equal(await page.inputValue('.inline-editor [name=value]'), 'many')
    await page.focus('.inline-editor [name=value]')
    await page.keyboard.press('Escape')
    await page.waitForSelector('.inline-editor', { state: 'detached' })
  })

  t.test('a double click opens one editor, and saves once', async (t) => {
    const before = await decisions()
    await page.goto('/users/2')
    await page.dblclick(`button${value('city')}`)
    await page.waitForSelector(`${value('city')}[name=value]`)
    await page.fill(value('city'), 'Mainz')
    await page.dblclick(`${row('city')} [name=act]`)
    await shows(t, page, 'city', 'Mainz', 'saved')
    t.equal(await decisions(), before + 1)
  })

  t.same(complaints, [], 'the console stays silent')
})

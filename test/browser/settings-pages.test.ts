import t from 'tap'
import { openConsole } from './console.ts'
import { answers, areSound, fill, isSound, pagesOfSettings } from './every-page.ts'

t.test('settings pages and their mistakes are sound for everybody', { timeout: 280_000 }, async (t) => {
  const { world, signedIn, complaints } = await openConsole(t)
  await fill(world)
  const page = await signedIn({ reducedMotion: 'reduce' })
  await areSound(t, page, await pagesOfSettings(world))
  for (const [what, path, act, wait] of answers) {
    await page.goto(path)
    await act(page)
    await page.click('main button[type=submit]:not(.visually-hidden) >> nth=-1')
    await page.waitForSelector(wait)
    await isSound(t, page, what)
  }
  t.same(complaints, [], 'no report of the content security policy, no error of a script')
})

import t from 'tap'
import { launchBrowser } from './chromium.ts'

t.test('the browser of the tests runs here', async (t) => {
  const browser = await launchBrowser()
  const page = await browser.newPage({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' })
  await page.setContent('<h1>你好</h1>')
  t.equal(await page.textContent('h1'), '你好')
  t.equal(await page.evaluate("matchMedia('(prefers-color-scheme: dark) and (width: 390px)').matches"), true)
  await browser.close()
})

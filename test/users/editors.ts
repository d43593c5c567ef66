import type { Page } from 'playwright-core'
import type { Test } from 'tap'

/** The row of an attribute on the profile. */
export const row = (code: string) => `#field-attribute-${code}`
/** Its value: the button that shows it, or the control of its editor. */
export const value = (code: string) => `${row(code)}-value`

/** Opens the editor of a value by a click. */
export async function open(page: Page, code: string): Promise<void> {
  await page.click(`button${value(code)}`)
  await page.waitForSelector(`${value(code)}[name=value]`)
}

/** Waits until a value is shown, not edited, and says this. */
export async function shows(t: Test, page: Page, code: string, text: string, what: string): Promise<void> {
  await page.waitForSelector(`button${value(code)}`)
  t.match(await page.textContent(`button${value(code)}`), text, what)
}

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'

const root = join(import.meta.dirname, '../..')

// The package unpacks into TMPDIR and, by default, leaves out the libraries that small systems lack.
const unpack = `
import chromium, { inflate } from '@sparticuz/chromium'
await chromium.executablePath()
await inflate('node_modules/@sparticuz/chromium/bin/al2023.tar.br')`

/** The folder of the unpacked browser; unpacked once for a user and version, as a whole. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8')) as { version: string }
  const folder = join(tmpdir(), `user-360-chromium-${version}-${process.getuid?.() ?? 0}`)
  if (existsSync(folder)) return folder
  const work = await mkdtemp(`${folder}.`)
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', unpack], { cwd: root, env: { ...process.env, TMPDIR: work } })
    // Another test file may have been quicker.
    await rename(work, folder).catch((error: unknown) => { if (!existsSync(folder)) throw error })
    return folder
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** A headless Chromium from npm: needs no browser and no library of the system. Close it at the end of the test. */
export async function launchBrowser(): Promise<Browser> {
  const folder = await unpacked()
  return chromium.launch({
    executablePath: join(folder, 'chromium'), headless: true,
    // No sandbox: tests run as root too, and open only our own pages. No zygote goes with it.
    args: ['--headless=shell', '--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none'],
    env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023/lib') } as Record<string, string>
  })
}

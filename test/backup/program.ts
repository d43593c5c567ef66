import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'

export const root = join(import.meta.dirname, '../..')

/** A program of ours as a process of its own. */
export function start(t: Test, command: string, env: Record<string, string>, args: string[] = []) {
  const child = spawn(process.execPath, [join(root, command), ...args], { cwd: root, env: { PATH: process.env['PATH'], PORT: '0', NODE_NO_WARNINGS: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => { child.kill('SIGKILL') })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { output += data.toString() })
  return { child, output: () => output, ended: once(child, 'close').then(([status]) => status as number) }
}

/** Its exit status and all that it said. */
export async function run(t: Test, command: string, env: Record<string, string>, ...args: string[]): Promise<{ status: number; output: string }> {
  const { ended, output } = start(t, command, env, args)
  return { status: await ended, output: output() }
}

export async function serving(program: ReturnType<typeof start>): Promise<void> {
  while (!program.output().includes('Listening at')) {
    if (program.child.exitCode !== null) throw new Error(program.output())
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
}

export const backup = 'src/backup/cli.ts'
export const restore = 'src/restore/cli.ts'

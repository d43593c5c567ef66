import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

type Test = { teardown(fn: () => unknown): unknown }

/** False on a machine without kcat; `npm test` runs anywhere, `.ci/run` installs it. */
export const hasKcat = spawnSync('kcat', ['-V']).status === 0
/** Said instead of the tests that need a broker. */
export const skip = hasKcat ? false : 'kcat, whose mock broker these tests talk to, is not on this machine (Debian package kcat)'

export interface Received { key: string; value: string; headers: string[]; partition: number }
export interface MockBroker { address: string; received: Received[]; lines: number; kill(signal?: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void }

/** librdkafka's mock broker, and its own consumer of the topic users. */
export function startBroker(t: Test): Promise<MockBroker> {
  const child: ChildProcess = spawn('kcat', ['-C', '-b', '127.0.0.1:1', '-X', 'test.mock.num.brokers=1', '-X', 'fetch.wait.max.ms=50', '-t', 'users', '-u', '-J', '-d', 'mock'], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => { child.kill('SIGKILL') })
  const broker: MockBroker = { address: '', received: [], lines: 0, kill: (signal = 'SIGKILL') => { child.kill(signal) } }
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const { key, payload, headers, partition } = JSON.parse(line) as { key: string; payload: string; headers?: string[]; partition: number }
    broker.received.push({ key, value: payload, headers: headers ?? [], partition })
  })
  return new Promise((resolve, reject) => {
    child.on('exit', () => { reject(new Error('the mock broker ended')) })
    createInterface({ input: child.stderr! }).on('line', (line) => {
      broker.lines++
      const address = /bootstrap\.servers=(\S+)/.exec(line)?.[1]
      if (address) broker.address = address
      // Its consumer knows the partitions: nothing that is sent from now on is missed.
      if (/Topic users \[3\] returning offset/.test(line)) resolve(broker)
    })
  })
}

export async function waitFor(done: () => boolean, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!done()) {
    if (Date.now() > end) throw new Error('waited in vain')
    await new Promise((resolve) => { setTimeout(resolve, 20) })
  }
}

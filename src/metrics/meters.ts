import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Answered } from '../http/time-answers.ts'
import type { Numbers } from './queries.ts'

/** Size of the pool that pages read with. */
export interface PoolSize { totalCount: number; idleCount: number; waitingCount: number }

export interface Meters {
  answered(request: Answered): void
  /** Everything in Prometheus's text format. `numbers`: what the database told, null where it did not answer. */
  text(numbers: Numbers | null, pool: PoolSize): Promise<string>
  contentType: string
}

/** From a page served from memory to one that gave up on the database. */
const secondsUpTo = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What /metrics tells, under names as Prometheus recommends them (https://prometheus.io/docs/practices/naming/). */
export function openMeters(): Meters {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({ name: 'user360_http_request_duration_seconds', help: 'Time until a request was answered whole.', labelNames: ['method', 'route', 'status'], buckets: secondsUpTo, registers })
  const gauge = (name: string, help: string, labelNames: string[] = []) => new Gauge({ name: `user360_${name}`, help, labelNames, registers })
  const counter = (name: string, help: string, labelNames: string[] = []) => new Counter({ name: `user360_${name}`, help, labelNames, registers })
  const up = gauge('database_up', 'Whether the database answered: 1 or 0.')
  const pool = gauge('pool_connections', 'Connections that pages read with, and requests that wait for one.', ['state'])
  const backends = gauge('database_connections', 'Connections to the database by program and state.', ['program', 'state'])
  const open = gauge('jobs', 'Jobs that wait or are at work.', ['kind', 'status'])
  const ended = counter('jobs_ended_total', 'Jobs that ended, by how.', ['kind', 'status'])
  const seconds = counter('job_seconds_total', 'Time that ended jobs took.', ['kind'])
  const rows = counter('import_rows_total', 'Rows of finished imports, by what became of them.', ['outcome'])
  const last = gauge('import_last_success_timestamp_seconds', 'When a source was last imported.', ['source'])
  const single = { users: gauge('users', 'Users after ID mapping.'), alerts: gauge('alerts', 'Alerts that are open.') }
  const fromDatabase = [backends, open, ended, seconds, rows, last, ...Object.values(single)]

  return {
    contentType: registry.contentType,
    answered({ seconds: took, ...labels }) { requests.observe(labels, took) },
    async text(numbers, size) {
      up.set(numbers ? 1 : 0)
      for (const [state, count] of [['total', size.totalCount], ['idle', size.idleCount], ['waiting', size.waitingCount]] as const) pool.set({ state }, count)
      // What is gone must not stay at its last value.
      for (const meter of fromDatabase) meter.reset()
      if (numbers) {
        for (const { program, state, count } of numbers.connections) backends.set({ program, state }, count)
        for (const { kind, status, count } of numbers.open) open.set({ kind, status }, count)
        for (const one of numbers.ended) {
          ended.inc({ kind: one.kind, status: one.status }, one.count)
          seconds.inc({ kind: one.kind }, one.seconds)
        }
        for (const [outcome, count] of Object.entries(numbers.rows)) rows.inc({ outcome }, count)
        for (const { alias, at } of numbers.imported) last.set({ source: alias }, at)
        single.users.set(numbers.users)
        single.alerts.set(numbers.alerts)
      }
      return registry.metrics()
    }
  }
}

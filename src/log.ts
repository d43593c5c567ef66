import Fastify, { type FastifyBaseLogger, type FastifyRequest } from 'fastify'
import type { LogLevel } from './config.ts'
import { loggedError } from './logged-error.ts'

interface Line { level: number; time: number; msg?: string; err?: { message?: string; stack?: string }; req?: { method?: string; url?: string }; res?: { statusCode?: number }; responseTime?: number }

const names: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }

/** One line for people at a terminal; machines get JSON. */
function readable(text: string): string {
  const line = JSON.parse(text) as Line
  const request = line.req ? ` ${line.req.method} ${line.req.url}` : ''
  const answer = line.res ? ` ${line.res.statusCode} in ${line.responseTime?.toFixed(1)} ms` : ''
  const error = line.err ? `\n${line.err.stack ?? line.err.message}` : ''
  return `${new Date(line.time).toTimeString().slice(0, 8)} ${(names[line.level] ?? '').padEnd(5)} ${line.msg ?? ''}${request}${answer}${error}\n`
}

export type Log = FastifyBaseLogger

const standardOutput = process.stdout.isTTY ? { write: (text: string) => { process.stdout.write(readable(text)) } } : process.stdout

/**
 * The process's log, on standard output. In no line stands what a query asks for, which may be the name or number of a person, nor the
 * token of a one-time link or of one to unsubscribe.
 */
export function openLog(level: LogLevel, stream: { write(text: string): void } = standardOutput): Log {
  const req = ({ method, url, host, ip }: FastifyRequest) => ({ method, url: url.replace(/\?.*$/, '').replace(/^(\/invitations\/|\/unsubscribe\/).+/, '$1...'), host, remoteAddress: ip })
  // Fastify brings the logger; this instance is made for nothing else.
  return Fastify({ logger: { level, stream, serializers: { req, err: loggedError } } }).log
}

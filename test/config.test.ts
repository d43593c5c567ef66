import { resolve } from 'node:path'
import t from 'tap'
import { ConfigProblems, loadConfig } from '../src/config.ts'

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems
    throw error
  }
  return []
}

t.test('an empty environment gives a console for this machine alone, with the embedded database', async (t) => {
  const config = loadConfig({})
  t.match(config, { databaseUrl: undefined, dataDir: resolve('data'), port: 3600, host: '127.0.0.1', logLevel: 'info', aesKey: undefined, sessionSecret: undefined, secureCookies: 'auto', trustProxy: ['loopback'], production: true })
  t.ok(config.timeZone)
  t.ok(Object.isFrozen(config))
})

t.test('every setting is read', async (t) => {
  const config = loadConfig({
    DATABASE_URL: 'postgres://a:b%40c@db:5432/console', DATA_DIR: '/srv/data', PORT: '80', HOST: '0.0.0.0', TZ: 'Asia/Shanghai', LOG_LEVEL: 'WARN',
    AES_KEY: '0123456789abCDEF', SESSION_SECRET: 's'.repeat(32), SECURE_COOKIES: 'true', TRUST_PROXY: '10.0.0.5, fd00::/8,uniquelocal', METRICS_TOKEN: 'm'.repeat(16), NODE_ENV: 'development',
    SMTP_URL: 'smtps://a:b%40c@mail.example.com', MAIL_FROM: 'User 360 <console@example.com>', PUBLIC_URL: 'https://Console.example.com/', PRIVATE_RANGES: '10.1.0.0/16, fd00:1::/32'
  })
  t.same(config, {
    databaseUrl: 'postgres://a:b%40c@db:5432/console', dataDir: '/srv/data', port: 80, host: '0.0.0.0', timeZone: 'Asia/Shanghai', logLevel: 'warn',
    aesKey: '0123456789abCDEF', sessionSecret: 's'.repeat(32), secureCookies: true, trustProxy: ['10.0.0.5', 'fd00::/8', 'uniquelocal'], metricsToken: 'm'.repeat(16), production: false,
    smtpUrl: 'smtps://a:b%40c@mail.example.com', mailFrom: 'User 360 <console@example.com>', publicUrl: 'https://console.example.com', privateRanges: ['10.1.0.0/16', 'fd00:1::/32']
  })
  t.equal(loadConfig({ DATA_DIR: 'here' }).dataDir, resolve('here'))
  t.equal(loadConfig({ PORT: '', TZ: ' ' }).port, 3600, 'an empty variable counts as unset')
})

t.test('all mistakes are listed at once, in words', async (t) => {
  const problems = problemsOf({ DATABASE_URL: 'mysql://root:geheim@x/y', PORT: '70000', HOST: 'a b', TZ: 'Mars/Olympus', LOG_LEVEL: 'loud', AES_KEY: 'XYZ', SESSION_SECRET: 'short', SECURE_COOKIES: 'maybe', TRUST_PROXY: 'everybody', SMTP_URL: 'http://root:geheim@mail', MAIL_FROM: 'nobody', PUBLIC_URL: 'https://console.example.com/users', PRIVATE_RANGES: '10.0.0.0/33', METRICS_TOKEN: 'too short' })
  t.equal(problems.length, 14)
  t.same(problems.map((line) => line.split(':')[0]), ['DATABASE_URL', 'PORT', 'HOST', 'TZ', 'LOG_LEVEL', 'AES_KEY', 'SESSION_SECRET', 'SECURE_COOKIES', 'TRUST_PROXY', 'SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL', 'PRIVATE_RANGES', 'METRICS_TOKEN'])
  t.match(problemsOf({ SMTP_URL: 'smtp://mail.example.com' }), [/^MAIL_FROM: it is needed where SMTP_URL is set/])
  t.match(problems.find((line) => line.startsWith('TZ')), /"Mars\/Olympus" is not a time zone. Write a name such as/)
  t.notMatch(problems.join(), /geheim|short|XYZ/, 'secrets are not repeated')
  t.match(new ConfigProblems(problems).message, /^The configuration has 14 problems:\n {2}- DATABASE_URL: /)
  for (const wrong of ['x', '-1', '1e3', '65536', '80.5']) t.equal(problemsOf({ PORT: wrong }).length, 1, `port ${wrong}`)
  for (const wrong of ['not an address', 'postgres://host:1', 'http://host/db']) t.equal(problemsOf({ DATABASE_URL: wrong }).length, 1, wrong)
  for (const wrong of ['10.0.0.5/33', '10.0.0.0/0', '::/129', '10.0.0', '10.0.0.5/', 'proxy.example.com', '-1', '11', '1.5', 'fe80::1%eth0', 'true', ',']) t.equal(problemsOf({ TRUST_PROXY: wrong }).length, 1, `proxy ${wrong}`)
  for (const [right, read] of [['0', 0], ['2', 2], ['::1/128 192.168.0.0/16', ['::1/128', '192.168.0.0/16']]] as const) t.same(loadConfig({ TRUST_PROXY: right }).trustProxy, read, `proxy ${right}`)
})

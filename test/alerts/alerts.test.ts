import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import t from 'tap'
import { mailAlerts } from '../../src/alerts/mail-alerts.ts'
import { endAlert, raiseAlert } from '../../src/alerts/queries.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import { JobStopped } from '../../src/jobs/job.ts'
import { runJob } from '../../src/jobs/run-job.ts'
import { openMailer } from '../../src/mail/mailer.ts'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'

const alert = { subject: 'import:1', permission: 'imports' as const, message: 'The import of Shop members', href: '/settings/sources/1' }

t.test('who holds the permission is told until it works again or somebody dismisses it', async (t) => {
  const app = await build(t)
  const importer = (await signInWith(app, await makeRole(app, { permissions: ['imports', 'user_360.view'] }))).as
  const other = (await signInWith(app, await makeRole(app, { permissions: ['user_360.view'] }))).as
  await raiseAlert(app.db, { ...alert, message: 'The import of Shop members failed: <no file>.' })
  await raiseAlert(app.db, { ...alert, message: 'The import of Shop members failed: <no file>.' })
  const shown = await importer({ url: '/users?page=2' })
  t.match(shown.body, /alert-banner[\s\S]*The import of Shop members failed: &lt;no file&gt;\.[\s\S]*href="\/settings\/sources\/1"[\s\S]*name="to" value="\/users\?page=2"/)
  t.equal(shown.body.match(/alert-banner/g)?.length, 1, 'one banner for one thing')
  t.notMatch((await other({ url: '/users' })).body, /alert-banner/)
  t.equal((await other({ method: 'POST', url: '/alerts/1/dismissal' })).statusCode, 404, 'and cannot dismiss what is not told')
  t.match((await app.as({ url: '/settings/alerts' })).body, /2 times since/)

  const dismissed = await importer({ method: 'POST', url: '/alerts/1/dismissal', form: { to: '//evil.example/' } })
  t.match(dismissed, { statusCode: 303, headers: { location: '/settings/alerts' } }, 'leads nowhere else')
  t.notMatch((await importer({ url: '/users' })).body, /alert-banner/)
  t.match((await app.as({ url: '/settings/alerts' })).body, /dismissed/)
  t.equal((await importer({ method: 'POST', url: '/alerts/1/dismissal' })).statusCode, 404)
  t.equal((await importer({ method: 'POST', url: '/alerts/99999999999/dismissal' })).statusCode, 404)
})

t.test('a job that nobody waits for tells that it failed, and that it works again', async (t) => {
  const app = await build(t)
  const open = () => app.db.selectFrom('alerts').select(['message', 'times', 'ended_by']).where('ended_at', 'is', null).execute()
  const handlers = { test: async (_context: unknown, payload: { fails: string }) => { if (payload.fails === 'stop') throw new JobStopped('The file is gone.'); if (payload.fails) throw new Error('secret of the log') } }
  const run = async (fails: string, payload: object = { alert }) => {
    const id = await insertJob(app.db, { kind: 'test', title: 'test', payload: { fails, ...payload }, operatorId: null })
    await runJob({ pool: app.pool, dataDir: '', aesKey: null, timeZone: 'UTC', log: { info() {}, error() {} } }, handlers as never, id)
  }
  await run('stop', {})
  t.same(await open(), [], 'somebody waits for this one')
  await run('stop')
  t.same(await open(), [{ message: 'The import of Shop members was stopped: The file is gone.', times: 1, ended_by: null }])
  await run('yes')
  t.match(await open(), [{ message: /^The import of Shop members failed: It failed and changed nothing/, times: 2 }])
  t.notMatch((await open())[0]?.message, /secret/)
  await run('')
  t.same(await open(), [])
})

t.test('alerts are mailed once, to the addresses of the settings', async (t) => {
  const app = await build(t)
  const received: { to: string[]; text: string }[] = []
  let refuses = true
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'], authOptional: true, logger: false,
    onRcptTo(_address, _session, done) { done(refuses ? new Error('not now') : null) },
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => { text += chunk.toString() })
      stream.on('end', () => { received.push({ to: session.envelope.rcptTo.map(({ address }) => address), text }); done() })
    }
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => new Promise<void>((resolve) => { server.close(() => { resolve() }) }))
  const settings = { db: app.db, mailer: openMailer({ url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, from: 'console@example.com' }), publicUrl: 'https://console.example.com', log: { warn() {} } }

  await raiseAlert(app.db, { ...alert, message: 'The import of Shop members failed.' })
  t.equal(await mailAlerts(settings), 0, 'nobody is to be told')
  const wrong = await app.as({ method: 'POST', url: '/settings/alerts/addresses', form: { addresses: 'ops@example.com, nobody' } })
  t.equal(wrong.statusCode, 422)
  t.match(wrong.body, /ops@example\.com, nobody<\/textarea>[\s\S]*nobody is not an e-mail address/)
  t.equal((await app.as({ method: 'POST', url: '/settings/alerts/addresses', form: { addresses: 'ops@example.com\r\nlin@example.com' } })).statusCode, 303)
  t.equal(await mailAlerts(settings), 0, 'the server does not take them')
  refuses = false
  t.equal(await mailAlerts(settings), 2)
  t.same(received.map(({ to }) => to), [['ops@example.com'], ['lin@example.com']])
  t.match(received[0]?.text, /Subject: .*The import of Shop members failed\.[\s\S]*https:\/\/console\.example\.com\/settings\/sources\/1/)
  await raiseAlert(app.db, { ...alert, message: 'The import of Shop members failed.' })
  t.equal(await mailAlerts(settings), 0, 'told once while it lasts')
  await endAlert(app.db, { subject: alert.subject }, null)
  await raiseAlert(app.db, alert)
  t.equal(await mailAlerts(settings), 2, 'and anew when it comes again')
})

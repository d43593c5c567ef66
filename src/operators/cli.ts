import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { openDatabase, openPool } from '../db/database.ts'
import { openRuntime } from '../db/open-runtime.ts'
import { problemOfEmail } from './forms.ts'
import { addOperator, resetPassword } from './give-password.ts'

const usage = `Accounts of the console, for who is locked out:
  npm run operators -- add EMAIL [--name "NAME"] [--role "ROLE"]   make an account; an administrator where no role is named
  npm run operators -- reset EMAIL [--two-step]                    give a new one-time password, and turn two-step sign-in off`

/** The command line. Answers the exit status; what people asked for goes to standard output, everything else beside it. */
async function main(args: string[]): Promise<number> {
  let parsed
  try {
    parsed = parseArgs({ args, allowPositionals: true, options: { name: { type: 'string' }, role: { type: 'string' }, 'two-step': { type: 'boolean' } } })
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`)
    return 2
  }
  const [command, email = '', ...rest] = parsed.positionals
  const problem = problemOfEmail(email)
  if ((command !== 'add' && command !== 'reset') || rest.length > 0 || problem) {
    console.error(email && problem ? `${email}: ${problem}\n\n${usage}` : usage)
    return 2
  }
  const runtime = await openRuntime(loadConfig(process.env), (message) => { console.error(message) })
  const db = openDatabase(openPool(runtime.url, { max: 2, name: 'user-360-operators' }))
  try {
    const password = command === 'add' ? await addOperator(db, { email, name: parsed.values.name?.trim() || email, role: parsed.values.role }) : await resetPassword(db, email, { twoStep: parsed.values['two-step'] ?? false })
    console.log(`One-time password of ${email}: ${password}`)
    console.log('It must be changed at the next sign-in.')
    return 0
  } finally {
    await db.destroy()
    await runtime.stop()
  }
}

main(process.argv.slice(2)).then((status) => { process.exitCode = status }, (error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})

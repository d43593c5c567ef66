import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { verifyPassword } from './passwords.ts'
import { registerAccount } from './routes/account.ts'
import { registerCode } from './routes/code.ts'
import { registerInvitations } from './routes/invitations.ts'
import { registerOperator } from './routes/operator.ts'
import { registerOperatorList } from './routes/operators.ts'
import { registerSetUp } from './routes/set-up.ts'
import { registerSignIn } from './routes/sign-in.ts'
import { registerTwoStep } from './routes/two-step.ts'

export async function registerOperators(app: FastifyInstance, services: Services): Promise<void> {
  registerSignIn(app, services)
  registerAccount(app, services)
  registerSetUp(app, services)
  registerCode(app, services)
  registerInvitations(app, services)
  registerTwoStep(app, services)
  registerOperatorList(app, services)
  registerOperator(app, services)
  // Prepares the hash that unknown accounts are compared with: the first of them must not take longer.
  await verifyPassword('', undefined)
}

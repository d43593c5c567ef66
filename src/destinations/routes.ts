import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerAddresses } from './routes/addresses.ts'
import { registerDestinationForms } from './routes/form.ts'
import { registerDestinationList } from './routes/list.ts'
import { registerTests } from './routes/tests.ts'
import { registerUnsubscribing } from './routes/unsubscribe.ts'

export async function registerDestinations(app: FastifyInstance, services: Services): Promise<void> {
  registerDestinationList(app, services)
  registerDestinationForms(app, services)
  registerTests(app, services)
  registerAddresses(app, services)
  registerUnsubscribing(app, services)
}

import type { Samples } from '../../http/views.ts'
import { firstToken } from '../forms.ts'
import type { Token } from '../queries.ts'
import { tokensModel } from '../views.ts'

const now = new Date('2026-11-23T10:00:00Z')
const token: Token = { id: 7, operatorId: 1, operator: 'Lin Yating', operatorOff: false, name: 'Shop', prefix: 'u360_aB3dE9', permissions: ['user_360.view', 'imports'], createdAt: now, expiresAt: new Date('2027-02-23T10:00:00Z'), lastUsedAt: now, withdrawnAt: null }
const soon: Token = { ...token, id: 8, lastUsedAt: null, expiresAt: new Date('2026-11-25T10:00:00Z') }
const off: Token = { ...token, id: 9, operatorId: 2, operator: 'Zhao Min', operatorOff: true }
const held = new Set(['user_360.view', 'tags.view', 'imports', 'tokens'] as const)
const page = { own: [token, soon], others: [off], held, timeZone: 'Asia/Shanghai', now }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'tokens/list': [
    tokensModel(page, firstToken, {}, { name: 'Shop', secret: 'u360_aB3dE9' }), tokensModel({ ...page, own: [], others: null }, firstToken), tokensModel({ ...page, others: [] }, { ...firstToken, permissions: ['imports'] }, { name: 'Say what it is for.', permission: 'Choose one.' })
  ]
}

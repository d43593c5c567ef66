import type { Samples } from '../../http/views.ts'
import type { FieldLine } from '../describe-schema.ts'
import type { ApiModel, OperationModel } from '../views.ts'

const line: FieldLine = { name: 'id', type: { text: 'text', schema: '' }, required: true, says: 'A user ID.' }
const pointing: FieldLine = { name: 'users[]', type: { text: 'list of Value', schema: 'Value' }, required: false, says: '' }
const operation: OperationModel = {
  id: 'getUser', method: 'GET', path: '/api/v1/users/{id}', summary: 'Read a profile', description: 'As far as this operator sees it.', permission: 'User insight > View', parameters: [line], body: { what: 'Body', fields: [line, pointing] },
  answers: [{ status: '200', says: '', type: { text: 'Value', schema: 'Value' }, fields: [] }, { status: '202', says: 'A file.', type: { text: 'object', schema: '' }, fields: [line] }], curl: 'curl https://console.example.com/api/v1/users/1'
}
const bare: OperationModel = { ...operation, id: 'listFields', description: '', permission: '', parameters: [], body: { what: 'Body, text/csv', fields: [] }, answers: [] }
const model: ApiModel = {
  base: 'https://console.example.com/api/v1', first: 'curl https://console.example.com/api/v1/fields', mayMakeTokens: true, limit: '600 requests in 60 seconds', groups: [{ name: 'Users', id: 'group-users', operations: [operation, bare, { ...bare, id: 'other', body: null }] }],
  problems: [{ id: 'problem-invalid', status: 422, title: 'This cannot be taken', says: 'Nothing was changed.' }],
  schemas: [{ name: 'Value', id: 'schema-Value', says: 'A value.', fields: [line], forms: [] }, { name: 'Condition', id: 'schema-Condition', says: '', fields: [], forms: [{ text: 'and', fields: [pointing] }] }]
}

/** Models for each view, to render it alone. */
export const samples: Samples = { 'api/page': [model, { ...model, mayMakeTokens: false }] }

/** What people call the kinds of acts, in the order of the filter. */
export const kindLabels: Record<string, string> = {
  edit: 'Edit', tag: 'Tag', batch: 'Batch tag', return: 'Return to source', undo: 'Undo', audience: 'Audience', export: 'Export', import: 'Import',
  mapping: 'ID mapping', settings: 'Settings', structure: 'Structure', role: 'Roles', operator: 'Operators', token: 'Tokens', sign_in: 'Sign-in', push: 'Push', look_up: 'Look-up', erase: 'Erasure', job: 'Job'
}

/** What later imports do with a decision. */
export const policyLabels: Record<string, string> = { keep: 'Keep', until_import: 'Until next import', source: 'From the source' }

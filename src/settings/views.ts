import type { Samples } from '../http/views.ts'

export interface SettingsModel { groups: { heading: string; items: { href: string; label: string; text: string }[] }[] }

declare module '../http/views.ts' {
  interface Views { 'settings/index': SettingsModel }
}

/** One line for each page of settings; the same pages as the side navigation (http/shell.ts). */
export const settings: SettingsModel = {
  groups: [{
    heading: 'Data',
    items: [
      { href: '/settings/sources', label: 'Sources', text: 'The tables that were imported: their columns, their runs, and new files.' },
      { href: '/settings/id-types', label: 'ID types', text: 'Which IDs join rows into users, in which order, and what joins nobody.' },
      { href: '/settings/refused-joins', label: 'Refused joins', text: 'Values that could join users but did not, with the rows behind them.' },
      { href: '/settings/attributes', label: 'Attributes', text: 'What is known of a user by name, and which source wins.' },
      { href: '/settings/tags', label: 'Tags', text: 'All tags by group, how many users have them, and their values.' }
    ]
  }, {
    heading: 'Console',
    items: [{ href: '/settings/history', label: 'History', text: 'Who did what and when: edits, tags, imports, settings, sign-ins; to look at, to download, and to take back.' }]
  }]
}

export const samples: Samples = { 'settings/index': settings }

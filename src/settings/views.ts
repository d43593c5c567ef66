import type { Samples } from '../http/views.ts'

export interface SettingsModel { groups: { heading: string; items: { href: string; label: string; text: string }[] }[] }

declare module '../http/views.ts' {
  interface Views { 'settings/index': SettingsModel }
}

/** One line for each page of settings that the operator may open. */
export function settingsModel(groups: readonly { heading: string; items: readonly { href: string; label: string; text: string }[] }[]): SettingsModel {
  return { groups: groups.map(({ heading, items }) => ({ heading, items: items.map(({ href, label, text }) => ({ href, label, text })) })) }
}

export const samples: Samples = {
  'settings/index': [settingsModel([{ heading: 'Data', items: [{ href: '/settings/sources', label: 'Sources', text: 'The tables that were imported.' }] }]), settingsModel([])]
}

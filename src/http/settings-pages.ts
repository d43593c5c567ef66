import { may, type Permission, type RoutePermission } from '../access/permissions.ts'

export interface SettingsPage {
  href: string; label: string
  /** What it holds, in one line. */
  text: string
  permission: RoutePermission
  /** Who has this one instead may open it as well, and finds less there. */
  orElse?: Permission
  /** Beginnings of other addresses that belong to it. */
  also?: readonly string[]
}

/** The pages of settings, as the side navigation and /settings list them. */
const groups: readonly { heading: string; items: readonly SettingsPage[] }[] = [
  {
    heading: 'Data',
    items: [
      { href: '/settings/sources', label: 'Sources', permission: 'sources or imports', also: ['/settings/imports'], text: 'The tables that were imported: their columns, their runs, and new files.' },
      { href: '/settings/runs', label: 'Runs', permission: 'imports', text: 'Imports of all sources: what they did, how long they took, and which come next.' },
      { href: '/settings/connections', label: 'Connections', permission: 'connections', text: 'Databases whose tables and views become sources.' },
      { href: '/settings/id-types', label: 'ID types', permission: 'id_types', text: 'Which IDs join rows into users, in which order, and what joins nobody.' },
      { href: '/settings/refused-joins', label: 'Refused joins', permission: 'id_types', text: 'Values that could join users but did not, with the rows behind them.' },
      { href: '/settings/attributes', label: 'Attributes', permission: 'attributes', text: 'What is known of a user by name, and which source wins.' },
      { href: '/settings/tags', label: 'Tags', permission: 'tags.view', text: 'All tags by group, how many users have them, and their values.' }
    ]
  },
  {
    heading: 'People',
    items: [
      { href: '/settings/operators', label: 'Operators', permission: 'operators', text: 'Who may sign in: their roles, one-time links, switching them off and removing them.' },
      { href: '/settings/roles', label: 'Roles', permission: 'roles', text: 'What operators may do, and which columns and rows of each source they see.' }
    ]
  },
  {
    heading: 'Out',
    items: [
      { href: '/settings/destinations', label: 'Destinations', permission: 'destinations', text: 'Where groups of users can be sent: Kafka, webhooks, e-mail, Data Bank; and who gets no mails.' },
      { href: '/settings/exports', label: 'Exports', permission: 'exports', orElse: 'user_360.export', text: 'Who exported whom, which columns and when; your own files to fetch again.' },
      { href: '/pushes', label: 'Pushes', permission: 'audiences.push or audiences.reach', text: 'What is sent where: runs, what failed, and what repeats.' }
    ]
  },
  {
    heading: 'Console',
    items: [
      { href: '/settings/erasures', label: 'Erasures', permission: 'user_360.erase', text: 'Who was erased and by whom, and whether an import may bring them back.' },
      { href: '/settings/jobs', label: 'Jobs', permission: 'jobs', text: 'What waits, runs and ran, of everybody: cancel it, or let what failed begin anew.' },
      { href: '/settings/alerts', label: 'Alerts', permission: 'jobs', text: 'What went wrong by itself, and who is mailed of it.' },
      { href: '/settings/history', label: 'History', permission: 'history', text: 'Who did what and when: edits, tags, imports, settings, sign-ins; to look at, to download, and to take back.' }
    ]
  }
]

/** The pages that somebody with these permissions may open; a group without one is left out. */
export function settingsFor(who: { permissions: ReadonlySet<Permission> } | null): { heading: string; items: readonly SettingsPage[] }[] {
  if (!who) return []
  return groups.map(({ heading, items }) => ({ heading, items: items.filter((page) => may(who, page.permission) || (page.orElse !== undefined && may(who, page.orElse))) })).filter(({ items }) => items.length > 0)
}

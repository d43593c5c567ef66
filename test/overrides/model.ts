/** A naive model of what users show: rows, decisions and who holds which row number, with no care for speed. */
export type Value = string | string[] | null
export type Field = 'name' | 'city' | 'likes' | 'note' | 'count'
export interface Row { source: number; number: string; cells: Record<Field, Value>; rowTime: number; cellTimes: Record<Field, number> }
export type Policy = 'keep' | 'until_import'
/** A field of one source for tags ('0.note'); an attribute has no source ('city'). */
export type FieldName = string
export interface Decision { order: number; field: FieldName; row: string; value: Value; policy: Policy | 'source'; entry: string; sourceValue: Value; undone: boolean; ended: boolean }

export const attributes: readonly Field[] = ['name', 'city']
export const tags: readonly Field[] = ['likes', 'note', 'count']
export const isAttribute = (field: FieldName) => !field.includes('.')
const sourceOf = (field: FieldName) => Number(field.split('.')[0])
const columnOf = (field: FieldName) => (isAttribute(field) ? field : field.split('.')[1]) as Field

export class Model {
  rows: Row[] = []
  decisions: Decision[] = []
  /** Row number -> user that holds it; from the mapping, which has tests of its own. */
  holders = new Map<string, string>()
  #order = 0

  copy(): Pick<Model, 'rows' | 'decisions'> {
    return structuredClone({ rows: this.rows, decisions: this.decisions })
  }

  rowsOf(user: string, source: number): Row[] {
    return this.rows.filter((row) => row.source === source && this.holders.get(row.number) === user)
  }

  /** Per column the non-empty cell with the latest time, then the greatest row number. */
  #winner(rows: Row[], column: Field, time: (row: Row) => number): Row | undefined {
    return rows.toSorted((a, b) => Number(b.cells[column] !== null) - Number(a.cells[column] !== null) || time(b) - time(a) || Number(b.number) - Number(a.number))[0]
  }

  imported(user: string, field: FieldName): Value {
    const column = columnOf(field)
    if (!isAttribute(field)) return this.#winner(this.rowsOf(user, sourceOf(field)), column, (row) => row.rowTime)?.cells[column] ?? null
    const winner = this.#winner([0, 1].flatMap((source) => this.rowsOf(user, source)), column, (row) => row.cellTimes[column])
    return winner?.cells[column] ?? null
  }

  /** Row number and field: the latest decision that was not undone, unless it is a return or was ended. */
  current(): Decision[] {
    const latest = new Map<string, Decision>()
    for (const decision of this.decisions.filter((one) => !one.undone)) latest.set(`${decision.row} ${decision.field}`, decision)
    return [...latest.values()].filter((one) => one.policy !== 'source' && !one.ended)
  }

  effective(user: string, field: FieldName): Value {
    const shown = this.current().filter((one) => one.field === field && this.holders.get(one.row) === user).toSorted((a, b) => b.order - a.order)[0]
    return shown ? shown.value : this.imported(user, field)
  }

  decide(users: string[], field: FieldName, change: { mode: 'set' | 'add' | 'remove' | 'return'; value: Value }, policy: Policy, always: boolean, entry: string): void {
    for (const user of users.toSorted((a, b) => Number(a) - Number(b))) {
      if (change.mode === 'return') {
        for (const one of this.current().filter((held) => held.field === field && this.holders.get(held.row) === user)) this.#add({ field, row: one.row, value: null, policy: 'source', entry, sourceValue: null })
        continue
      }
      const before = this.effective(user, field)
      const value = changed(before, change)
      if (!always && same(before, value)) continue
      const column = columnOf(field)
      const row = isAttribute(field) ? user : this.#winner(this.rowsOf(user, sourceOf(field)), column, (one) => one.rowTime)?.number ?? user
      this.#add({ field, row, value, policy, entry, sourceValue: this.imported(user, field) })
    }
  }

  #add(decision: Omit<Decision, 'order' | 'undone' | 'ended'>): void {
    this.decisions.push({ ...decision, order: ++this.#order, undone: false, ended: false })
  }

  /** What nothing came after is left out from now on. */
  undo(entry: string): void {
    const own = this.decisions.filter((one) => one.entry === entry && !one.undone)
    const later = this.decisions.filter((one) => one.entry !== entry && !one.undone)
    const open = own.filter((mine) => !mine.ended && !later.some((other) => other.field === mine.field && other.order > mine.order && this.holders.get(other.row) === this.holders.get(mine.row)))
    // Of nobody who is there now: nothing is put back, and the act can be taken back when they are.
    if (open.every((one) => this.holders.get(one.row) === undefined)) return
    for (const one of open) one.undone = true
  }

  /** A run as if it had never been: the rows of its source as before, the decisions it ended as they stood. */
  undoRun(source: number, rows: Row[], ended: Decision[]): void {
    this.rows = [...this.rows.filter((one) => one.source !== source), ...rows]
    for (const one of ended) one.ended = false
  }

  /** After a run: decisions until the next import end where an accepted row of the user has a value. */
  endDecisions(source: number, accepted: Set<string>): Decision[] {
    const ended: Decision[] = []
    for (const one of this.decisions.filter((open) => open.policy === 'until_import' && !open.undone && !open.ended && !isAttribute(open.field) && sourceOf(open.field) === source)) {
      const user = this.holders.get(one.row)
      if (user !== undefined && this.rowsOf(user, source).some((row) => accepted.has(row.number) && row.cells[columnOf(one.field)] !== null)) ended.push(one)
    }
    for (const one of ended) one.ended = true
    return ended
  }
}

function changed(before: Value, { mode, value }: { mode: string; value: Value }): Value {
  if (mode === 'set') return value
  const held = (before ?? []) as string[]
  const given = (value ?? []) as string[]
  const next = mode === 'add' ? [...held, ...given.filter((one) => !held.includes(one))] : held.filter((one) => !given.includes(one))
  return next.length ? next : null
}

export function same(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

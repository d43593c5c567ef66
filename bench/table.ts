/** One line of the result: what was done, how long it took here and bare, what is wanted. Texts are finished. */
export interface Line { work: string; here: string; bare: string; ratio: string; reach: string; met: boolean | null; note: string }

const heads = ['work', 'console', 'bare PostgreSQL', 'ratio', 'to reach', '', 'note']

export class ResultTable {
  readonly lines: Line[] = []

  add(line: Partial<Line> & { work: string; here: string }): void {
    const whole: Line = { bare: '', ratio: '', reach: '', met: null, note: '', ...line }
    this.lines.push(whole)
    console.log(`  ${whole.work}: ${[whole.here, whole.bare && `bare ${whole.bare}`, whole.ratio, whole.reach && `to reach: ${whole.reach}`, verdict(whole), whole.note].filter(Boolean).join(' · ')}`)
  }

  markdown(): string {
    const rows = this.lines.map((line) => [line.work, line.here, line.bare, line.ratio, line.reach, verdict(line), line.note])
    return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
  }

  /** The same, aligned for a terminal. */
  text(): string {
    const rows = [heads, ...this.lines.map((line) => [line.work, line.here, line.bare, line.ratio, line.reach, verdict(line), line.note])]
    const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
    return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')
  }
}

function verdict(line: Line): string {
  return line.met === null ? '' : line.met ? 'reached' : 'missed'
}

export const seconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} s`
export const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`
export const times = (value: number) => `${value.toFixed(2)} x`
export const count = (value: number) => Math.round(value).toLocaleString('en')
export const megabytes = (bytes: number) => `${count(bytes / 1024 / 1024)} MB`

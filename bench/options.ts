import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

const parts = ['import', 'pages', 'access', 'batch', 'decisions', 'export', 'push', 'audiences'] as const
export type Part = (typeof parts)[number]

export interface Options {
  rows: number
  only: Part | null
  /** A folder that keeps files and database for the next time; null: a temporary one. */
  keep: string | null
  /** Where the table is written as Markdown; null: nowhere. */
  markdown: string | null
  /** Statements that take long are listed below each import. */
  statements: boolean
}

const usage = `Usage: npm run bench -- [--rows 1000000] [--only import|pages|access|batch|decisions|export|push|audiences] [--keep DIR] [--markdown FILE] [--statements]
  --rows N         rows of the file (27 columns); 1,000,000 by default
  --only PART      only the imports, only the pages, only what access costs, only a batch tag and its undo, only hand-set values beside saves and runs, only exports, only a push to Kafka, or only audiences (what loads a file does so where a kept folder does not hold it yet)
  --keep DIR       keep files and database there, and use them again the next time
  --markdown FILE  also write the table there
  --statements     list the statements that took longest during each import`

/** Reads the command line; ends the process with the usage where it makes no sense. */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({ args, options: { rows: { type: 'string' }, only: { type: 'string' }, keep: { type: 'string' }, markdown: { type: 'string' }, statements: { type: 'boolean' } } })
    const rows = Number((values.rows ?? '1000000').replaceAll(/[_,]/g, ''))
    if (!Number.isInteger(rows) || rows < 1000) throw new Error('--rows must be a whole number from 1,000 on.')
    const only = parts.find((part) => part === values.only)
    if (values.only !== undefined && !only) throw new Error('--only takes import, pages, access, batch, decisions, export, push or audiences.')
    return { rows, only: only ?? null, keep: values.keep === undefined ? null : resolve(values.keep), markdown: values.markdown === undefined ? null : resolve(values.markdown), statements: values.statements ?? false }
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}

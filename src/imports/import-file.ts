import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { Transaction } from 'kysely'
import type { Catalog } from '../catalog/catalog.ts'
import { getCatalog } from '../catalog/queries.ts'
import { openDatabase, type Database } from '../db/database.ts'
import { insertJob } from '../jobs/queries.ts'
import { runJob, type Workplace } from '../jobs/run-job.ts'
import { Conflict, Invalid } from '../problem.ts'
import { detectFormats } from '../sources/detect-formats.ts'
import { proposeStructure } from '../sources/proposal.ts'
import { getFileFormat } from '../sources/queries.ts'
import { replaceStructure } from '../sources/replace-structure.ts'
import { sampleFile, type SampledFile } from '../sources/sample-file.ts'
import { saveStructure } from '../sources/save-structure.ts'
import { completeStructure, StructureFileProblems, type StructureFile } from '../sources/structure-file.ts'
import { checkStructure, type Structure, type StructureProblem } from '../sources/structure.ts'
import { findRun, hasOpenRun, hasRowNumbers, type Run } from './queries.ts'
import { insertImport } from './queue-import.ts'
import { runImport } from './run-import.ts'

export interface FileImport {
  /** Name of the source; one that is not known yet is made. */
  source: string
  path: string
  /** For a source that is not known; what it does not say is proposed as on the columns page. */
  structure?: StructureFile | null
  whole?: boolean
  operator?: { id: number; name: string } | null
  watch?: (stage: string, done: number, total: number) => void
}

/**
 * Imports a file without the pages, in this process, and answers the run as it ended. The file stays where it is. Throws
 * Invalid, Conflict or StructureFileProblems where the run could not even begin.
 */
export async function importFile(workplace: Workplace, file: FileImport): Promise<Run> {
  const db = openDatabase(workplace.pool)
  const path = resolve(file.path)
  const { size } = await stat(path).then((found) => { if (!found.isFile()) throw new Error('not a file'); return found }).catch(() => { throw new Invalid(`There is no file ${file.path}.`) })
  const { runId, jobId } = await db.transaction().execute(async (trx) => {
    const { sourceId, sample } = await prepareSource(trx, workplace, file, path)
    return insertImport(trx, { sourceId, path, fileName: basename(path), bytes: size, whole: file.whole ?? false, format: sample.format, operator: file.operator ?? null, started: 'command' }, (inner, job) => insertJob(inner, { ...job, origin: 'command' }))
  })
  await runJob(workplace, { import: runImport }, jobId, file.watch)
  return (await findRun(db, runId)) as Run
}

/** The source of that name, made or mended where no run has filled it yet. */
async function prepareSource(trx: Transaction<Database>, workplace: Workplace, file: FileImport, path: string): Promise<{ sourceId: number; sample: SampledFile }> {
  const catalog = await getCatalog(trx)
  const alias = file.source.trim()
  const known = catalog.sources.find((source) => source.alias.toLowerCase() === alias.toLowerCase())
  const sample = await sampleFile(path, known ? { header: (await getFileFormat(trx, known.id)).header ?? true } : {})
  if (sample.unreadable !== null) throw new Invalid(`${basename(path)}: ${sample.unreadable}`)
  if (known?.removing) throw new Conflict(`The source ${known.alias} is being removed.`)
  // Numbers were given to the keys of a source whose first run was undone, so it keeps its key too.
  if (known && (known.rowsTable !== null || !file.structure || (await hasRowNumbers(trx, known.id)))) return { sourceId: known.id, sample }
  const structure = structureOf(sample, alias, catalog, file.structure ?? null, workplace.aesKey !== null)
  if (!known) return { sourceId: await saveStructure(trx, structure, sample.format, file.operator ?? null), sample }
  if (await hasOpenRun(trx, known.id)) throw new Conflict(`A run of ${known.alias} is at work; its structure cannot be changed now.`)
  await replaceStructure(trx, known, structure, sample.format, file.operator ?? null)
  return { sourceId: known.id, sample }
}

function structureOf(sample: SampledFile, alias: string, catalog: Catalog, said: StructureFile | null, hasAesKey: boolean): Structure {
  const proposal = proposeStructure(sample, catalog, alias)
  const structure: Structure = said
    ? completeStructure(said, alias, proposal.columns, catalog.attributes)
    : { alias, keyColumn: proposal.keyColumn ?? '', keyIdType: proposal.columns.find((column) => column.name === proposal.keyColumn && column.kind === 'id')?.idType ?? null, updateTimeColumn: proposal.updateTimeColumn, columns: proposal.columns }
  const { columns, ambiguous } = detectFormats(structure.columns, sample)
  const problems = checkStructure({ ...structure, columns }, { idTypes: catalog.idTypes, attributes: catalog.attributes, hasAesKey, ambiguous })
  if (problems.length) throw new StructureFileProblems(problems.map(inWords))
  return { ...structure, columns }
}

/** The messages of the page, with what the structure file must say. */
function inWords(problem: StructureProblem): string {
  const where = problem.column === undefined ? '' : `Column “${problem.column}”: `
  if (problem.field === 'key') return `${problem.message} Write it as "key": {"column": "…"}.`
  if (problem.field === 'format' && problem.message.startsWith('Choose the order')) return `${where}${problem.message} Write "format": "DMY" (day first), "MDY" (month first) or "YMD" (year first) beside it.`
  return `${where}${problem.message}`
}


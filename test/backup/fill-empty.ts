import pg from 'pg'

interface Column { name: string; type: string; identity: string; generated: string; reference: string | null; choice: string | null }

const samples: Record<string, string> = {
  text: `E'中文 😀 tab\\t line\\n back\\\\slash "quotes" \\x01'`, jsonb: `'{"k": ["é", null, 1.50, {"\\u4e2d": true}]}'`, json: `'{"b": 1,  "a": [ ]}'`, bytea: `'\\x00ff0a5c09'`,
  boolean: 'true', smallint: '7', integer: '70000', bigint: '9007199254740993', numeric: '-12345678901234567890.0900', uuid: `'00000000-0000-4000-8000-00000000abcd'`,
  'timestamp with time zone': `'2026-11-25 01:02:03.456789+08'`, date: `'2024-02-29'`, 'double precision': '0.1'
}

/**
 * Puts a row into each table that has none, made of its types, its references and the words that its checks allow. Answers which were
 * filled, in that order, and for which that was not enough.
 */
export async function fillEmpty(pool: pg.Pool, tables: readonly string[]): Promise<{ filled: string[]; left: string[] }> {
  const filled: string[] = []
  let left: string[] = []
  for (const table of tables.map((name) => pg.escapeIdentifier(name))) if (!(await hasRows(pool, table))) left.push(table)
  // A row may need one of another table that is filled later.
  for (let before = Infinity; left.length < before;) {
    before = left.length
    for (const table of left) if (await fill(pool, table)) filled.push(table)
    left = left.filter((table) => !filled.includes(table))
  }
  return { filled, left }
}

/** Takes those rows out again: a console would not have made them. */
export async function emptyAgain(pool: pg.Pool, filled: readonly string[]): Promise<void> {
  for (const table of filled.toReversed()) await pool.query(`delete from ${table}`)
}

async function hasRows(pool: pg.Pool, table: string): Promise<boolean> {
  const { rows: [found] } = await pool.query<{ any: boolean }>(`select exists (select from ${table}) as any`)
  return found!.any
}

async function fill(pool: pg.Pool, table: string): Promise<boolean> {
  const { rows: columns } = await pool.query<Column>(`select quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as type, a.attidentity as identity, a.attgenerated as generated,
    (select format('(select %I from %s limit 1)', f.attname, k.confrelid::regclass) from pg_constraint k join pg_attribute f on f.attrelid = k.confrelid and f.attnum = k.confkey[1] where k.conrelid = a.attrelid and k.contype = 'f' and k.conkey = array[a.attnum] limit 1) as reference,
    (select substring(pg_get_constraintdef(k.oid) from '''[^'']*''') from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1) as choice
    from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped`, [table])
  const own = columns.filter(({ identity, generated }) => !identity && !generated)
  const values = own.map(({ type, reference, choice }) => reference ?? choice ?? (type.endsWith('[]') ? `array[${samples[type.slice(0, -2)]}, null]::${type}` : samples[type] ?? 'null'))
  return pool.query(`insert into ${table} (${own.map(({ name }) => name).join(', ')}) values (${values.join(', ')})`).then(() => true, () => false)
}

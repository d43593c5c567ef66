interface Statements { run(statement: string, values?: unknown[]): Promise<number> }

/**
 * Gives a copy of a table the statistics of the columns that it shares with it, and looks only at the one that was written anew: a
 * tenth of the time of looking at all. What indexes on expressions know is not copied.
 */
export async function copyStatistics(work: Statements, from: string, to: string, changed: string): Promise<void> {
  const kept = ['null_frac', 'avg_width', 'n_distinct', 'most_common_vals::text', 'most_common_freqs', 'histogram_bounds::text', 'correlation', 'most_common_elems::text', 'most_common_elem_freqs', 'elem_count_histogram']
  await work.run(`select pg_restore_attribute_stats('schemaname', s.schemaname::text, 'relname', $2::text, 'attname', s.attname::text, 'inherited', false${kept.map((one) => `, '${one.replace('::text', '')}', s.${one}`).join('')})
    from pg_stats s where s.schemaname = current_schema() and s.tablename = $1 and s.attname <> $3 and not s.inherited`, [from, to, changed])
  await work.run(`analyze ${to} (${changed})`)
}

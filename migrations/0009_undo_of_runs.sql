-- What the last run of a source keeps, so that it can be taken back: the rows it changed in place ('rows', in before_table), the version
-- of the table before it ('version'), nothing because it was the first ('first') or changed no row ('none'), or nothing because it
-- applied another structure ('structure'). Null: a later run succeeded, the run was taken back, or it ended before this was kept.
alter table import_runs add column before_kind text check (before_kind in ('first', 'none', 'rows', 'version', 'structure'));

-- Where the numbers of removed rows led before a run brought these rows back: an entry of removed_rows that the run ended. Kept as long as before_kind.
create table returned_rows (
  run_id int not null,
  row_number bigint not null,
  anchor bigint,
  removed_by int,
  reason text not null,
  created_at timestamptz not null,
  removed_at timestamptz not null,
  primary key (run_id, row_number)
);

create table jobs (
  id int generated always as identity primary key,
  kind text not null,
  title text not null,
  status text not null default 'waiting' check (status in ('waiting', 'running', 'done', 'failed', 'stopped', 'cancelled')),
  stage text,
  done bigint not null default 0,
  total bigint not null default 0,
  payload jsonb not null default '{}',
  result jsonb,
  error text,
  origin text not null default 'server' check (origin in ('server', 'command')),
  operator_id int references operators (id),
  cancel_requested boolean not null default false,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index jobs_open on jobs (id) where status in ('waiting', 'running');

create table import_runs (
  id int generated always as identity primary key,
  source_id int not null references sources (id),
  job_id int not null references jobs (id),
  file_name text not null,
  file_path text,
  file_bytes bigint not null default 0,
  whole boolean not null default false,
  operator_id int references operators (id),
  created_at timestamptz not null default now(),
  row_time timestamptz,
  rows_read bigint, rows_new bigint, rows_changed bigint, rows_unchanged bigint, rows_rejected bigint, rows_removed bigint,
  users_new bigint, users_joined bigint, users_split bigint, joins_refused bigint,
  before_table text
);
create index import_runs_source on import_runs (source_id, id);

create table rejected_rows (
  run_id int not null,
  line bigint not null,
  reason text not null,
  detail text not null,
  content text not null,
  at timestamptz not null default now(),
  primary key (run_id, line)
);

create table history_entries (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  operator_id int references operators (id),
  operator_name text,
  kind text not null,
  title text not null,
  source_id int,
  run_id int,
  job_id int,
  users_affected bigint
);
create index history_entries_at on history_entries (at, id);

create table history_items (
  entry_id bigint not null references history_entries (id) on delete cascade,
  item int not null,
  row_number bigint,
  table_name text not null,
  column_name text not null,
  field text,
  old_value jsonb,
  new_value jsonb,
  primary key (entry_id, item)
);
create index history_items_row on history_items (row_number, entry_id) where row_number is not null;

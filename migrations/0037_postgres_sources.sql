-- Other PostgreSQL databases that sources are read from. The password is sealed with a key of the data folder.
create table connections (
  id int generated always as identity primary key,
  name text not null,
  host text not null,
  port int not null,
  database text not null,
  username text not null,
  password text,
  tls boolean not null default false,
  -- Certificates of authorities that are trusted besides those everybody trusts.
  ca text,
  created_at timestamptz not null default now()
);
create unique index connections_name on connections (lower(name));

-- The table or view that a source is read from. 'all': rows that are gone there stay here; 'whole': they are removed;
-- 'changed': only what changed since the last run, by the column changed_by.
create table source_origins (
  source_id int primary key references sources (id) on delete cascade,
  connection_id int not null references connections (id),
  table_schema text not null,
  table_name text not null,
  reading text not null default 'all' check (reading in ('all', 'whole', 'changed')),
  changed_by text check (reading <> 'changed' or changed_by is not null),
  unique (connection_id, table_schema, table_name)
);

-- The table that the rows of this file were taken from, as a sample; null: the file itself is to be imported.
alter table uploads add column origin jsonb;

alter table import_runs add column started text not null default 'hand' check (started in ('hand', 'schedule', 'api', 'command'));
update import_runs r set started = 'command' from jobs j where j.id = r.job_id and j.origin = 'command';
-- What the run reads instead of a file; how far it came is kept for the next one, and does not count once it is undone.
alter table import_runs add column origin jsonb;
alter table import_runs add column mark jsonb;

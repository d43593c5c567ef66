-- That a person was erased. Of the person only numbers that the console gave stand here, and only until the work is done.
create table erasures (
  id int generated always as identity primary key,
  user_id bigint not null,
  -- Row numbers of the person, while the job is under way.
  numbers bigint[],
  operator_id int references operators (id) on delete set null,
  operator_name text,
  job_id int,
  rows_erased int not null default 0,
  asked_at timestamptz not null default now(),
  done_at timestamptz,
  -- From then on imports may bring the person back.
  lifted_at timestamptz
);

-- Source keys and identifying values of erased people, as HMAC-SHA256 with a key that is not in the database: enough for an
-- import to leave the person out.
create table erased_values (
  kind text not null check (kind in ('key', 'id')),
  -- The source of a key, the ID type of a value.
  scope int not null,
  digest bytea not null,
  erasure_id int not null references erasures (id) on delete cascade,
  primary key (kind, scope, digest, erasure_id)
);

alter table import_runs add column rows_erased bigint;

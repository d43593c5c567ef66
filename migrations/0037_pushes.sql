-- What is sent where: an audience, or one person of it, to a destination; once, or by a schedule of the kind 'push'.
create table pushes (
  id int generated always as identity primary key,
  audience_id int references audiences (id) on delete set null,
  -- As it was called when the push was set up: its record outlives it.
  audience_name text not null,
  -- A number of the person who alone is sent; 0 once they were erased.
  person bigint,
  destination_id int references destinations (id) on delete set null,
  destination_name text not null,
  -- It runs with what this operator may do and see at that time.
  operator_id int not null references operators (id),
  created_at timestamptz not null default now(),
  id_types text[] not null,
  fields jsonb not null default '[]',
  scope text not null check (scope in ('whole', 'change')),
  hash text check (hash in ('md5', 'sha256')),
  message jsonb,
  -- Why it does not run by itself until somebody does something about it.
  paused text,
  ended_at timestamptz
);
create index pushes_operator on pushes (operator_id, id);
create index pushes_audience on pushes (audience_id);
create index pushes_destination on pushes (destination_id);

create table push_runs (
  id int generated always as identity primary key,
  push_id int not null references pushes (id),
  at timestamptz not null default clock_timestamp(),
  -- Null: its schedule.
  operator_id int references operators (id),
  job_id int references jobs (id),
  -- The run whose failed users it sends again.
  again_of int references push_runs (id),
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'interrupted', 'cancelled', 'skipped')),
  started_at timestamptz,
  ended_at timestamptz,
  -- How many users there were to send: known once they are frozen in batches.
  total bigint,
  sent bigint not null default 0,
  refused bigint not null default 0,
  -- Without any of the IDs, or not found any more when their turn came.
  left_out bigint not null default 0,
  -- Users by ID type.
  counts jsonb not null default '{}',
  problem text,
  -- A matching file: its name in the folder, null after it was deleted, and what its owner saw when it was made.
  file text,
  bytes bigint,
  made_at timestamptz,
  sight jsonb
);
create unique index push_runs_under_way on push_runs (push_id) where state in ('waiting', 'running');
create index push_runs_push on push_runs (push_id, id);

-- Whom a run has still to send, frozen when it began; a batch that the destination has acknowledged is deleted.
create table push_batches (
  run_id int not null references push_runs (id) on delete cascade,
  number int not null,
  change text not null check (change in ('member', 'came', 'left')),
  user_ids bigint[] not null,
  primary key (run_id, number)
);

-- Pushes that need their audience and their destination: those with a schedule, and those with a run that has not ended or could be continued.
create view pushes_in_use as
  select p.id, p.audience_id, p.destination_id from pushes p where p.ended_at is null and (
    exists (select from schedules s where s.kind = 'push' and s.subject_id = p.id)
    or exists (select from push_runs r where r.push_id = p.id and (r.state in ('waiting', 'running') or exists (select from push_batches b where b.run_id = r.id))));

-- Users whom a destination refused for good.
create table push_failures (
  run_id int not null references push_runs (id) on delete cascade,
  user_id bigint not null,
  change text not null check (change in ('member', 'came', 'left')),
  reason text not null,
  -- The run that sends them again.
  again_run int references push_runs (id),
  primary key (run_id, user_id)
);

-- Whom the destination of a push has, where only the change is sent.
create table pushed_users (
  push_id int not null references pushes (id) on delete cascade,
  user_id bigint not null,
  primary key (push_id, user_id)
);

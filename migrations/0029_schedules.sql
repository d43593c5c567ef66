-- When a job starts by itself: the build of an audience, a push, the import of a source. Null in next_at: not by the clock, or never again.
create table schedules (
  id int generated always as identity primary key,
  kind text not null,
  subject_id int not null,
  schedule jsonb not null,
  next_at timestamptz,
  last_at timestamptz,
  operator_id int references operators (id) on delete set null,
  unique (kind, subject_id)
);
create index on schedules (next_at);

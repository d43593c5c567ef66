-- Layer 3 is a log: a decision is added and never replaced. For each row number and field the latest one that was not
-- undone counts; undo leaves one out, so what stood before comes back by itself, and no edit ever waits for a batch.
alter table overrides drop constraint overrides_policy_check;
alter table overrides add constraint overrides_policy_check check (policy in ('keep', 'until_import', 'source'));
alter table overrides drop column ended_at;
-- The history entry of the act, and that of its undo.
alter table overrides add column entry_id bigint;
alter table overrides add column undone_by bigint;
-- What the sources said when it was decided, and what was shown before.
alter table overrides add column source_value jsonb;
alter table overrides add column former jsonb;
alter table overrides alter column set_at set default clock_timestamp();
create index overrides_row on overrides (row_number);
create index overrides_column on overrides (column_id) where column_id is not null;
create index overrides_attribute on overrides (attribute_id) where attribute_id is not null;
create index overrides_entry on overrides (entry_id) where entry_id is not null;
create index overrides_undone on overrides (undone_by) where undone_by is not null;
create index overrides_ended on overrides (ended_by_run) where ended_by_run is not null;

-- Decisions whose source says something else now than when they were made. Written by the data lane alone.
create table override_drift (override_id bigint primary key);

-- What may be undone is known by its entry.
alter table history_entries add column undone_by bigint;
alter table history_entries add column undoes bigint;
create index history_entries_kind on history_entries (kind, id);
create index history_entries_operator on history_entries (operator_id, id);

-- Users chosen for a batch, frozen when they were chosen. Used once; what was not used goes after a day.
create table selections (
  id uuid primary key default gen_random_uuid(),
  operator_id int not null references operators (id),
  -- The address of the query they were chosen by; null for ticked users.
  query text,
  users bigint not null default 0,
  created_at timestamptz not null default now(),
  -- The history entry or job that used it: sent twice, a batch is done once.
  entry_id bigint,
  job_id int references jobs (id)
);
create index selections_created on selections (created_at);
-- In pieces: a million users are a few rows to write, to keep and to delete.
create table selected_users (
  selection_id uuid not null references selections (id) on delete cascade,
  part bigint not null,
  user_ids bigint[] not null,
  primary key (selection_id, part)
);

alter table import_runs add column decisions_kept bigint;
alter table import_runs add column decisions_ended bigint;
alter table import_runs add column decisions_differ bigint;
-- The history entry that undid the run.
alter table import_runs add column undone_by bigint;

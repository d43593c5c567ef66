-- Groups of audiences, as deep as they are made; what is in none stands under "Ungrouped".
create table audience_groups (
  id int generated always as identity primary key,
  parent_id int references audience_groups (id),
  name text not null
);
create unique index audience_groups_name on audience_groups (coalesce(parent_id, 0), lower(name));

-- Named sets of users. Members are those of the last build, by row number, in a table of their own for each build:
-- audience_<id>_v<k> (row_number, since, own). Rows that are not own stand for who holds the number of an own one now.
create table audiences (
  id int generated always as identity primary key,
  name text not null,
  description text not null default '',
  owner_id int not null references operators (id),
  -- Others may know of it, and who is in it as far as they find them.
  shared boolean not null default false,
  group_id int references audience_groups (id),
  -- By conditions, by a list of IDs that was uploaded, or chosen from the list of users.
  kind text not null check (kind in ('rules', 'ids', 'picked')),
  -- The condition tree; null where nothing is asked.
  rules jsonb,
  -- The audiences that the rules name.
  uses int[] not null default '{}',
  members_table text,
  -- The members of the build before: what changed since then is read from both.
  before_table text,
  size bigint,
  came bigint,
  went bigint,
  built_at timestamptz,
  built_by text,
  -- Of a list of IDs: how many were found, not found, and found in several users.
  ids_found bigint,
  ids_missing bigint,
  ids_ambiguous bigint,
  -- Not built until somebody does something about it, and why.
  paused text,
  -- The last job that built it or was to.
  job_id int references jobs (id),
  version int not null default 1,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);
create index audiences_owner on audiences (owner_id);
create unique index audiences_name on audiences (owner_id, lower(name));

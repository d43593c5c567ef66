-- Who exported whom and what. The record stays; its file goes after the hours of a setting.
create table exports (
  id int generated always as identity primary key,
  job_id int not null unique references jobs (id),
  operator_id int not null references operators (id),
  at timestamptz not null default clock_timestamp(),
  -- As the address of the list writes it; '' is everybody.
  query text not null,
  -- What was ordered: 'user_id', 'created', 'source', 'attribute:city', 'id:7', 'tag:12'.
  items text[] not null,
  bom boolean not null,
  guard boolean not null,
  -- How many users were expected, for the progress.
  expected bigint not null,
  -- What the file holds, and what its owner saw when it was made.
  columns jsonb,
  sight jsonb,
  rows bigint,
  bytes bigint,
  made_at timestamptz,
  -- Its name in the folder of exports; null before it is whole and after it was deleted.
  file text
);
create index exports_operator on exports (operator_id, id);
create index exports_file on exports (made_at) where file is not null;

-- What each operator chose last in the dialog.
create table export_choices (
  operator_id int primary key references operators (id) on delete cascade,
  items text[] not null,
  bom boolean not null,
  guard boolean not null
);

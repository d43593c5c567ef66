-- Files that were uploaded and wait to be imported; a file that no run took is removed after a day.
create table uploads (
  id text primary key,
  file_name text not null,
  -- Absolute, below DATA_DIR/uploads.
  path text not null,
  bytes bigint not null,
  operator_id int references operators (id),
  -- The known source it is for; null makes a new one.
  source_id int references sources (id),
  -- What the operator chose about the file as a whole: encoding, delimiter, header.
  options jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create index uploads_created on uploads (created_at);

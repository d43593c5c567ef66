-- Where groups of users are sent.
create table destinations (
  id int generated always as identity primary key,
  name text not null,
  kind text not null check (kind in ('kafka', 'webhook', 'email', 'data_bank')),
  -- As its form keeps them; no secret stands here.
  settings jsonb not null,
  -- Each sealed with a key of the data folder, by its name.
  secrets jsonb not null default '{}',
  created_at timestamptz not null default now(),
  -- The last test of the connection: '' where it passed.
  tested_at timestamptz,
  test_problem text
);
create unique index destinations_name on destinations (lower(name));

-- Who may use one, besides administrators.
create table destination_roles (
  destination_id int not null references destinations (id) on delete cascade,
  role_id int not null references roles (id) on delete cascade,
  primary key (destination_id, role_id)
);

-- E-mail addresses that get nothing any more, as HMAC-SHA256 with a key of the data folder.
create table unsubscribed_addresses (
  digest bytea primary key,
  at timestamptz not null default now()
);

-- Those that a mail server refuses for good.
create table refused_addresses (
  destination_id int not null references destinations (id) on delete cascade,
  digest bytea not null,
  -- The code of the server, without its words.
  reason text not null,
  at timestamptz not null default now(),
  primary key (destination_id, digest)
);

-- To whom a run has written, until it ends: a batch that is repeated doubles no mail, and an address of two users gets one.
create table mailed_addresses (
  run_id bigint not null,
  digest bytea not null,
  user_id bigint not null,
  primary key (run_id, digest)
);

create table settings (
  name text primary key,
  value jsonb not null,
  changed_at timestamptz not null default now()
);

create table operators (
  id int generated always as identity primary key,
  email text not null,
  name text not null,
  password_hash text not null,
  role text not null default 'administrator',
  must_change_password boolean not null default false,
  disabled_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null default now()
);
create unique index operators_email on operators (lower(email));

-- The shape connect-pg-simple expects.
create table sessions (
  sid text primary key,
  sess json not null,
  expire timestamptz not null
);
create index sessions_expire on sessions (expire);

-- Failed sign-ins, counted per account and per address.
create table sign_in_failures (
  kind text not null check (kind in ('account', 'address')),
  subject text not null,
  at timestamptz not null default now()
);
create index sign_in_failures_subject on sign_in_failures (kind, subject, at);

-- Layer 2: a row number stands here only where its user is another row number.
create table row_aliases (
  row_number bigint primary key,
  user_id bigint not null
);
create index row_aliases_user on row_aliases (user_id);

-- Row numbers are kept for good: what a removed row's number leads to now.
create table removed_rows (
  row_number bigint primary key,
  source_id int not null,
  source_key text not null,
  anchor bigint,
  run_id int,
  reason text not null,
  created_at timestamptz not null,
  removed_at timestamptz not null default now()
);
create unique index removed_rows_key on removed_rows (source_id, source_key);
create index removed_rows_anchor on removed_rows (anchor);

create table refused_joins (
  id_type smallint not null,
  match_key uuid not null,
  reason text not null check (reason in ('single_conflict', 'shared', 'placeholder')),
  conflict_type smallint,
  row_count bigint not null,
  since timestamptz not null default now(),
  primary key (id_type, match_key)
);

create table mapping_exceptions (
  id_type smallint not null,
  match_key uuid not null,
  kind text not null check (kind in ('exclude', 'allow')),
  operator_id int references operators (id),
  at timestamptz not null default now(),
  primary key (id_type, match_key)
);

-- Layer 3: decisions belong to a row number and so follow the right person.
create sequence override_changes;
create table overrides (
  id bigint generated always as identity primary key,
  row_number bigint not null,
  source_id int,
  column_id int,
  attribute_id int,
  type text not null,
  value jsonb,
  policy text not null check (policy in ('keep', 'until_import')),
  operator_id int references operators (id),
  set_at timestamptz not null default now(),
  ended_at timestamptz,
  ended_by_run int,
  changed bigint not null default nextval('override_changes'),
  check ((column_id is null) <> (attribute_id is null))
);
create index overrides_active on overrides (row_number) where ended_at is null;
create index overrides_changed on overrides (changed);

-- Layer 4, first version: one row per user. Attribute columns a<id> are added with the attributes.
create table users_v0 (
  user_id bigint primary key,
  created_at timestamptz not null,
  source_id int not null,
  a1 text collate "C", a2 text collate "C", a3 numeric, a4 date, a5 text collate "C", a6 text collate "C", a7 text collate "C", a8 timestamptz, a9 text collate "C"
);

create collation people (provider = icu, locale = 'zh-u-co-pinyin');

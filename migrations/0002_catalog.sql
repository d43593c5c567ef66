-- One row: what every page reads first. The version changes with every change of structure and every publication of data.
create table catalog_state (
  id int primary key default 1 check (id = 1),
  version bigint not null default 1,
  next_row_number bigint not null default 1,
  next_table_version bigint not null default 1,
  users_table text not null default 'users_v0',
  user_count bigint not null default 0
);
insert into catalog_state default values;

create table id_types (
  id smallint generated always as identity primary key,
  code text not null unique,
  name text not null,
  priority int not null,
  single boolean not null,
  enabled boolean not null,
  mapping boolean not null,
  preset boolean not null default false,
  constraint id_types_priority unique (priority) deferrable initially immediate
);
insert into id_types (code, name, priority, single, enabled, mapping, preset) values
  ('ONEID', 'OneID', 1, true, true, true, true),
  ('MAISCRM_ID', 'Social-interaction customer number', 2, false, false, false, true),
  ('MOBILE', 'Mobile', 3, false, true, true, true),
  ('TAOBAO_ID', 'Taobao ID', 4, false, true, false, true),
  ('ALIPAY_ID', 'Alipay ID', 5, false, true, false, true),
  ('UMENG_ID', 'Umeng ID', 6, false, false, false, true),
  ('UNION_ID', 'UnionID', 7, false, true, false, true),
  ('OPEN_ID', 'OpenID', 8, false, true, false, true),
  ('EMAIL', 'E-mail', 9, false, true, false, true),
  ('WEIBO_ID_ORG', 'Weibo ID', 10, false, true, false, true),
  ('IDFA', 'IDFA', 11, false, true, false, true),
  ('OAID', 'OAID', 12, false, true, false, true),
  ('IMEI', 'IMEI', 13, false, true, false, true),
  ('IMSI', 'IMSI', 14, false, true, false, true),
  ('MAC_ORG', 'MAC address', 15, false, true, false, true),
  ('TAOBAO_NICK', 'Taobao nickname', 16, false, true, false, true),
  ('OUID', 'Taobao OUID', 17, false, true, false, true);

create table attributes (
  id int generated always as identity primary key,
  code text not null unique,
  name text not null,
  type text not null check (type in ('text', 'number', 'date', 'time', 'choice')),
  choices text[],
  preset boolean not null default false,
  rule text not null default 'latest' check (rule in ('latest', 'earliest', 'order')),
  source_order int[] not null default '{}',
  position int not null,
  description text,
  filter_index boolean not null default false
);
insert into attributes (code, name, type, choices, preset, position, filter_index) values
  ('name', 'Name', 'text', null, true, 1, false),
  ('gender', 'Gender', 'choice', '{male,female,unknown}', true, 2, false),
  ('age', 'Age', 'number', null, true, 3, false),
  ('birthday', 'Birthday', 'date', null, true, 4, false),
  ('city', 'City', 'text', null, true, 5, true),
  ('province', 'Province', 'text', null, true, 6, false),
  ('member_level', 'Member level', 'text', null, true, 7, true),
  ('registration_time', 'Registration time', 'time', null, true, 8, false),
  ('channel', 'Associated channel', 'text', null, true, 9, false);

create table tag_groups (
  id int generated always as identity primary key,
  parent_id int references tag_groups (id) on delete cascade,
  name text not null,
  position int not null default 0
);
create unique index tag_groups_name on tag_groups (coalesce(parent_id, 0), lower(name));

create table sources (
  id int generated always as identity primary key,
  alias text not null,
  key_column text not null,
  key_id_type text references id_types (code),
  update_time_column text,
  file_format jsonb not null default '{}',
  -- The structure was edited and waits for the next run, which must read the whole file.
  structure_pending boolean not null default false,
  rows_table text,
  identities_table text,
  values_table text,
  row_count bigint not null default 0,
  user_count bigint not null default 0,
  created_by int references operators (id),
  created_at timestamptz not null default now(),
  removing boolean not null default false,
  removed_at timestamptz
);
create unique index sources_alias on sources (lower(alias)) where removed_at is null;

create table source_columns (
  id int generated always as identity primary key,
  source_id int not null references sources (id),
  position int not null,
  name text not null,
  kind text not null check (kind in ('id', 'attribute', 'tag', 'ignore')),
  type text not null check (type in ('text', 'number', 'time', 'multi', 'date', 'choice')),
  delimiter text,
  id_type text references id_types (code),
  encryption text check (encryption in ('unencrypted', 'md5', 'sha256', 'aes')),
  attribute text references attributes (code),
  tag_name text,
  tag_group_id int references tag_groups (id) on delete set null,
  description text,
  format text,
  time_zone text,
  empty_values text[] not null default '{}',
  filter_index boolean not null default false,
  -- The specification (a ColumnSpec) that the next run applies; null where nothing waits.
  pending jsonb,
  unique (source_id, name)
);

-- Counts and frequent values of a tag or attribute, refreshed after a publication. field is 'c12' or 'a3'.
create table field_statistics (
  field text primary key,
  users_covered bigint not null,
  top_values jsonb not null default '[]',
  min_value text,
  max_value text,
  computed_at timestamptz not null default now()
);

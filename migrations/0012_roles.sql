-- What operators may do, and which columns they may see. A source, column or attribute that no grant names is hidden.
create table roles (
  id int generated always as identity primary key,
  name text not null,
  description text not null default '',
  -- Everything, what comes later included. One role, which cannot be changed or removed.
  administrator boolean not null default false,
  permissions text[] not null default '{}',
  needs_two_step boolean not null default false,
  -- Given to new operators where nobody chooses.
  is_default boolean not null default false
);
create unique index roles_name on roles (lower(name));
create unique index roles_administrator on roles (administrator) where administrator;
create unique index roles_default on roles (is_default) where is_default;

insert into roles (name, description, administrator, permissions, is_default) values
  ('Administrator', 'Everything, new sources included.', true, '{}', false),
  ('Analyst', 'Finds users, corrects and tags them.', false, '{user_360.view,user_360.edit,user_360.tag,user_360.batch_tag,user_360.undo,tags.view,tags.manage}', true),
  ('Developer', 'As an analyst; brings data in besides.', false, '{user_360.view,user_360.edit,user_360.tag,user_360.batch_tag,user_360.undo,tags.view,tags.manage,sources,imports,jobs}', false);

create table operator_roles (
  operator_id int not null references operators (id) on delete cascade,
  role_id int not null references roles (id),
  primary key (operator_id, role_id)
);
create index operator_roles_role on operator_roles (role_id);
insert into operator_roles (operator_id, role_id) select o.id, r.id from operators o cross join roles r where r.administrator;
alter table operators drop column role;

create table source_grants (
  role_id int not null references roles (id) on delete cascade,
  source_id int not null references sources (id) on delete cascade,
  -- For columns without a grant of their own, those that come later included.
  otherwise text not null default 'hidden' check (otherwise in ('hidden', 'masked', 'full')),
  -- A row that fails it is as if absent.
  row_condition jsonb,
  primary key (role_id, source_id)
);

create table column_grants (
  role_id int not null references roles (id) on delete cascade,
  column_id int not null references source_columns (id) on delete cascade,
  level text not null check (level in ('hidden', 'masked', 'full')),
  primary key (role_id, column_id)
);

create table attribute_grants (
  role_id int not null references roles (id) on delete cascade,
  attribute_id int not null references attributes (id) on delete cascade,
  level text not null check (level in ('hidden', 'masked', 'full')),
  primary key (role_id, attribute_id)
);

-- The users of a choice in pieces: a million of them are a few rows to write, to keep and to delete.
drop table selected_users;
create table selected_users (
  selection_id uuid not null references selections (id) on delete cascade,
  part bigint not null,
  user_ids bigint[] not null,
  primary key (selection_id, part)
);

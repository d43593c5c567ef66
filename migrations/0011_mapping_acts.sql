-- What an act did to one exception of ID mapping, by its history entry, so that it can be taken back. The key of the value
-- stands here and not in the history, where operators read who may not see the value.
create table mapping_acts (
  entry_id bigint primary key references history_entries (id) on delete cascade,
  id_type smallint not null,
  match_key uuid not null,
  before text check (before in ('exclude', 'allow')),
  after text check (after in ('exclude', 'allow'))
);

-- Whole values that operators looked for who see only masked ones: limited, and each recorded in the history. The digest
-- is keyed with the secret of the installation and kept for an hour, to know the same value again.
create table look_ups (
  operator_id int not null references operators (id) on delete cascade,
  digest text not null,
  at timestamptz not null default now(),
  primary key (operator_id, digest)
);

-- Two-step sign-in: a code of an authenticator app besides the password.
alter table operators
  -- Encrypted with a key that is not in the database.
  add column two_step_secret text,
  add column two_step_at timestamptz,
  -- The 30 seconds to which the last accepted code belonged: no code is taken twice.
  add column two_step_last bigint not null default 0;

-- For a lost phone; each is worth one sign-in. Only hashes are kept.
create table recovery_codes (
  operator_id int not null references operators (id) on delete cascade,
  code_hash text not null,
  used_at timestamptz,
  primary key (operator_id, code_hash)
);

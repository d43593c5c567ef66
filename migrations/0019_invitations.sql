-- A new account has no password until its one-time link is used.
alter table operators alter column password_hash drop not null;

-- One-time links with which a password is set. Only the hash of the token is kept; a new link takes the place of the one before.
create table invitations (
  operator_id int primary key references operators (id) on delete cascade,
  token_hash text not null unique,
  expires_at timestamptz not null
);

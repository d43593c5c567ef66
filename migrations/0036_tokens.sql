-- Tokens by which programs use the API on behalf of an operator. The secret itself is kept nowhere, only its SHA-256.
create table tokens (
  id int generated always as identity primary key,
  operator_id int not null references operators (id) on delete cascade,
  name text not null,
  -- The beginning of the secret: for people to know it again, and to find its row.
  prefix text not null,
  secret_hash text not null unique,
  permissions text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  -- Kept afterwards: the history says by which token something was done.
  withdrawn_at timestamptz
);
create index tokens_operator on tokens (operator_id);
create index tokens_prefix on tokens (prefix);

-- The token that something was done or ordered by; null for pages, commands and what the console does by itself.
alter table history_entries add column token_id int references tokens (id);
alter table jobs add column token_id int references tokens (id);

-- What the API answered to a request that carried an Idempotency-Key, written in the transaction of what it did.
create table kept_answers (
  token_id int not null references tokens (id) on delete cascade,
  key text not null,
  -- A keyed digest of method, address and body: it knows the request again and tells nothing of it.
  request_digest text not null,
  status int not null,
  body text not null,
  at timestamptz not null default now(),
  primary key (token_id, key)
);
create index kept_answers_at on kept_answers (at);

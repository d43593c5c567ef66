-- Versions of large tables that no page reads any more; dropped a little later, when nobody can still be reading them.
create table retired_tables (
  name text primary key,
  retired_at timestamptz not null default now()
);

-- Plain values of ID types that also arrive as SHA256: tells which match key a SHA256 value stands for.
create table plain_hashes (
  id_type smallint not null,
  sha_key uuid not null,
  match_key uuid not null,
  primary key (id_type, sha_key)
);

-- The user that holds a row number now: through its alias, or through the rows that took over from a removed one.
create function user_of(number bigint) returns bigint language sql stable as $$
  with recursive chain (n) as (
    select number
    union all
    select r.anchor from chain join removed_rows r on r.row_number = chain.n where r.anchor is not null
  ), live as (
    select n from chain where not exists (select from removed_rows r where r.row_number = chain.n) limit 1
  )
  select coalesce((select a.user_id from row_aliases a where a.row_number = live.n), live.n) from live
$$;

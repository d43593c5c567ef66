-- What an entry is about, for Access: references of tags and attributes ('tag:12', 'attribute:city'), so that a page of the
-- history need not look through the decisions of a batch to know whether its title may be shown.
alter table history_entries add column fields text[] not null default '{}';
update history_entries e set fields = about.fields from (
  select o.entry_id, array_agg(distinct case when o.column_id is null then 'attribute:' || a.code else 'tag:' || o.column_id end) as fields
  from overrides o left join attributes a on a.id = o.attribute_id where o.entry_id is not null group by 1
) about where about.entry_id = e.id;

-- A run of minutes is dated by its end, as the decisions of an act are.
alter table history_entries alter column at set default clock_timestamp();

-- Every list of the history is newest first; entries of the same time follow their ids.
drop index history_entries_kind;
drop index history_entries_operator;
create index history_entries_kind on history_entries (kind, at, id);
create index history_entries_operator on history_entries (operator_id, at, id);
create index history_entries_source on history_entries (source_id, at, id) where source_id is not null;

-- The decisions of an entry, a page at a time.
drop index overrides_entry;
create index overrides_entry on overrides (entry_id, id) where entry_id is not null;

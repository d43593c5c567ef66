-- A batch writes a hundred thousand decisions at once, its undo as many changes of them: what each of them costs was measured.
-- Looking up the operator of each, who is never deleted, took as long as writing them.
alter table overrides drop constraint overrides_operator_id_fkey;
-- The items of an entry are deleted by name before it.
alter table history_items drop constraint history_items_entry_id_fkey;

-- Asked by nothing.
drop index overrides_undone;
-- Whoever asks for the decisions about a field leaves out those undone.
drop index overrides_column;
drop index overrides_attribute;
create index overrides_column on overrides (column_id) where column_id is not null and undone_by is null;
create index overrides_attribute on overrides (attribute_id) where attribute_id is not null and undone_by is null;
-- Numbers of changes grow with the table: where the latest ones are is known without an entry for each.
drop index overrides_changed;
create index overrides_changed on overrides using brin (changed) with (autosummarize = on);

-- Entries from before they said what they are about: changes of one tag or attribute, whose title names it.
update history_entries e set fields = about.fields from (
  select i.entry_id, array_agg(distinct 'tag:' || c.id) as fields
  from history_items i join history_entries h on h.id = i.entry_id join source_columns c on c.source_id = h.source_id and c.name = i.column_name
  where h.kind = 'structure' and h.title like 'Tag % changed' and h.fields = '{}' group by 1
) about where about.entry_id = e.id;
update history_entries e set fields = about.fields from (
  select i.entry_id, array_agg(distinct 'attribute:' || i.column_name) as fields
  from history_items i join history_entries h on h.id = i.entry_id
  where h.kind = 'structure' and i.table_name = 'attributes' and h.fields = '{}' group by 1
) about where about.entry_id = e.id;

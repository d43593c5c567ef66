-- Permissions that came after the presets were made: analysts manage audiences and send them on, without downloading them.
update roles set permissions = permissions || '{audiences.view,audiences.manage,audiences.push,audiences.reach}'::text[] where name = 'Analyst' and not administrator;
update roles set permissions = permissions || '{destinations,tokens}'::text[] where name = 'Developer' and not administrator;

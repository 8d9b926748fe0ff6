-- d.m.yyyy. There is no year 0 (here and below).
create or replace temp macro read_day(v) as
    case when regexp_full_match(v, '\d{1,2}\.\d{1,2}\.\d{4}') and v not like '%.0000' then cast(try_strptime(v, '%d.%m.%Y') as date) end;
-- yyyy-mm, as its first day
create or replace temp macro read_month(v) as
    case when regexp_full_match(v, '\d{4}-\d{2}') and v not like '0000-%' then cast(try_strptime(v || '-01', '%Y-%m-%d') as date) end;
-- yyyy-mm-dd
create or replace temp macro read_iso_day(v) as
    case when regexp_full_match(v, '\d{4}-\d{2}-\d{2}') and v not like '0000-%' then cast(try_strptime(v, '%Y-%m-%d') as date) end;
-- d.m.yyyy h:mm
create or replace temp macro read_minute(v) as
    case when regexp_full_match(v, '\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}') and v not like '%.0000 %' then try_strptime(v, '%d.%m.%Y %H:%M') end;
-- yyyy-mm-dd hh:mm:ss
create or replace temp macro read_iso_second(v) as
    case when regexp_full_match(v, '\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}') and v not like '0000-%' then try_strptime(v, '%Y-%m-%d %H:%M:%S') end;

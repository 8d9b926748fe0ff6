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
-- the same with another sign between date and time
create or replace temp macro read_second(v, separator) as
    case when v[11] = separator then read_iso_second(v[:10] || ' ' || v[12:]) end;
-- the local time in one zone, from a local time in another
create or replace temp macro to_zone(t, zone, local) as
    case when year(timezone(local, timezone(zone, t))) between 1 and 9999 then timezone(local, timezone(zone, t)) end;
-- minutes east of Greenwich: Z, +hh:mm or +hhmm
create or replace temp macro offset_minutes(v) as
    case when v = 'Z' then 0 else cast(v[1] || '1' as integer) * (60 * cast(v[2:3] as integer) + cast(right(v, 2) as integer)) end;
-- yyyy-mm-dd hh:mm:ss, with or without fractions of a second, and the given zone if it has none
create or replace temp macro read_instant(v, separator, zone, local) as
    case
        when regexp_full_match(v[20:], '(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)')
            then to_zone(
                read_second(v[:19], separator) - to_minutes(offset_minutes(regexp_extract(v[20:], '(Z|[+-][\d:]+)$', 1))), 'UTC', local
            )
        when regexp_full_match(v[20:], '(?:\.\d{1,9})?')
            then case when zone = local then read_second(v[:19], separator) else to_zone(read_second(v[:19], separator), zone, local) end
    end;
-- any pattern: what the whole text must match, and how it is parsed
create or replace temp macro read_pattern(v, pattern, format) as
    case when regexp_full_match(v, pattern) and year(try_strptime(v, format)) > 0 then try_strptime(v, format) end;

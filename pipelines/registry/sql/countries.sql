-- What country packs (`registry/data/packs/<cc>.yaml`) share: check digit sums, days, years of birth. Every `d` is digits
-- already known to have the right form.
create or replace temp macro luhn_sum(d) as
    list_sum(list_transform(
        range(1, length(d) + 1),
        lambda i: case
            when i % 2 = 1 then cast(d[length(d) + 1 - i] as integer)
            else 2 * cast(d[length(d) + 1 - i] as integer) - case when d[length(d) + 1 - i] > '4' then 9 else 0 end
        end
    ));

create or replace temp macro weighted_sum(d, weights) as
    list_sum(list_transform(range(1, len(weights) + 1), lambda i: cast(d[i] as integer) * weights[i]));

-- ISO 7064 mod 11, 10: the last digit checks the others.
create or replace temp macro mod_11_10(d) as
    (list_reduce(
        list_prepend(10, list_transform(range(1, length(d)), lambda i: cast(d[i] as integer))),
        lambda p, x: (case when (p + x) % 10 = 0 then 10 else (p + x) % 10 end) * 2 % 11
    ) + cast(d[length(d)] as integer)) % 10 = 1;

-- Weights 1 to 9, then from 3 on if that gives 10.
create or replace temp macro estonian_check(d, n) as
    case
        when list_sum(list_transform(range(1, n + 1), lambda i: cast(d[i] as integer) * ((i - 1) % 9 + 1))) % 11 < 10
            then list_sum(list_transform(range(1, n + 1), lambda i: cast(d[i] as integer) * ((i - 1) % 9 + 1))) % 11
        else list_sum(list_transform(range(1, n + 1), lambda i: cast(d[i] as integer) * ((i + 1) % 9 + 1))) % 11 % 10
    end;

create or replace temp macro is_day(year, month, day) as
    try_cast(year || '-' || month || '-' || day as date) is not null;

-- The century of a Norwegian number, by its individual number.
create or replace temp macro nordic_year(d) as
    case
        when d[7:9] < '500' then '19'
        when d[7:9] < '750' and d[5:6] >= '54' then '18'
        when d[5:6] < '40' then '20'
        when d[7:9] >= '900' then '19'
        else 'no'
    end || d[5:6];

-- The century of a Danish number, by its seventh digit.
create or replace temp macro danish_year(d) as
    case
        when d[7] in ('5', '6', '7', '8') and d[5:6] >= '58' then '18'
        when d[7] in ('0', '1', '2', '3') or (d[7] in ('4', '9') and d[5:6] >= '37') then '19'
        else '20'
    end || d[5:6];

-- Telephone numbers if the home country is not Finland, without the shortcuts that rely on Finnish lengths.
create or replace temp macro to_e164(v) as
    case when v is null then null when phone_home_code() = 'none' and not regexp_matches(v, '^[ (]*[+\x{ff0b}]') then null
        else '+' || replace(regexp_extract_all(phone_parsed(v), '^[0-9]+:[0-9]{2,17}$')[1], ':', '') end;

create or replace temp macro is_phone(v) as
    case when v is null then null
        else list_transform(
            [string_split(phone_parsed(v), ':')],
            lambda parts: coalesce(regexp_full_match(parts[2], phone_valid_of(parts[1])), false)
        )[1]
    end;

create or replace temp macro is_possible_phone(v) as
    case when v is null then null else regexp_full_match(phone_parsed(v), phone_possible()) end;

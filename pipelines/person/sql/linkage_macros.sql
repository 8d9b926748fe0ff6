-- How linkage normalises names, days and addresses for comparison. Parameters: none.
-- A list with something in it, or null.
create or replace temp macro not_none(items) as case when len(items) > 0 then items end;
create or replace temp macro name_mark_words() as [{% for word in marks %}{{ word | literal }}{{ ", " if not loop.last }}{% endfor %}];
-- The words of a name in their order, folded, without c/o addressees and marks of a firm or an estate. For an email
-- address, the words before the @.
create or replace temp macro marked_words(v) as string_split(
    trim(regexp_replace(strip_accents(case_folded(with_plain_spaces(regexp_replace(v, '(?i)(^|\W)c/o\W.*', '')))), '[^\pL0-9:-]+|(^|[^\pL])-|-($|[^\pL])', ' ', 'g')), ' ');
create or replace temp macro name_marks(v) as list_filter(marked_words(replace(v, '.', '')), lambda word: list_contains(name_mark_words(), word));
create or replace temp macro ordered_words(v, role) as list_filter(
    case when role = 'email' then string_split_regex(strip_accents(lower(split_part(v, '@', 1))), '[^\pL-]+') else marked_words(v) end,
    lambda word: regexp_matches(word, '^\pL') and not list_contains(name_mark_words(), word)
        and not list_contains(['ja', 'och', 'and'], word));
-- A day as eight digits, year first: from 1956-04-09, 9.4.1956, 19560409, or an identity code; null for anything else.
create or replace temp macro birth_digits(v) as
    case
        when regexp_full_match(v, '[0-9]{4}-?[0-9]{2}-?[0-9]{2}') then replace(v, '-', '')
        when regexp_full_match(v, '[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}')
            then split_part(v, '.', 3) || lpad(split_part(v, '.', 2), 2, '0') || lpad(split_part(v, '.', 1), 2, '0')
        when regexp_matches(v, '^[0-9]{6}[-+A-FU-Ya-fu-y][0-9]{3}')
            then case when v[7] = '+' then '18' when upper(v[7]) between 'A' and 'F' then '20' else '19' end
                || v[5:6] || v[3:4] || v[1:2]
    end;
-- Street with number and flat of an address as written, folded; the house is the same without the flat; the postal code.
create or replace temp macro street_of(v) as
    not_empty(regexp_replace(split_part(strip_accents(normal_address(v)), ',', 1), '^[0-9]{4,5}\b.*', ''));
create or replace temp macro house_of(street) as not_empty(regexp_extract(street, '^.*?\pL.*? [0-9]+|^[0-9]+ .*\pL.*'));
create or replace temp macro postcode_of(v) as not_empty(regexp_extract(v, '(?:^|, ?)([0-9]{4,5})\b', 1));
-- What a member is: a firm, an estate, a person's business (it says so, or has their whole name and no firm's mark), or null: a person
-- or unknown.
create or replace temp macro member_kind(marks, is_organisation, has_full_name) as
    case
        when list_has_any(marks, [{{ estate }}]) then 'estate'
        when list_has_any(marks, [{{ sole }}]) then 'sole trader'
        when list_has_any(marks, [{{ firm }}]) or (is_organisation and not coalesce(has_full_name, false)) then 'firm'
        when is_organisation then 'sole trader'
    end;
-- How a home appears in running text, where `Topeekantiellä 3` is `Topeekantie 3`: the beginning of the street, and the number.
create or replace temp macro house_key(house) as
    not_empty(regexp_replace(regexp_extract(house, '\pL[\pL-]+ [0-9]+'), '^(.{1,6})[\pL-]* ([0-9]+)$', '\1 \2'));
-- Whether words contain a name, in any grammatical case: `Virtaselle` is Virtanen, `Matin` is Matti.
create or replace temp macro says(words, name) as len(list_filter(words, lambda word:
    word = name
    or (length(word) between length(name) - 1 and length(name) + 5 and starts_with(word,
        case when ends_with(name, 'nen') then left(name, -3) || 's' when length(name) > 4 then left(name, -2) else left(name, -1) end)
    )
)) > 0;

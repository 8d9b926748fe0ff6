-- Functions of our own, each defined here and nowhere else. `pipelines.registry.functions.install` runs this file on a connection.
--
-- A value comes in trimmed; a missing one (null) comes out as null. Cheap tests come first, in `case`, so that the rest
-- is only computed for the values that need it. A computed value that is used more than once is bound by a lambda over a
-- one-element list: a macro is a textual substitution, and DuckDB shares no work between the branches of a `case`. A large
-- pattern never stands inside a lambda, where it would be compiled for every 2,048 rows. One with letters of all languages takes
-- milliseconds to compile: `regexp_extract(v, p) <> ''` compiles it once, `regexp_matches` and `regexp_full_match` twice.
-- Nothing here reads a table: the macros without arguments that are not defined here (`phone_general()`, `iban_run()`, ...)
-- are data, made from `pipelines/data/*.csv`.
--
-- Where we deliberately differ from well-known libraries:
--   python-stdnum  fi.ytunnus accepts the VAT prefix `FI`, spaces and dots in a business id; fi.hetu accepts surrounding
--                  spaces and look-alike characters; iban and iso11649 accept hyphens, dots and slashes, iso11649 also
--                  letters as check digits.
--   Presidio       its Finnish recogniser rejects identity codes in lower case and accepts individual number 000 and
--                  29 February 1900.
--   finnish-ssn    (npm) accepts individual number 001.
--   schwifty       with `validate_bban` rejects Finnish IBANs whose national check digit fails; widely quoted ones do.
-- Phones are the exception: `to_e164`, `is_phone` and `is_possible_phone` return exactly what Google's libphonenumber (`phonenumbers`) does
-- for region FI, oddities included (`0401234567 / Matti` is a number of 15 digits: three letters are telephone keys).


-- Identity code (henkilötunnus) ---------------------------------------------------------------------------------------

-- True of a real date, a century sign (also those of 2023), an individual number 002-999 and the right check character; any case.
create or replace temp macro is_identity_code(v) as
    case
        when v is null then null
        when not regexp_full_match(
            v,
            '(?:'
            || '(?:(?:0[1-9]|[12][0-9]|3[01])(?:0[13578]|1[02])|(?:0[1-9]|[12][0-9]|30)(?:0[469]|11)|(?:0[1-9]|1[0-9]|2[0-8])02)'
            || '[0-9][0-9][-+A-FU-Ya-fu-y]'
            || '|2902(?:0[48]|[2468][048]|[13579][26])[-+A-FU-Ya-fu-y]'
            || '|290200[A-Fa-f]'
            || ')(?:00[2-9]|0[1-9][0-9]|[1-9][0-9][0-9])[0-9A-FHJ-NPR-Ya-fhj-npr-y]'
        ) then false
        else substr('0123456789ABCDEFHJKLMNPRSTUVWXY', cast(left(v, 6) || substr(v, 8, 3) as integer) % 31 + 1, 1)
            = upper(right(v, 1))
    end;

-- True of a valid identity code whose individual number is never given to real people.
create or replace temp macro is_temporary_identity_code(v) as
    case
        when v is null then null
        when substr(v, 8, 1) <> '9' then false
        else is_identity_code(v)
    end;


-- Business id (Y-tunnus) ------------------------------------------------------------------------------------------------------------------

-- The weighted sum of the seven digits and the check digit is a multiple of 11. A remainder of 1 has no check digit, so
-- such a number never passes.
create or replace temp macro is_business_id(v) as
    case
        when v is null then null
        when not regexp_full_match(v, '[0-9]{7}-?[0-9]') then false
        else list_transform(
            [cast(left(v, 7) as integer)],
            lambda n: 7 * (n // 1000000) + 9 * (n // 100000 % 10) + 10 * (n // 10000 % 10) + 5 * (n // 1000 % 10)
                + 8 * (n // 100 % 10) + 4 * (n // 10 % 10) + 2 * (n % 10)
        )[1] % 11 = (11 - cast(right(v, 1) as integer)) % 11
    end;

create or replace temp macro to_business_id(v) as
    case when is_business_id(v) then left(v, 7) || '-' || right(v, 1) end;


-- Mod 97 (ISO 7064), of IBAN and RF reference -------------------------------------------------------------------------

-- Letters as the numbers 10-35.
create or replace temp macro letters_as_numbers(v) as
    case
        when not regexp_matches(v, '[A-Z]') then v
        else replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
             replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(v,
             'A', '10'), 'B', '11'), 'C', '12'), 'D', '13'), 'E', '14'), 'F', '15'), 'G', '16'), 'H', '17'), 'I', '18'),
             'J', '19'), 'K', '20'), 'L', '21'), 'M', '22'), 'N', '23'), 'O', '24'), 'P', '25'), 'Q', '26'), 'R', '27'),
             'S', '28'), 'T', '29'), 'U', '30'), 'V', '31'), 'W', '32'), 'X', '33'), 'Y', '34'), 'Z', '35')
    end;

-- The remainder of a number of up to 66 digits, in steps that fit 64 bits.
create or replace temp macro remainder_97(digits) as
    list_transform([digits], lambda d:
        cast(cast(cast(cast(left(d, 18) as bigint) % 97
            || substr(d, 19, 16) as bigint) % 97
            || substr(d, 35, 16) as bigint) % 97
            || substr(d, 51, 16) as bigint) % 97
    )[1];

-- True if the characters after the fourth, then the first four, read as one number, leave 1. (The first two are letters.)
create or replace temp macro is_mod_97(compact) as
    remainder_97(
        letters_as_numbers(substr(compact, 5)) || (ascii(compact) - 55) || (ascii(substr(compact, 2)) - 55) || substr(compact, 3, 2)
    ) = 1;

-- Without spaces of any width, in capitals. (`upper` comes last: it would turn foreign letters into A-Z.)
create or replace temp macro without_spaces(v) as
    translate(v, chr(32) || chr(160) || chr(8199) || chr(8201) || chr(8239), '');


-- IBAN ----------------------------------------------------------------------------------------------------------------

-- Any country with IBANs, of the right length, any case, spaces allowed. The Finnish national check is left out: see above.
create or replace temp macro is_iban(v) as
    case
        when v is null then null
        when regexp_full_match(v, 'FI[0-9]{2}(?: ?[0-9]{4}){3} ?[0-9]{2}') then list_transform(
            [replace(v, ' ', '')],
            lambda c: (cast(substr(c, 5, 14) as bigint) % 97 * 1000000 + 151800 + cast(substr(c, 3, 2) as bigint)) % 97 = 1
        )[1]
        when not regexp_full_match(without_spaces(v), '[A-Za-z]{2}[0-9]{2}[0-9A-Za-z]{11,30}') then false
        when not regexp_full_match(upper(without_spaces(v)), iban_shape()) then false
        else list_transform([upper(without_spaces(v))], lambda c: is_mod_97(c))[1]
    end;

-- Compact, in capitals.
create or replace temp macro to_iban(v) as
    case when is_iban(v) then upper(without_spaces(v)) end;


-- Reference number (viitenumero) --------------------------------------------------------------------------------------

-- The weights 7, 3, 1 from the right, the check digit last. Nine digits at a time, so that they fit easily in 64 bits.
create or replace temp macro is_national_reference(digits) as
    list_transform(
        [{
            'high': cast(left(lpad(digits, 20, '0'), 10) as bigint),
            'low': cast(substr(lpad(digits, 20, '0'), 11, 9) as bigint),
            'check': cast(right(digits, 1) as bigint)
        }],
        lambda n: (
            7 * (n.low % 10 + n.low // 1000 % 10 + n.low // 1000000 % 10)
            + 3 * (n.low // 10 % 10 + n.low // 10000 % 10 + n.low // 10000000 % 10)
            + n.low // 100 % 10 + n.low // 100000 % 10 + n.low // 100000000
            + 7 * (n.high % 10 + n.high // 1000 % 10 + n.high // 1000000 % 10 + n.high // 1000000000)
            + 3 * (n.high // 10 % 10 + n.high // 10000 % 10 + n.high // 10000000 % 10)
            + n.high // 100 % 10 + n.high // 100000 % 10 + n.high // 100000000 % 10
            + n.check
        ) % 10 = 0
    )[1];

-- A national one of 4-20 digits, or ISO 11649 (`RF`, 5-25 characters, any case); spaces allowed.
create or replace temp macro is_reference_number(v) as
    case
        when v is null then null
        when regexp_full_match(v, '[0-9]{4,20}') then is_national_reference(v)
        when regexp_full_match(without_spaces(v), '[0-9]{4,20}') then is_national_reference(without_spaces(v))
        when regexp_full_match(without_spaces(v), '[Rr][Ff][0-9]{2}[0-9A-Za-z]{1,21}') then is_mod_97(upper(without_spaces(v)))
        else false
    end;


-- Property id (kiinteistötunnus), postal code, email ------------------------------------------------------------------

create or replace temp macro is_property_id(v) as
    regexp_full_match(v, '[0-9]{1,3}-[0-9]{1,3}-[0-9]{1,4}-[0-9]{1,4}|[0-9]{14}');

-- The form for display, without padding: `232-401-12-34`.
create or replace temp macro to_property_id(v) as
    case when is_property_id(v) then
        regexp_replace(
            regexp_replace(v, '^([0-9]{3})([0-9]{3})([0-9]{4})([0-9]{4})$', '\1-\2-\3-\4'),
            '(^|-)0+([0-9])', '\1\2', 'g'
        )
    end;

create or replace temp macro is_postal_code(v) as
    regexp_full_match(v, '[0-9]{5}');

-- One `@`; before it words of the characters that mail allows unquoted (letters of any language too) with single dots
-- between; after it domain labels without a hyphen at either end, the last made of letters: a numeric address is a machine's.
create or replace temp macro is_email(v) as
    case
        when v is null then null
        when length(v) > 254 then false
        else regexp_extract(
            v,
            '^[\pL\pM\pN!#$%&''*+/=?^_`{|}~-]+(?:\.[\pL\pM\pN!#$%&''*+/=?^_`{|}~-]+)*'
            || '@(?:[\pL\pN](?:[\pL\pM\pN-]*[\pL\pM\pN])?\.)+(?:\pL[\pL\pM]+|[Xx][Nn]--[0-9A-Za-z-]*[0-9A-Za-z])$') <> ''
    end;


-- Normal forms for comparing ------------------------------------------------------------------------------------------

-- Null for the empty text. (`nullif` would compute its argument twice.)
create or replace temp macro not_empty(v) as
    list_transform([v], lambda text: case when text <> '' then text end)[1];

-- Tabs, line ends and no-break spaces as spaces.
create or replace temp macro with_plain_spaces(v) as
    case
        when not regexp_matches(v, '[^ -~À-ÿ]') then v
        else translate(v, chr(9) || chr(10) || chr(13) || chr(160) || chr(8199) || chr(8201) || chr(8239), '       ')
    end;

create or replace temp macro case_folded(v) as
    replace(lower(v), 'ß', 'ss');

-- Case-folded, the words in alphabetical order; null if there is no word. (Empty words sort first, and `ltrim` removes their spaces.)
create or replace temp macro normal_name(v) as
    not_empty(ltrim(array_to_string(list_sort(string_split(case_folded(with_plain_spaces(v)), ' ')), ' ')));

-- Case-folded, spaces folded, one space after a comma and none before it: `topeekantie 3 a 5, 61800 kauhajoki`.
create or replace temp macro normal_address(v) as
    not_empty(case
        when not regexp_matches(v, '[^ -~À-ÿ]|  | ,|,[^ ]|^ | $|,$') then case_folded(v)
        else trim(regexp_replace(regexp_replace(case_folded(with_plain_spaces(v)), ' +', ' ', 'g'), ' ?, ?', ', ', 'g'))
    end);

create or replace temp macro normal_email(v) as
    lower(v);


-- Phone, as libphonenumber reads it for region FI ---------------------------------------------------------------------

-- Every step turns a text into a text and names its argument once, so that nothing is computed twice:
--   `puh. +46 (0)70-123 45 67 ext. 8` → `+46 (0)70-123 45 67` → `+460701234567` → `46:0701234567` → `46:701234567`
--   → `+46701234567`.
-- A step that finds no number returns the empty text, which later steps pass on.

create or replace temp macro phone_punctuation() as
    '-x\x{2010}-\x{2015}\x{2212}\x{30fc}\x{ff0d}-\x{ff0f} \x{a0}\x{ad}\x{200b}\x{2060}\x{3000}'
    || '()\x{ff08}\x{ff09}\x{ff3b}\x{ff3d}.\[\]/~\x{2053}\x{223c}\x{ff5e}*';

-- Plus signs and three digits with punctuation, then also letters; the shortest that serves.
create or replace temp macro phone_base() as
    '[+\x{ff0b}]*(?:[' || phone_punctuation() || ']*\p{Nd}){3}[' || phone_punctuation() || 'A-Za-z\p{Nd}]*?';

create or replace temp macro phone_extension() as
    ';ext=\p{Nd}{1,20}'
    || '|[ \x{a0}\t,]*(?:e?xt(?:ensi(?:o\x{301}?|\x{f3}))?n?|\x{ff45}?\x{ff58}\x{ff54}\x{ff4e}?|\x{434}\x{43e}\x{431}|anexo)'
    || '[:.\x{ff0e}]?[ \x{a0}\t,-]*\p{Nd}{1,20}#?'
    || '|[ \x{a0}\t,]*(?:[x\x{ff58}#\x{ff03}~\x{ff5e}]|int|\x{ff49}\x{ff4e}\x{ff54})[:.\x{ff0e}]?[ \x{a0}\t,-]*\p{Nd}{1,9}#?'
    || '|[- ]+\p{Nd}{1,6}#'
    || '|[ \x{a0}\t]*(?:,{2}|;)[:.\x{ff0e}]?[ \x{a0}\t,-]*\p{Nd}{1,15}#?'
    || '|[ \x{a0}\t]*,+[:.\x{ff0e}]?[ \x{a0}\t,-]*\p{Nd}{1,9}#?';

-- From the first plus sign or digit to the last letter or digit, without a second number (`/ x123`).
create or replace temp macro phone_from_text(v) as
    regexp_replace(regexp_replace(regexp_extract(v, '(?s)[+\x{ff0b}\p{Nd}].*'), '[^#\pL\pN]+$', ''), '(?s)[\\/] *x.*$', '');

-- RFC 3966: a calling code as the context precedes the number, a domain is ignored, anything else makes it no number.
create or replace temp macro phone_from_uri(v) as
    case
        when regexp_matches(v, '(?s)^.*?;phone-context=\+[-.()\p{Nd}]*\p{Nd}[-.()\p{Nd}]*(?:;|$)')
            then regexp_replace(v, '(?s)^(?:.*?tel:)?(.*?);phone-context=([^;]*).*$', '\2\1')
        when regexp_matches(
            v,
            '(?s)^.*?;phone-context=(?:[A-Za-z\p{Nd}]+(?:-*[A-Za-z\p{Nd}])*\.)*[A-Za-z]+(?:-*[A-Za-z\p{Nd}])*\.?(?:;|$)'
        )
            then regexp_replace(v, '(?s)^(?:.*?tel:)?(.*?);phone-context=.*$', '\1')
        else ''
    end;

-- The number with its punctuation, without an ISDN subaddress and an extension. Two digits are enough if they stand alone.
create or replace temp macro phone_number(part) as
    regexp_replace(
        regexp_extract(
            regexp_replace(part, '(?s)^(.+?);isub=.*$', '\1'),
            '(?i)^(?:\p{Nd}{2}|' || phone_base() || '(?:' || phone_extension() || ')?)$'),
        '(?i)^(\p{Nd}{2}|' || phone_base() || ')(?:' || phone_extension() || ')$', '\1');

-- `+` if it was written, and the digits. Three or more letters are telephone keys; fewer are dropped.
create or replace temp macro phone_digits(number) as
    list_transform(
        [replace(number, '＋', '+')],
        lambda n: regexp_replace(
            case
                when not regexp_matches(n, '[^0-9+ ()./-]') then n
                when regexp_matches(n, '[A-Za-z].*[A-Za-z].*[A-Za-z]')
                    then translate(upper(n), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '22233344455566677778889999')
                when regexp_matches(n, '[^ -~]') then translate(n, unicode_digits(), unicode_digit_values())
                else n
            end,
            '^(\+?)[^0-9]*|[^0-9]+', '\1', 'g')
    )[1];

create or replace temp macro phone_written(v) as
    case
        when length(v) > 250 then ''
        when regexp_full_match(v, '[ \x{a0}()./-]*\+?(?:[ \x{a0}()./-]*[0-9]){3,}[ \x{a0}()./-]*')
            then translate(v, ' ()./-' || chr(160), '')
        else phone_digits(phone_number(
            case when contains(v, ';phone-context=') then phone_from_uri(v) else phone_from_text(v) end))
    end;

-- Calling code, colon, the rest. The code follows `+` or a Finnish international prefix (a plus before that is tolerated). Without
-- either it is the home country's, whose code may also come without a plus if only then the number makes sense or is short enough.
create or replace temp macro phone_by_country(written) as
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            written,
                            '^(?:\+|\+?(?:' || phone_home_exit() || '))(' || phone_calling_codes() || ')', '\1:'),
                        '^(?:\+|(?:' || phone_home_exit() || ')(?:[1-9]|$))[0-9]*$', ''),
                    '^(' || phone_home_code() || ')(?:0([0-9]{' || phone_home_longest() - 3 || ',})|([1-9][0-9]{'
                        || phone_home_longest() - 3 || ',}))$', '\1:\2\3'),
                '^(?:' || phone_home_general() || ')$', '!\0'),
            '^(' || phone_home_code() || ')0?((?:' || phone_home_general() || '))$', '\1:\2'),
        '^!?([0-9]+)$', phone_home_code() || ':\1');

-- Without the national prefix (a trunk or carrier code), or as the country's rule rewrites it, unless that invalidates the
-- number. `!` marks what the country's general pattern matches, `^` the end of the prefix; then `written|shorter` stand
-- side by side until one of them is chosen.
create or replace temp macro phone_without_prefix(by_country) as
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    translate(regexp_replace(
                        phone_rewritten(regexp_replace(
                            regexp_replace(
                                regexp_replace(by_country, '^(?:' || phone_general() || ')$', '!\0'),
                                '^!?(?:' || phone_prefixes() || ')', '\0^'),
                            '^(!?)([0-9]+:)([0-9]*)\^([0-9]*)$', '\1\2\3\4|\2\4')),
                        '\[[0-9]*<>\]', ''), '[]<>', ''),
                    '\|(?:' || phone_general() || ')$', '\0!'),
                '^!([^|]*)\|[^!]*$', '\1'),
            '^[^|]*\|(' || phone_acceptable() || ')!?$', '\1'),
        '^!|\|.*$', '', 'g');

create or replace temp macro phone_parsed(v) as
    phone_without_prefix(phone_by_country(phone_written(v)));

-- E.164 (`+358401234567`); null if it is no phone number.
create or replace temp macro to_e164(v) as
    case
        when regexp_full_match(v, '0[1-9](?:[ -]?[0-9]){4,11}')
            then '+358' || substr(replace(replace(v, ' ', ''), '-', ''), 2)
        when regexp_full_match(v, '\+358[ -]?[1-9](?:[ -]?[0-9]){4,11}') then replace(replace(v, ' ', ''), '-', '')
        when regexp_full_match(v, '\(?0[1-9](?:[ \x{a0}()./-]*[0-9]){4,11}')
            then '+358' || substr(translate(v, ' ()./-' || chr(160), ''), 2)
        when v is null then null
        else '+' || replace(regexp_extract_all(phone_parsed(v), '^[0-9]+:[0-9]{2,17}$')[1], ':', '')
    end;

-- True of a number that fits a numbering plan: its country's lengths and areas. Whether it is in use cannot be known.
create or replace temp macro is_phone(v) as
    case
        when regexp_full_match(v, '(?:\(?0|\+358[ -]?)[1-9](?:[ \x{a0}()./-]*[0-9]){4,11}')
            then regexp_full_match(translate(v, ' ()./-' || chr(160), ''), '(?:0|\+358)(?:' || phone_home_valid() || ')')
        when v is null then null
        else list_transform(
            [string_split(phone_parsed(v), ':')],
            lambda parts: coalesce(regexp_full_match(parts[2], phone_valid_of(parts[1])), false)
        )[1]
    end;

-- True of digits that are a calling code and a valid number behind it.
create or replace temp macro is_international_number(digits) as
    list_transform(
        [regexp_extract(digits, '^(' || phone_calling_codes() || ')')],
        lambda code: regexp_full_match(substr(digits, length(code) + 1), phone_valid_of(code))
    )[1];

-- True of a number of a possible length, whatever its digits.
create or replace temp macro is_possible_phone(v) as
    case
        when regexp_full_match(v, '(?:\(?0|\+358[ -]?)[1-9](?:[ \x{a0}()./-]*[0-9]){4,11}') then true
        when v is null then null
        else regexp_full_match(phone_parsed(v), phone_possible())
    end;


-- Identifiers in free text --------------------------------------------------------------------------------------------

-- Doubles every character that is neither letter nor digit, so that two neighbours can each have one as their border.
create or replace temp macro with_double_separators(t) as
    regexp_replace(t, '([^\pL\pN])', '\1\1', 'g');

-- Blanks of any width as a space, and every dash as a hyphen: word processors replace what was typed.
create or replace temp macro with_plain_signs(t) as
    translate(t, chr(160) || chr(8199) || chr(8201) || chr(8239) || '‐‑‒–—―−﹣－', '    ---------');

-- True if the text has a valid identity code, with any dash, that is not part of a longer run of letters and digits.
create or replace temp macro free_text_identity_code(t) as
    case
        when t is null then null
        when not regexp_matches(
            t, '[0-3][0-9][01][0-9]{3}[-+A-FU-Ya-fu-y\x{2010}-\x{2015}\x{2212}\x{fe63}\x{ff0d}][0-9]{3}[0-9A-Ya-y]'
        ) then false
        else len(list_filter(
            regexp_extract_all(
                with_double_separators(with_plain_signs(t)),
                '(?:^|[^\pL\pN])([0-9]{6}(?:--|\+\+|[A-FU-Ya-fu-y])[0-9]{3}[0-9A-Ya-y])(?:$|[^\pL\pN])', 1),
            lambda code: is_identity_code(replace(replace(code, '--', '-'), '++', '+'))
        )) > 0
    end;

-- True if the text has a valid IBAN: of its country's length, in any case, with single blanks or hyphens anywhere. It must
-- have five digits besides its check digits: two letters and two digits before ordinary words are no account.
create or replace temp macro free_text_iban(t) as
    case
        when t is null then null
        when not regexp_matches(
            t, '[A-Za-z]{2}[0-9]{2}(?:[- \x{a0}\x{2007}\x{2009}-\x{2015}\x{202f}\x{2212}\x{fe63}\x{ff0d}]?[0-9A-Za-z]){11}'
        ) then false
        else len(list_filter(
            regexp_extract_all(
                with_double_separators(translate(
                    with_plain_signs(t), 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')),
                '(?:^|[^\pL\pN])(' || iban_run() || ')(?:$|[^\pL\pN])', 1),
            lambda run: regexp_matches(run, '^.{4}(?:.*[0-9]){5}') and is_mod_97(translate(run, ' -', ''))
        )) > 0
    end;

-- True if the text has an email address; its last part is letters, which excludes `5 kpl@3.50`.
create or replace temp macro free_text_email(t) as
    case
        when t is null then null
        when not contains(t, '@') then false
        else regexp_extract(t, '(?:^|[^@\pL\pN._%+-])[\pL\pN._%+-]*[\pL\pN_%+-]@[\pL\pN](?:[\pL\pN-]*\.)+\pL{2,}(?:$|[^@\pL\pN])') <> ''
    end;

-- Phone numbers in text. First the text is cleaned, one step a line, the innermost first; `_` blocks what touches it:
--   one kind of space and hyphen; line ends are no separators
--   `puh.`, `gsm:` and the like before a number
--   `+358 (0)`, `00358` as `+0`: from here on every number begins with 0, and a plus says that it is certainly a phone number
--   foreign numbers (left to `free_text_foreign_phone`), email addresses, IBANs and RF references (also mistyped ones)
--   identity codes, business ids, dates with hyphens
--   property ids: 040, 041, 042, 044 and 045 are no municipalities; 043, 046, 047, 050 are, with villages 4xx and up or 0xx
--   references in groups after the word for one (`viite`), references in groups of five, cards in groups of four
--   `(06) 231`, `(0)40`; `040.123 4567` and `040/1234567` of mobile numbers only: elsewhere a dot makes dates and a slash invoices
--   two numbers with a slash or comma between them: the first counts
--   a dot, comma, colon or slash between digits joins both into a longer run, as does a hyphen after letters or before `123X`
--   any other sign stands alone
create or replace temp macro free_text_phone_cleared(t) as
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
    regexp_replace(
        translate(t, chr(160) || chr(8239) || chr(8201) || '‐‑‒–—−' || chr(10) || chr(13) || chr(9), '   ------;;;'),
        '(?i)(^|[^\pL\pN])(?:(?:matka)?puh(?:elin(?:numero)?)?|tel|gsm|p|t|m)[.:]{0,2}-?([(+]|0[1-9])', '\1 \2', 'g'),
        '(^|[^\pL\pN_#+])(?:\+ ?|00)358[ )-]{0,3}\(?0?\)?[ -]{0,2}\(?([1-9])', '\1 +0\2', 'g'),
        '( \+0[1-9][0-9]{0,2})\)[ -]?', '\1 ', 'g'),
        '\+ ?[1-9](?:[ ()/.-]{0,3}[0-9]){6,14}|[\pL\pN._%+-]+@[\pL\pN.-]+', '_', 'g'),
        '\bFI[0-9]{2}(?: ?[0-9]{4}){3} ?[0-9]{2}\b|\b[A-Z]{2}[0-9]{2}(?: [0-9A-Z]{4}\b){2,7}(?: [1-9A-Z][0-9A-Z]{0,2}\b)?'
            || '|\b[Rr][Ff][0-9]{2} [0-9A-Za-z]{1,4}\b(?: [1-9A-Z][0-9A-Z]{0,3}\b)?', '_', 'g'),
        '(?i)\b(?:maksu)?viit(?:e|teen|teellä|enumero)[.:]{0,2} {0,2}(?:[0-9]{1,5}(?: [0-9]{5}\b)+|[0-9]{1,4}(?: [0-9]{4}\b)+(?: [0-9]{1,4}\b)?'
            || '|[0-9]{1,3}(?: [0-9]{3}\b)+(?: [0-9]{1,3}\b)?)', '_', 'g'),
        '\b[0-9]{6}[-+A-FU-Ya-fu-y][0-9]{3}[0-9A-Ya-y]\b|\b[0-9]{7}-[0-9]\b'
            || '|\b[0-3]?[0-9]-[01]?[0-9]-(?:19|20)[0-9]{2}\b|\b(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]\b', '_', 'g'),
        '\b(?:(?:0(?:[0-35-9][0-9]|4[89])|[1-9][0-9]{0,2})-[0-9]{1,3}|0(?:4[367]|50)-(?:0?[0-9]{1,2}|[4-9][0-9]{2}))'
            || '-[0-9]{1,4}-[0-9]{1,4}\b', '_', 'g'),
        '\b[0-9]{1,5}(?: [0-9]{5}\b){2,}|\b(?:[0-9]{4} ){2,}[0-9]{4}\b(?: [0-9]{1,4}\b)?', '_', 'g'),
        '(^|[^\pL\pN_#+])\((0[0-9]{1,3})\)[ -]?', '\1 \2 ', 'g'),
        '(^|[^\pL\pN_#+])\(0\)[ -]?([1-9])', '\1 0\2', 'g'),
        '(^|[^\pL\pN_.,/])(0(?:4[0-9]|50))[./]([0-9]{3})[ .]?([0-9]{3,4})\b', '\1\2 \3\4', 'g'),
        '([0-9]{3})[/,](\(?0[0-9]{2}|\+0)', '\1 ; _\2', 'g'),
        '([0-9])([.,:/])([0-9])', '\1_\2_\3', 'g'),
        '([0-9])([.,:/])([0-9])', '\1_\2_\3', 'g'),
        '(\pL)-([0-9])|([0-9])(-[0-9]+\pL)', '\1\3_\2\4', 'g'),
        '([^\pL\pN _+#-])', ' \1 ', 'g');

-- One number or not: `written` is groups of digits with one space between. Grouped like phone numbers (an area or
-- operator code first, unless it is in one piece), no month or date, and valid by the numbering plan. Among other
-- groups of digits (not `alone`) it must be a long one.
create or replace temp macro free_text_is_phone(written, alone) as
    regexp_matches(
        written,
        '^(?:\+0[1-9][0-9]*(?: [0-9]{1,8}){0,5}'
        || '|0[1-9][0-9]{4,11}'
        || '|(?:0[235689]|0[1-9][0-9]|0[1-9]00|0[23]0[0-9])(?: [0-9]{2,8}){1,4}'
        || '|0(?:4[0-9]|50)[0-9] (?:[0-9]{3} ?[0-9]{3,4}|[0-9]{6,7}))$')
    and not regexp_matches(written, '^0[1-9](?: (?:0[1-9]|1[0-2]))? (?:19|20)[0-9]{2}$|^[0-9]{4} [0-9]{4} [0-9]{1,3}$')
    and regexp_full_match(translate(written, ' ', ''), '\+?0(?:' || phone_home_valid() || ')')
    and (alone or regexp_matches(written, '^\+|^(?: ?[0-9]){9}'));

-- True of a run of groups that is a reference number: in threes, fours or fives, no leading zero, and the right check digit.
create or replace temp macro free_text_is_reference(run) as
    case
        when not regexp_matches(
            run, '^[1-9][0-9]{0,4}(?: [0-9]{5})+$|^[1-9][0-9]{0,3}(?: [0-9]{4})+(?: [0-9]{1,4})?$|^[1-9][0-9]{0,2}(?: [0-9]{3}){3,}$'
        ) or length(replace(run, ' ', '')) > 20 then false
        else is_national_reference(replace(run, ' ', ''))
    end;

-- True if the text has a valid phone number.
create or replace temp macro free_text_phone(t) as
    case
        when t is null then null
        else free_text_home_phone(t) or free_text_foreign_phone(t)
    end;

-- True if the text has a valid Finnish phone number, written with a leading `0`, `(0`, `+358` or `00358`, that is not part
-- of a longer run. Runs of groups of digits are checked group by group, since a house number, a postal code or a date
-- may be right beside the number.
create or replace temp macro free_text_home_phone(t) as
    case
        when not regexp_matches(
            t,
            '(?:^|[^0-9])(?:0[1-9]|\(0|(?:00|\+ ?)358)(?:[-() \x{a0}\x{2009}\x{202f}\x{2010}-\x{2015}\x{2212}]*[0-9]){3}'
            || '|0(?:4[0-9]|50)[./][0-9]'
        ) then false
        else len(list_filter(
            regexp_extract_all(
                free_text_phone_cleared(t),
                '(?:^|[^\pL\pN_#+])(\+?[0-9]+(?:(?: ?- ?| {1,2})[0-9]+)*)(?:$|[^\pL\pN_])', 1),
            lambda run: not free_text_is_reference(run) and len(list_filter(
                [string_split(regexp_replace(regexp_replace(run, ' +-? *|- +', ' ', 'g'), '-', ' -', 'g'), ' ')],
                lambda groups: len(list_filter(
                    range(1, len(groups) + 1),
                    lambda i: regexp_matches(groups[i], '^\+?0') and len(list_filter(
                        range(i, least(len(groups), i + 5) + 1),
                        lambda j: free_text_is_phone(
                            replace(array_to_string(groups[i:j], ' '), '-', ''), i = 1 and j = len(groups))
                    )) > 0
                )) > 0
            )) > 0
        )) > 0
    end;

-- True if the text has a valid number of any country, written with `+`: at least nine digits, and no sum of millions. What
-- follows the plus is checked from its beginning to the end of each group, since other groups of digits may follow directly.
create or replace temp macro free_text_foreign_phone(t) as
    case
        when not contains(t, '+') then false
        when not regexp_matches(t, '\+ ?[1-9](?:[^0-9+]{0,3}[0-9]){8}') then false
        else len(list_filter(
            regexp_extract_all(
                regexp_replace(with_plain_signs(t), '(\+ ?[1-9][0-9]{0,2}[ )]{0,2})\(0\)', '\1 ', 'g'),
                '(?:^|[^\pL\pN_#+])\+ ?([1-9][0-9]*(?:[ ()./-]{1,3}[0-9]+)*)(?:$|[^\pL\pN])', 1),
            lambda run: len(list_filter(
                [string_split(regexp_replace(run, '[ ()./-]+', ' ', 'g'), ' ')],
                lambda groups: len(list_filter(
                    range(1, least(len(groups), 8) + 1),
                    lambda j: length(array_to_string(groups[1:j], '')) between 9 and 17
                        and not regexp_matches(array_to_string(groups[1:j], ' '), ' 000 000$|^[0-9]{1,3}(?: [0-9]{3})+ 000$')
                        and is_international_number(array_to_string(groups[1:j], ''))
                )) > 0
            )) > 0
        )) > 0
    end;

-- The kinds found, in this order; null if there is none. Every kind needs two digits in a row or an `@`.
create or replace temp macro free_text_kinds(t) as
    case when regexp_matches(t, '[0-9]{2}|@') then
        not_empty(concat_ws(', ',
            case when free_text_identity_code(t) then 'identity code' end,
            case when free_text_iban(t) then 'IBAN' end,
            case when free_text_email(t) then 'email address' end,
            case when free_text_phone(t) then 'phone number' end
        ))
    end;

-- The same for messages, in which addresses and phone numbers are expected.
create or replace temp macro free_text_codes(t) as
    case when regexp_matches(t, '[0-9]{2}') then
        not_empty(concat_ws(', ',
            case when free_text_identity_code(t) then 'identity code' end,
            case when free_text_iban(t) then 'IBAN' end
        ))
    end;

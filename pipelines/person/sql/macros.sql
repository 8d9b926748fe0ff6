-- The form in which names are compared: case and accents folded, words in alphabetical order; the parts of a double name are words.
create or replace temp macro folded_name(v) as strip_accents(normal_name(replace(replace(v, ',', ' '), '.', ' ')));
create or replace temp macro name_words(v) as list_filter(list_distinct(string_split(replace(folded_name(v), '-', ' '), ' ')), lambda word: length(word) > 1);
-- The last letters and digits of a telephone number or an account, in any notation.
create or replace temp macro last_signs(v) as right(regexp_replace(upper(v), '[^A-Z0-9]', '', 'g'), 7);

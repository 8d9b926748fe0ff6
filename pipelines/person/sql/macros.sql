-- What names are compared by: case and accents folded, the words in alphabetical order.
create or replace temp macro folded_name(v) as strip_accents(normal_name(replace(replace(v, ',', ' '), '.', ' ')));
create or replace temp macro name_words(v) as list_filter(list_distinct(string_split(folded_name(v), ' ')), lambda word: length(word) > 1);
-- True where two names can be one person's: a word in common, or two that differ by a slip of the hand. A name that is not known can be anybody's.
create or replace temp macro names_agree(a, b) as
    a is null or b is null
    or list_has_any(name_words(a), name_words(b))
    or len(list_filter(
        name_words(a),
        lambda x: len(list_filter(
            name_words(b),
            lambda y: damerau_levenshtein(x, y) <= case when least(length(x), length(y)) > 4 then 2 else 1 end
                or jaro_winkler_similarity(x, y) >= 0.88
        )) > 0
    )) > 0;

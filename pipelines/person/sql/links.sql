-- A row is one pair of members that may be one person, with the level of every comparison. Reads predicted, linkage_members (both
-- in memory). Left out: an organisation and a person, two different valid identity codes, two known business ids (they differ, or
-- keys have joined the pair already), and one identity code (the same) unless the names have nothing in common. Parameters: none.
create or replace temp table link as
with paired as (
    select
        p.match_probability as probability,
        l.unique_id as left_member,
        r.unique_id as right_member,
        l.valid_codes as left_codes,
        r.valid_codes as right_codes,
        p.gamma_name as name_level,
        coalesce(p.gamma_code, -1) as code_level,
        p.gamma_phone = 1 as phone_agrees,
        p.gamma_email = 2 as email_agrees,
        p.gamma_email = 0 or p.gamma_account = 0 as contact_differs,
        p.gamma_account = 1 as account_agrees,
        p.gamma_place = 1 as place_agrees,
        p.gamma_place = 0 as place_differs,
        not (l.is_subject and r.is_subject) as is_loose,
        coalesce(l.given_name = r.given_name, l.name = r.name, false) as given_agrees,
        coalesce(
            damerau_levenshtein(l.given_name, r.given_name) <= 2
            and (list_contains(l.rare_words, l.given_name) or list_contains(r.rare_words, r.given_name)),
            false
        ) as given_is_slip,
        coalesce(
            len(list_filter(l.rare_words, lambda word: not list_contains(r.words, word))) > 0
            or len(list_filter(r.rare_words, lambda word: not list_contains(l.words, word))) > 0,
            false
        ) as is_slip
    from predicted as p
    join linkage_members as l on l.unique_id = p.unique_id_l
    join linkage_members as r on r.unique_id = p.unique_id_r
    where p.match_probability >= {{ least }}
      and coalesce(l.is_organisation, r.is_organisation, false) = coalesce(r.is_organisation, l.is_organisation, false)
      and (l.valid_codes is null or r.valid_codes is null or (list_has_any(l.valid_codes, r.valid_codes) and p.gamma_name = 0))
      and (l.business_ids is null or r.business_ids is null)
),
judged as (
    select
        *,
        probability >= {{ probable }} and (
            -- Codes alike are also those of twins, who share a surname and an address, too.
            (name_level >= 2 and (code_level >= 1 or account_agrees))
            or (code_level >= 1 and (email_agrees or account_agrees))
            or (code_level = 2 and (name_level = 1 or place_agrees))
            or (name_level >= 2 and email_agrees and (given_agrees or is_slip) and (name_level >= 3 or phone_agrees or not contact_differs))
            or (name_level in (2, 3) and given_agrees and phone_agrees)
            -- A name that nobody else has, beside one like it, is a slip of the hand; Aino and Eino are two.
            or (name_level = 3 and is_slip and (phone_agrees or email_agrees))
            or (name_level in (0, 1) and given_is_slip and (phone_agrees or email_agrees or account_agrees))
            -- A namesake who lives elsewhere has a phone of his own.
            or (name_level >= 4 and phone_agrees and place_differs)
            -- A loose record: where a namesake is in the register too, he is its rival.
            or (is_loose and name_level >= 4 and phone_agrees and place_agrees and not contact_differs)
            or (is_loose and name_level = -1 and phone_agrees and email_agrees)
        ) as is_likely
    from paired
),
partners as (
    select left_member as member, right_member as other from judged where is_likely
    union
    select right_member, left_member from judged where is_likely
    union
    select a.unique_id, b.unique_id
    from (select unique_id, unnest(valid_codes) as code from linkage_members) as a
    join (select unique_id, unnest(valid_codes) as code from linkage_members) as b on b.code = a.code and b.unique_id <> a.unique_id
),
rivals as (
    -- A member with two data subjects as partners, of whom nothing says that they are one: which of them it is, nobody can tell.
    select a.member
    from partners as a
    join partners as b on b.member = a.member and b.other > a.other
    left join partners as c on c.member = a.other and c.other = b.other
    where c.member is null and starts_with(a.other, {{ (subject ~ "/") | literal }}) and starts_with(b.other, {{ (subject ~ "/") | literal }})
    group by a.member
)
select
    *,
    is_likely and left_member not in (select member from rivals) and right_member not in (select member from rivals) as is_probable
from judged
order by probability desc, left_member, right_member

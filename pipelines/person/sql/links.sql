-- A row is one pair of members that may be one person, with the level of every comparison. Reads predicted, linkage_members (both
-- in memory). Left out: an organisation or an estate with a person, two different valid identity codes, two known business ids
-- (they differ, or keys have joined the pair already), one identity code (the same) unless the given names differ, two given names
-- that people in this register have, unless a code speaks for one person, and a record without a number that is {{ times }} times more
-- likely another's. Parameters: none.
create or replace temp table link as
with paired as (
    select
        p.match_probability as probability,
        p.match_weight as weight,
        l.unique_id as left_member,
        r.unique_id as right_member,
{% for name in comparisons %}
        coalesce(p.gamma_{{ name }}, -1) as {{ name }}_level,
{% endfor %}
        not (l.is_subject and r.is_subject) as is_loose,
        l.is_subject as left_is_subject,
        r.is_subject as right_is_subject,
        coalesce(l.kind, '') = 'estate' or coalesce(r.kind, '') = 'estate' as is_of_estate,
        l.bearers > 2 and r.bearers > 2 as are_common,
        coalesce(
            damerau_levenshtein(l.given, r.given) <= 2
            and (list_contains(l.rare_words, l.given) or list_contains(r.rare_words, r.given)),
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
    where p.match_probability >= case when l.is_subject and r.is_subject then {{ least_double }} else {{ least }} end
      and case
        when l.kind = 'estate' or r.kind = 'estate' then l.kind = r.kind
        when l.kind = 'firm' or r.kind = 'firm' then coalesce(l.kind, r.kind) = coalesce(r.kind, l.kind) and not (l.is_subject and l.kind is null) and not (r.is_subject and r.kind is null)
        else true
      end
      and (l.valid_codes is null or r.valid_codes is null or (list_has_any(l.valid_codes, r.valid_codes) and p.gamma_given <= {{ level("given", "given names alike") }}))
      and (l.business_ids is null or r.business_ids is null)
      -- Nobody can be asked for by two records without a number.
      and (l.is_subject or r.is_subject or starts_with(l.unique_id, '?/') or starts_with(r.unique_id, '?/'))
),
agreeing as (
    select
        *,
        case
            when surname_level = -1 and given_level = -1 then -1
            when surname_level >= {{ level("surname", "a part of the surname") }} and given_level = {{ level("given", "the same given name") }} then 5
            when surname_level >= {{ level("surname", "names the other way round") }} and given_level in ({{ level("given", "one of the given names") }}, {{ level("given", "names the other way round") }}) then 4
            when surname_level >= 1 and given_level in ({{ level("given", "the same given name") }}, {{ level("given", "given names that differ by a slip") }}) then 3
            when given_level >= {{ level("given", "one of the given names") }} then 2
            when surname_level >= 1 or given_level >= 1 then 1
            else 0
        end as name_level,
        phone_level = {{ level("phone", "the same phone") }} as phone_agrees,
        email_level = {{ level("email", "the same email") }} as email_agrees,
        email_level = 0 or account_level = 0 as contact_differs,
        account_level = 1 as account_agrees,
        place_level >= {{ level("place", "the same house") }} as place_agrees,
        place_level between 0 and {{ level("place", "the same postal code") }} as place_differs,
        given_level >= {{ level("given", "one of the given names") }} as given_agrees
    from paired
    where given_level not in (0, {{ level("given", "given names alike") }})
       or code_level = {{ level("code", "the same identity code") }}
       or (birth_level > 0 and place_agrees)
       or (not are_common and (birth_level > 0 or code_level > 0))
       or given_is_slip
       or (given_level > 0 and (email_agrees or account_agrees))
),
judged as (
    select
        *,
        probability >= {{ probable }} and (given_level not in (0, {{ level("given", "given names alike") }}) or given_is_slip or not are_common) and (
            -- Twins have similar codes, and share a surname and an address, too.
            (name_level >= 2 and (code_level >= 1 or account_agrees))
            or (code_level >= 1 and (email_agrees or account_agrees))
            or (code_level = {{ level("code", "the same identity code") }} and (name_level = 1 or place_agrees))
            or (name_level >= 2 and email_agrees and (given_agrees or is_slip) and (name_level >= 3 or phone_agrees or not contact_differs))
            or ((name_level = 3 or (name_level = 2 and not is_loose)) and given_agrees and phone_agrees)
            -- A name that nobody else has, beside a similar one, is a typing error; Aino and Eino are two.
            or (name_level = 3 and is_slip and (phone_agrees or email_agrees))
            or (name_level in (0, 1) and given_is_slip and (phone_agrees or email_agrees or account_agrees))
            -- A namesake who lives elsewhere has their own phone.
            or (name_level >= 4 and phone_agrees and place_differs)
            -- A loose record: if a namesake is in the register too, the namesake is a rival candidate.
            or (is_loose and name_level >= 4 and phone_agrees and place_agrees and not contact_differs)
            or (is_loose and name_level = -1 and phone_agrees and email_agrees)
        ) as is_likely
    from agreeing
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
    -- A member paired with two data subjects that nothing shows to be one person: which of them it is, cannot be known.
    select a.member
    from partners as a
    join partners as b on b.member = a.member and b.other > a.other
    left join partners as c on c.member = a.other and c.other = b.other
    where c.member is null and starts_with(a.other, {{ (subject ~ "/") | literal }}) and starts_with(b.other, {{ (subject ~ "/") | literal }})
    group by a.member
),
best as (
    -- The probability of the likeliest data subject of a record without a number.
    select case when left_is_subject then right_member else left_member end as member, max(weight) as weight
    from judged
    where left_is_subject <> right_is_subject
    group by 1
)
select
    j.*,
    is_likely and left_member not in (select member from rivals) and right_member not in (select member from rivals) as is_probable
from judged as j
left join best as b on j.left_is_subject <> j.right_is_subject
    and b.member = case when j.left_is_subject then j.right_member else j.left_member end
where b.member is null or j.weight >= b.weight - log2({{ times }})
order by probability desc, left_member, right_member

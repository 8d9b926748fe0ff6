-- A row is one decision of a home, newest first, from every table of decisions. known: the tables that this home has.
-- Parameters: known.
with entries as (
    select null::date as decided_on, '' as period, '' as what, '' as about, 0::bigint as findings, '' as decided_by,
        '' as second_name, '' as reason, 0 as part, 0::bigint as number
    where false
{% if "journal" in known %}
    union all
    select decided_on, period, what, about, findings, decided_by, coalesce(second_name, ''), reason, 9, number from ledger.journal
{% endif %}
{% if "acceptances" in known %}
    union all
    select null, min(a.from_period), 'accept', a.acceptance, count(*), min(a.accepted_by), min(coalesce(a.second_name, '')),
        min(a.reason), 1, 0
    from ledger.acceptances as a
    {% if "journal" in known %}
    where a.acceptance not in (select about from ledger.journal where what in ('accept', 'extend'))
    {% endif %}
    group by a.acceptance
{% endif %}
{% if "withdrawals" in known %}
    union all
    select null, w.from_period, 'withdraw', w.acceptance, count(*), min(w.withdrawn_by), '', min(w.reason), 2, 0
    from ledger.withdrawals as w
    {% if "journal" in known %}
    where w.acceptance not in (select about from ledger.journal where what = 'withdraw')
    {% endif %}
    group by w.from_period, w.acceptance
{% endif %}
{% if "reports" in known %}
    union all
    select null, period, 'worklist', source, count(*), '', '', '', 3, min(number)
    from ledger.reports
    where source <> 'desk'
    group by period, source
{% endif %}
{% if "attestations" in known %}
    union all
    select attested_on, '', 'attest', statement, 0, attested_by, '', note, 4, entry from attestations
{% endif %}
{% if "subject_answers" in known %}
    union all
    select cast(substr(said_at, 1, 10) as date), '', 'offer ' || answer, '', 0, said_by, '', why, 5, 0 from subject_answers
{% endif %}
{% if "subject_redactions" in known %}
    union all
    select cast(substr(said_at, 1, 10) as date), '', 'redaction ' || answer, '', 0, said_by, '', why, 6, 0 from subject_redactions
{% endif %}
)
select decided_on, period, what, about, findings, decided_by, second_name, reason
from entries
order by coalesce(decided_on, try_cast(period as date)) desc nulls last, part desc, number desc, what, about

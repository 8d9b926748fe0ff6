-- A row is one finding handed out only in part: hides_customer, hides_key (it contains the customer's number), hides_detail.
-- A finding that reveals a protected address removes the customer's number from every finding on its record, unless the record
-- is the data subject's own: there nothing joins the rows. reference replaces what is hidden: a running number in an order
-- that says nothing of keys. Reads results.*, listing_rules. Parameters: subject, period, holds_number.
-- that says nothing of keys. Reads results.*, listing_rules. Parameters: subject, period, holds_number.
create or replace table results.reserved as
with telling as (
    select distinct dataset, record_key
    from results.findings
    where rule in (select rule from results.telling_rules)
),
judged as (
    select
        f.rule, f.dataset, f.record_key, f.field, f.customer_number, f.detail,
        f.customer_number <> '' and (
            f.rule in (select rule from results.telling_rules)
            or (t.record_key is not null and f.dataset <> {{ subject | literal }})
        ) as hides_customer,
        l.rule is not null as lists
    from results.findings as f
    left join telling as t on t.dataset = f.dataset and t.record_key = f.record_key
    left join listing_rules as l on l.rule = f.rule and l.dataset = f.dataset
)
select
    rule, dataset, record_key, field, hides_customer,
    hides_customer and {{ holds_number }} as hides_key,
    detail <> '' and (lists or (hides_customer and contains(detail, customer_number))) as hides_detail,
    'R' || {{ period | literal }} || '-' || row_number() over (
        order by not hides_customer, sha256(concat_ws('|', rule, dataset, record_key, field))
    ) as reference
from judged
where hides_customer or (lists and detail <> '')
order by rule, dataset, record_key, field

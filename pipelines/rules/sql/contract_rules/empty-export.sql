/*
title: An export without a row
category: structure
severity: high
about: feed
why: An export that had rows and now has none was cut off or filtered; that nothing is found in it proves nothing.
todo: Export the whole register again; look at the export's own filter. Where the register really is empty, say so by an acceptance.
mandate: GDPR art. 5(1)(d) and 5(2)
owner: keeper of the system
reviewed: 2026-06-01
review_by: 2027-06-30
*/
select '' as record_key, '' as field, rows_before || ' rows before' as detail
from feed.files
where dataset = {{ contract.dataset | literal }} and status = 'read' and rows_registered = 0 and rows_before > 0

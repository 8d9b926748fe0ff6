-- A row is one number of a customer with something open: an amount in the own ledger, a claim, or a refund not yet paid.
select customer_number from registry.own_ledger where open_amount <> 0
union
select customer_number from registry.claims where resolved_on is null
union
select customer_number from registry.invoices where refund_due

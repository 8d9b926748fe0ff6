-- A row is one ledger row of the own company.
select *
from registry.ledger
where company = $own_company

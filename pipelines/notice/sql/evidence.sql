-- A row is one way in which a rule evidences a statement; see expectations/notice.yaml. Parameters: none.
create or replace temp table notice_evidence (
    statement varchar, rule varchar, datasets varchar[], fields varchar[], headers varchar, not_headers varchar, detail varchar,
    rest boolean, lasting boolean, blinds boolean
)

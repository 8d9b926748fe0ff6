-- Adds the rejected rows of one file, and their cells, to those of the others. Parameters: none.
{% set own = ("rejected of " ~ table) | ident %}
insert into raw.rejected_rows by name
select * from raw.{{ own }};

insert into feed.rejected_cells by name
select * from feed.{{ own }};

drop table raw.{{ own }};

drop table feed.{{ own }};

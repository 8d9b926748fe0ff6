-- A row is one period taken in; note has its as-of date, its files and its expectations.
create table if not exists periods (period varchar primary key, note json)

-- A row is one period taken in; note says as of when, from which files, by which expectations.
create table if not exists periods (period varchar primary key, note json)

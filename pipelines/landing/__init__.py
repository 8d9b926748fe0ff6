"""Exports in: files to raw tables, every cell as text with its line; what could not be read is kept as rejected.

For other rooms:

    land       exports into raw.*
    periods    which period folders there are, and which have changed
    apart      reading in another process
    lines      bytes to physical lines
    seeming    what a file seems to be where its contract says otherwise

Within the room:

    reading    the process that reads
    records    lines to records, and the rejected rest
    straight   rows that need no judging, read by DuckDB
    headers    the header record
    mending    headers with one wrong mark, as they must have been
    quoting    quotes, and lines that cannot be trusted
    dialect    other delimiters and quotes
    encodings  what encoding a file seems to have
    sheets     worksheets to text
"""

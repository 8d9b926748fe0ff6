"""Reads exports into raw tables, every cell as text with its line; unreadable rows are kept as rejected.

For other rooms:

    land       exports into raw.*
    periods    which period folders exist, and which have changed
    apart      reading in another process
    lines      bytes to physical lines
    seeming    what a file looks like when it contradicts its contract

Within the room:

    reading    the process that reads
    records    lines to records, and the rejected remainder
    straight   unambiguous rows, read by DuckDB
    headers    the header record
    mending    repairs headers with one wrong character
    quoting    quotes, and lines that cannot be trusted
    dialect    other delimiters and quotes
    encodings  guesses a file's encoding
    sheets     worksheets to text
"""

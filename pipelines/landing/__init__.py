"""Reads exports into raw tables, every cell as text with its line; unreadable rows are kept as rejected.

For other rooms:

    land       exports into raw.*
    periods    which period folders exist, and which have changed
    apart      reading in another process
    lines      bytes to physical lines
    encodings  guesses a file's encoding
    seeming    what a file looks like when it contradicts its contract

Within the room:

    reader     the child process that reads files, seen from the parent
    reading    that process itself
    frames     the messages between the two
    tables     worksheets, Parquet, JSON lines and worklists to rows
    records    lines to records, and the rejected remainder
    straight   unambiguous rows, read by DuckDB
    headers    the header record
    mending    repairs headers with one wrong character
    quoting    quotes, and lines that cannot be trusted
    dialect    other delimiters and quotes
    sheets     cells of worksheets to text
    typed      cells of Parquet and JSON lines to text
"""

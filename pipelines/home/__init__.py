"""The folder that state lives in: databases, keys, what guards them, what is purged. Knows neither ledger nor report.

For other rooms:

    store        what other rooms use of a home: periods, connections, the lock, what brings a period into force
    guard        what a connection may reach, and how damage shows
    keys         the key of the databases: kept, made, moved
    rotation     another key for a home
    purge        old periods' registries removed
    sealed       notebooks of the home, encrypted one by one
    atomic       small files written whole or not at all

Within the room:

    folder       the home as a folder
    connections  the only module that opens DuckDB
    exchange     the last step of a rotation
    typed        typed keys
"""

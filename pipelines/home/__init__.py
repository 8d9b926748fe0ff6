"""The folder with all state: databases, keys, their protection, purging. Knows neither ledger nor report.

For other rooms:

    store        what other rooms use of a home: periods, connections, the lock, bringing a period into force
    guard        what a connection can reach, and how damage shows
    keys         the key of the databases: kept, made, moved
    rotation     a new key for a home
    purge        removal of old periods' registries
    sealed       notebooks of the home, encrypted one by one
    atomic       small files written whole or not at all

Within the room:

    folder       the home as a folder
    connections  the only module that opens DuckDB
    exchange     the last step of a rotation
    typed        typed keys
"""

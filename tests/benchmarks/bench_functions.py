"""Values per second and core of each macro, beside one plain regexp over the same column.

python tests/benchmarks/bench_functions.py [rows]
"""

import sys
import time

import duckdb

from pipelines.registry import functions

COLUMNS = {
    "identity_code": """printf('%02d%02d%02d-9%02d%s', 1 + i % 28, 1 + i % 12, i % 100, i % 97,
        substr('0123456789ABCDEFHJKLMNPRSTUVWXY', i % 31 + 1, 1))""",
    "business_id": "printf('%07d-%d', 1000000 + i * 7 % 8999999, i % 10)",
    "iban": "printf('FI%02d %04d %04d %04d %02d', i % 97, i % 9999, i * 3 % 9999, i * 7 % 9999, i % 100)",
    "foreign_iban": "printf('GB%02dWEST%014d', i % 97, i)",
    "reference": "printf('%d', 10000000000 + i * 13)",
    "property_id": "printf('232-4%02d-%d-%d', i % 100, i % 99, i % 999)",
    "postal_code": "printf('618%02d', i % 100)",
    "email": "printf('etunimi.sukunimi%d@example.fi', i)",
    "phone": "printf('04%d %d %d', i % 7, 100 + i % 899, 1000 + i % 8999)",
    "mixed_phone": """case
        when i % 100 = 0 then printf('+46 70 %07d', i % 9999999)
        when i % 100 = 1 then printf('puh. 040 %07d', i % 9999999)
        when i % 100 < 6 then printf('(06) %03d %04d', 200 + i % 700, i % 9999)
        when i % 100 < 16 then printf('+35850%07d', i % 9999999)
        else printf('040-%07d', i % 9999999) end""",
    "name": "printf('Meikäläinen-%d Maija', i)",
    "address": "printf('Topeekantie %d A 5, 61800 KAUHAJOKI', i % 300)",
    "text": """case
        when i % 50 = 0 then printf('%d.2. soitto 040 %07d, tili FI21 1234 5600 0007 85.', i % 28 + 1, i % 9999999)
        else printf('Mittari %d, %02d.02.2026 klo 08.15, lukema %d m³, lasku %d/2026.', i * 7, i % 28 + 1, i % 999, i)
    end""",
}
BENCHES = [
    ("is_identity_code", "identity_code"),
    ("is_temporary_identity_code", "identity_code"),
    ("is_business_id", "business_id"),
    ("to_business_id", "business_id"),
    ("is_iban", "iban"),
    ("is_iban", "foreign_iban"),
    ("to_iban", "iban"),
    ("is_reference_number", "reference"),
    ("is_property_id", "property_id"),
    ("to_property_id", "property_id"),
    ("is_postal_code", "postal_code"),
    ("is_email", "email"),
    ("to_e164", "phone"),
    ("is_phone", "phone"),
    ("to_e164", "mixed_phone"),
    ("is_phone", "mixed_phone"),
    ("normal_name", "name"),
    ("normal_address", "address"),
    ("normal_email", "email"),
    ("free_text_identity_code", "text"),
    ("free_text_iban", "text"),
    ("free_text_email", "text"),
    ("free_text_phone", "text"),
    ("free_text_kinds", "text"),
    ("free_text_codes", "text"),
]


def main(rows=1_000_000):
    connection = duckdb.connect(config={"threads": 1})
    functions.install(connection)
    for name, expression in COLUMNS.items():
        connection.execute(f"create temp table {name} as select {expression} as v from range({rows}) as numbers(i)")
    print(f"{'macro':28} {'column':14} {'million/s':>10} {'regexp':>10} {'ratio':>6}")
    for macro, column in BENCHES:
        plain = _rate(connection, rows, column, "regexp_matches(v, '^[0-9A-Z]+$')")
        rate = _rate(connection, rows, column, f"{macro}(v)")
        print(f"{macro:28} {column:14} {rate:10.2f} {plain:10.2f} {plain / rate:6.1f}")


def _rate(connection, rows, column, expression):
    started = time.perf_counter()
    connection.execute(f"select count(x) from (select {expression} as x from {column})").fetchone()
    return rows / (time.perf_counter() - started) / 1e6


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""The checks that every tool can make, as the contracts say them: required, unique, allowed values, range.

Written as JSON for the peers, which know nothing of contracts:
    {"files": [{"file", "kind", "encoding", "delimiter", "dataset", "missing": [...], "headers": {name: header},
                "required": [...], "unique": [...], "allowed": {name: [...]}, "dates": {name: strptime format}}]}
A value out of range is a readable date before FIRST_DAY or after LAST_DAY.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipelines.expectations import contract_reader as contracts
from pipelines.expectations import load as expectations

FIRST_DAY, LAST_DAY = "1900-01-01", "2100-12-31"
FORMATS = {"d.M.yyyy": "%d.%m.%Y", "yyyy-MM-dd": "%Y-%m-%d"}


def described(contract: contracts.Contract) -> dict:
    """One file's checks."""
    columns = contract.columns
    return {
        "file": contract.file,
        "kind": contract.kind,
        "encoding": contract.encoding,
        "delimiter": contract.delimiter,
        "dataset": contract.dataset,
        "missing": ["", *contract.missing_values],
        "headers": {column.name: column.header for column in columns},
        "required": [column.name for column in columns if column.required],
        "unique": [column.name for column in columns if column.key] if len(contract.keys) == 1 else [],
        "allowed": {column.name: list(column.valid_values) for column in columns if column.valid_values},
        "dates": {
            column.name: FORMATS[column.format]
            for column in columns
            if column.type == "date" and column.format in FORMATS
        },
    }


def document(folder: Path) -> dict:
    """The checks of every export that is there and not empty."""
    loaded = expectations.load(Path(__file__).parents[2] / "expectations")
    here = [
        contract
        for contract in loaded.contracts
        if (folder / contract.file).exists() and (folder / contract.file).stat().st_size
    ]
    return {"first_day": FIRST_DAY, "last_day": LAST_DAY, "files": [described(contract) for contract in here]}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(document(Path(sys.argv[1])), ensure_ascii=False), encoding="utf-8")

"""What every test stands on: a key, no network, the repository's expectations, and small exports to land."""

import os
import socket
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis.internal.conjecture import providers

from pipelines.expectations.contract import Column, Contract
from pipelines.expectations.contract_reader import load_contract, load_contracts
from pipelines.home import connections, store
from pipelines.landing import land as raw
from pipelines.registry import build as registry
from pipelines.second_opinion import apart

ROOT = Path(__file__).parents[1]
# As the product makes them: a typed one would be stretched in every process.
os.environ["VAHTI_KEY"] = "3ea17c90d4f2586bb1c9047ea8d35f126c0b97e4f3218da57069ecb4125d8f3a"
os.environ["VAHTI_SETTINGS"] = str(ROOT / "no settings of whoever runs the tests.json")

# As the product imports what reads notebooks: without grammars that take a second to build.
sys.modules.setdefault("rfc3987_syntax", None)

# Hypothesis also draws constants of whatever modules are imported by then: what a test tries would depend on the tests before it.
providers._get_local_constants = lambda: providers._local_constants

# The modules that take longest, in turn, as `python -m pytest -p tests.processor` told: they go first, so that the workers
# end together. A module stays with one worker, and what it sets up is set up once.
LONGEST = (
    "test_subsets", "test_desk", "test_notice", "test_canaries", "test_notebooks", "test_crash", "test_findings", "test_ledger",
    "test_foreign", "test_numbers", "test_keys", "test_desk_pages", "test_fuzz", "test_lab", "test_workbench", "test_run",
    "test_apart", "test_access_log", "test_first_hour", "test_examples", "test_subject_package", "test_misreading",
    "test_hostile_rules", "test_untold", "test_no_network", "test_report", "test_undrawn", "test_offers", "test_second_opinion",
    "test_periodic_report", "test_hostile", "test_subject", "test_subject_letter", "test_fast", "test_redactions",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest modules first, the others as they come."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Nothing is fetched from elsewhere; Jupyter's kernels talk over the loopback device."""
    connect = socket.socket.connect

    def refuse(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"tests do not go to the network, and this one wants {address[0]}")
        return connect(self, address)

    socket.socket.connect = refuse
    yield
    socket.socket.connect = connect


@pytest.fixture(scope="session", autouse=True)
def one_process():
    """Great Expectations in this process, where it is imported once for all tests; `test_apart` has the other way."""
    kept, apart.MOST_BYTES = apart.MOST_BYTES, 0
    yield
    apart.MOST_BYTES = kept


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """DuckDB with one thread in this process where a test asks for no more: pytest's workers have the processors, and more
    threads take an eighth more of them. The samples' home, `test_fast` and all commands in processes of their own have more."""
    kept, connections.THREADS = connections.THREADS, 1
    yield
    connections.THREADS = kept


@pytest.fixture(scope="session")
def expectations_folder() -> Path:
    return ROOT / "expectations"


@pytest.fixture(scope="session")
def contracts(expectations_folder) -> tuple[Contract, ...]:
    """The contracts of the eighteen exports, ordered by id."""
    return load_contracts(expectations_folder / "contracts")


@pytest.fixture(scope="session")
def own_contracts(expectations_folder) -> tuple[Contract, ...]:
    """Those of the files that the controller writes itself."""
    return tuple(load_contract(path) for path in sorted(expectations_folder.glob("*.odcs.yaml")))


def text_column(name: str, header: str, **more) -> Column:
    return Column(name, header, "text", "varchar", "", **more)


def contract_of(columns, file: str = "vihko.csv", **more) -> Contract:
    """A contract of the dataset `test.notes`; `columns` are Columns, or headers of text columns, the first the key."""
    made = [
        one if isinstance(one, Column) else text_column(f"c{place}", one, key=place == 1)
        for place, one in enumerate(columns, 1)
    ]
    kind = "xlsx" if file.endswith(".xlsx") else "csv"
    more = {"system": "test", "dataset": "notes", "missing_values": ("-", "N/A")} | more
    return Contract(Path("x"), more.pop("system"), "", more.pop("dataset"), "", "", file, kind, tuple(made), **more)


NOTES = contract_of(["Numero", "Nimi", "Huom"])


@dataclass
class Landed:
    """What landing left of one file. rows: (line, cells in the file's order); rejected: (line, reason)."""

    status: str
    lines: int | None
    books: tuple
    rows: list[tuple]
    rejected: list[tuple]
    columns: list[tuple]
    rejected_cells: set[tuple]

    @property
    def cells(self) -> list[tuple]:
        return [row[1:] for row in self.rows]


class Landing:
    """One database in memory into which file after file is landed, each as if it were the first."""

    def __init__(self, connection, folder: Path):
        self.connection, self.folder = connection, folder

    def query(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def __call__(self, data: bytes | str | None, contract: Contract = NOTES) -> Landed:
        path = self.folder / contract.file
        if data is not None:
            path.write_bytes(
                data.encode("cp1252" if contract.encoding == "windows-1252" else "utf-8")
                if isinstance(data, str)
                else data
            )
        raw.prepare(self.connection)
        raw.land_file(self.connection, contract, path, self.folder)
        status, lines, *books = self.query(
            "select status, lines, rows_read, rows_registered, rows_rejected from feed.files"
        )[0]
        return Landed(
            status,
            lines,
            tuple(books),
            self.query(f"select * exclude (file, sha256) from raw.{contract.raw} order by line")
            if status == "read"
            else [],
            self.query("select line, reason from raw.rejected_rows order by line"),
            self.query("select header, column_name, status from feed.columns order by position nulls last, header"),
            set(self.query("select line, cell from feed.rejected_cells")),
        )

    def register(self, *contracts: Contract, subject: tuple[str, str] = ("notes", "c1"), **data: bytes | str) -> None:
        """The registry of several files, by dataset."""
        raw.prepare(self.connection)
        for contract in contracts:
            path = self.folder / contract.file
            path.write_bytes(
                data[contract.dataset] if isinstance(data[contract.dataset], bytes) else data[contract.dataset].encode()
            )
            raw.land_file(self.connection, contract, path, self.folder)
        registry.build(self.connection, contracts, subject)


@contextmanager
def landing(folder: Path):
    with store.scratch() as connection:
        yield Landing(connection, folder)


@pytest.fixture(scope="module")
def landing_place(tmp_path_factory):
    with landing(tmp_path_factory.mktemp("exports")) as place:
        yield place


@pytest.fixture
def land(landing_place):
    """Lands a text or bytes by a contract; each call starts anew."""
    for path in landing_place.folder.iterdir():
        path.unlink()
    return landing_place

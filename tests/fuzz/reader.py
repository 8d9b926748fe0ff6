"""Coverage-guided fuzzing of the reader of exports: `make fuzz SECONDS=60`. Not part of the suite: atheris is large.

Whatever the bytes: rows or rejected rows, a line each, or one of the product's own messages. What breaks that is written
as `crash-…` to the folder named, and can be given again: `python -m tests.fuzz.reader FOLDER/crash-…`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import atheris

with atheris.instrument_imports(
    include=["pipelines.landing.land", "pipelines.landing.lines", "pipelines.landing.sheets"]
):
    from pipelines.landing import land as raw  # noqa: F401
    from pipelines.landing import lines, sheets  # noqa: F401

from conftest import landing

from fuzz.check import check

SEEDS = (
    b'\x00Numero;Nimi;Huom\n1;"a\nb";c\n2;d;e;f\n\n"3;x\n',
    b"\x01Numero,Nimi,Huom\r\n1,\x80,\"c\"\"d\"\r\n",
    b'\x02"Numero";Nimi;"Hu\nom"\n1;\xff;b\n',
)  # fmt: skip


def main() -> None:
    folder = tempfile.TemporaryDirectory()
    place = landing(Path(folder.name))
    land = place.__enter__()

    def one(data: bytes) -> None:
        check(land, data[1:], data[0] if data else 0)

    corpus = Path(folder.name) / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(SEEDS):
        (corpus / str(number)).write_bytes(seed)
    atheris.Setup([*sys.argv, str(corpus)] if not any(Path(word).is_file() for word in sys.argv[1:]) else sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

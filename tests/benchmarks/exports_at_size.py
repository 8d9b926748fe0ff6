"""Generated exports of about so many rows in all, made once and kept in build/bench, which git ignores."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.samples import write_samples

ROOT = Path(__file__).parents[2]
KEPT = Path(os.environ.get("BENCH_FOLDER") or ROOT / "build" / "bench")
ROWS_PER_CUSTOMER = 12.6
SEED = 1


def folder(rows: int) -> Path:
    """The one period folder of exports with about `rows` rows; made where it is not there, which takes a while."""
    kept = KEPT / str(rows)
    if not kept.exists():
        part = KEPT / f"{rows}.part"
        write_samples(part, max(300, round(rows / ROWS_PER_CUSTOMER)), SEED, 1)
        part.rename(kept)
    return next(path for path in sorted((kept / "exports").iterdir()) if path.is_dir())

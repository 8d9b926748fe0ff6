"""Rekisterivahti. `from pipelines import open_workbench` is where a notebook begins."""

from __future__ import annotations

from typing import Any

__all__ = ["open_workbench"]


def __getattr__(name: str) -> Any:
    """Imports `open_workbench` only when it is asked for, so the command line starts without pandas."""
    if name == "open_workbench":
        from pipelines.desk.workbench import open_workbench

        return open_workbench
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

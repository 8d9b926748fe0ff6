"""Imports that are put off until somebody asks for something in the module, by the standard library's own loader."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader


class Finder:
    """Finds the named modules as others would, and lets them load when they are first looked into."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """The module's own spec with a lazy loader, None for all other modules."""
        spec = PathFinder.find_spec(name, path) if name in self.names else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextlib.contextmanager
def imports(*names: str) -> Iterator[None]:
    """While it lasts, the named modules are imported lazily. They are the real ones: whoever uses them waits then."""
    finder = Finder(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)

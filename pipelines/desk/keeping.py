"""How the lab's server stores the home's notebooks: sealed with the home's key, including its backup copies.

It reads a notebook that is not sealed, such as one brought along, and seals it when it is saved.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from tornado.web import HTTPError

from pipelines.errors import VahtiError
from pipelines.home import atomic, keys, sealed, store


class SealedNotebooks(LargeFileManager):
    """Jupyter's own file handling, except that a notebook is never on disk in clear text. What cannot be sealed is not saved."""

    # The workbench database that the key has opened, by inode: a rotation replaces it by another.
    _opened: tuple[int, int] | None = None

    def _key(self) -> str:
        """The home's key, checked against its databases: a notebook sealed with a former key would be lost."""
        home = store.open_existing(Path(self.root_dir).parent)
        place = home.workbench.stat()
        if self._opened != (place.st_dev, place.st_ino):
            with store.looking(home):
                self._opened = (place.st_dev, place.st_ino)
        return keys.key(home)

    @contextmanager
    def open(self, os_path: str, *words: Any, **more: Any) -> Iterator[Any]:
        """Opens a file for Jupyter to read, unsealed if it was sealed."""
        with super().open(os_path, *words, **more) as file:
            start = file.read(len(sealed.MARK))
            file.seek(0)
            if not sealed.is_sealed(start):
                yield file
                return
            with told():
                text = sealed.unsealed(file.read(), self._key(), Path(os_path))
            yield io.BytesIO(text)

    def _save_notebook(self, os_path: str, nb: Any, capture_validation_error: Any = None) -> None:
        text = nbformat.writes(nb, nbformat.NO_CONVERT, capture_validation_error=capture_validation_error)
        with told():
            data = sealed.seal(text.encode("utf-8") + b"\n", self._key())
        with self.perm_to_403(os_path):
            atomic.write(Path(os_path), data, mode=0o600)


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with the home or its key, as shown in the browser."""
    try:
        yield
    except VahtiError as error:
        raise HTTPError(500, str(error), reason="the home's key does not open it") from None

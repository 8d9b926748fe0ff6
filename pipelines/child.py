"""A process of our own beside this one, that takes work through its standard input and answers through its output.

It begins in no folder's favour (`-P`: nothing is imported from where the user stands) and ends when this process does,
however that ends: its input is over then.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Mapping


class Child:
    """The process that runs `module`, from this one's side. `environment`: None for this process's own; `words`: what it is
    told on its command line."""

    def __init__(self, module: str, environment: Mapping[str, str] | None = None, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        assert self.process.stdin and self.process.stdout
        self.stdin, self.stdout = self.process.stdin, self.process.stdout

    @property
    def is_there(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def end(self) -> None:
        """Ends it, whatever it does."""
        self.process.kill()
        with contextlib.suppress(BrokenPipeError):
            self.process.communicate()

"""A child process that takes work through its standard input and answers through its standard output.

`-P` keeps it from importing anything from the user's current folder. It ends when this process does, however that
ends, because its input is then closed.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Mapping


class Child:
    """The process that runs `module`, seen from this one. `environment`: None for this process's own; `words`: its
    command-line arguments."""

    def __init__(self, module: str, environment: Mapping[str, str] | None = None, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        assert self.process.stdin and self.process.stdout
        self.stdin, self.stdout = self.process.stdin, self.process.stdout

    @property
    def is_there(self) -> bool:
        """Whether it is still running."""
        return self.process.poll() is None

    def end(self) -> None:
        """Ends it, whatever it is doing."""
        self.process.kill()
        with contextlib.suppress(BrokenPipeError):
            self.process.communicate()

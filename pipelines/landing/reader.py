"""The process that reads apart (landing/reading.py), from this one's side: it is handed a request and bytes, and awaited."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from threading import Thread, Timer
from typing import Any

from pipelines.child import Child
from pipelines.landing import frames
from pipelines.sandbox import MOST_MEMORY

# Seconds to wait for the next piece of an answer. A full worksheet takes some twenty.
MOST_SECONDS = 120
# Seconds to wait for one file in all, plus some for each of its megabytes. A gigabyte of CSV takes a minute or two.
MOST_SECONDS_IN_ALL, SECONDS_A_MEGABYTE = 600, 1
# Processor seconds in the child's whole life: one that is left behind and spins comes to an end.
MOST_PROCESSOR = 3600
# The most bytes of text that a workbook or a worklist may expand to.
MOST_BYTES = 2 * 2**30
# The only environment variables that the child gets: the paths of its programs.
ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT")
STATUSES = LARGE, SLOW, ENDED = ("too large to read", "takes too long to read", "ends its reader")


class Unread(Exception):
    """The reader of a file died or had to be killed. `status`: LARGE, SLOW or ENDED."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class NotSo(Exception):
    """A file is not of the expected kind: `workbook`, `sheet`, `text` or `CSV`."""


class Reader(Child):
    """The reading process, seen from this one."""

    def __init__(self, *also: str) -> None:
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        super().__init__("pipelines.landing.reading", environment, str(MOST_PROCESSOR), *also)
        self.slow = self.abandoned = False
        self.seconds = float(MOST_SECONDS)  # how long its answer may still take
        self.thread: Thread | None = None
        self.fault: OSError | None = None

    def send(self, order: dict, content: Iterator[bytes]) -> None:
        """Sends a request and, while waiting for the answer, the bytes."""
        self.thread = Thread(target=self._feed, args=[order, content], name="bytes to be read", daemon=True)
        self.thread.start()

    def wait_for(self, size: int) -> None:
        """Its answer on a file of so many bytes is awaited as long as that is reasonable."""
        self.seconds = MOST_SECONDS_IN_ALL + SECONDS_A_MEGABYTE * size / 2**20

    def _feed(self, order: dict, content: Iterator[bytes]) -> None:
        there = self._write(b"J", json.dumps(order).encode())
        try:
            for chunk in content:  # to the end even if the reader stopped: the file's SHA-256 is needed
                there = there and self._write(b"B", chunk)
                if self.abandoned:
                    return
        except OSError as error:
            self.fault = error
            self.process.kill()
        if there:
            self._write(b"E")

    def _write(self, kind: bytes, said: bytes = b"") -> bool:
        try:
            frames.write(self.stdin, kind, said)
            self.stdin.flush()
            return True
        except (OSError, ValueError):  # it has died, which shows when its answer is read
            return False

    def answer(self) -> tuple[bytes, Any]:
        """The next frame, waiting at most that long; Unread if the process died, NotSo if it refused."""
        began = time.monotonic()
        timer = Timer(max(min(MOST_SECONDS, self.seconds), 0), self._too_slow)
        timer.daemon = True
        timer.start()
        try:
            kind, length = frames.read(self.stdout)
            said = self.stdout.read(length) if length <= MOST_MEMORY else b""
            if len(said) < length:  # truncated or too large: not an answer of our reader
                self.process.kill()
                raise EOFError
        except EOFError:
            raise self._why() from None
        finally:
            timer.cancel()
            self.seconds -= time.monotonic() - began
        if kind == b"F":
            self.finish()
            no = json.loads(said)["no"]
            raise Unread(LARGE) if no == "small" else NotSo(no)
        return kind, said if kind in (b"P", b"R") else json.loads(said)

    def _too_slow(self) -> None:
        self.slow = True
        self.process.kill()

    def _why(self) -> Exception:
        """Why it died."""
        self.finish()
        ended = self.process.wait()
        if self.fault:
            return self.fault
        if self.slow or ended == -getattr(signal, "SIGXCPU", 0):
            return Unread(SLOW)
        return Unread(LARGE if ended == -signal.SIGABRT else ENDED)

    def give_up(self, status: str) -> Unread:
        """Kills it, and returns why."""
        self.process.kill()
        self.finish()
        return Unread(status)

    def finish(self) -> None:
        """Waits until all of the file's bytes are sent."""
        if self.thread:
            self.thread.join()

    def end(self) -> None:
        """Ends it, whatever it is doing."""
        self.abandoned = True
        self.process.kill()
        self.process.wait()
        self.finish()
        with contextlib.suppress(OSError):
            self.stdin.close()
        self.stdout.close()

"""To be imported before nbformat and before Jupyter's server: a checker of addresses, which they load and nothing here uses, builds
grammars for more than a second of processor when it is imported. Without it they load as where it is not installed."""

from __future__ import annotations

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as the import system has it

"""YAML as the expectations are written: what is short on one line, what is text in quotes where YAML would lose it."""

from __future__ import annotations

from typing import Any

import yaml

# Longer mappings and lists stand one line per item.
WIDEST = 120


class _Writer(yaml.SafeDumper):
    """Without aliases, which the readers of expectations refuse."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def flow(value: Any) -> str:
    """A value on one line."""
    return (
        yaml.dump(value, Dumper=_Writer, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
        .replace("\n...\n", "")
        .strip()
    )


def lines(value: Any, indent: int = 0) -> list[str]:
    """A mapping or list as lines; what fits on one stands there."""
    found: list[str] = []
    blank = " " * indent
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, (dict, list)) and each and (len(flow(each)) > WIDEST - indent or _is_deep(each)):
                found += [f"{blank}{flow(key)}:", *lines(each, indent + 2)]
            else:
                found.append(f"{blank}{flow(key)}: {flow(each)}")
        return found
    for each in value:
        if isinstance(each, dict) and (len(flow(each)) > WIDEST - indent or _is_deep(each)):
            first, *rest = lines(each, indent + 2)
            found += [f"{blank}- {first.strip()}", *rest]
        else:
            found.append(f"{blank}- {flow(each)}")
    return found


def _is_deep(value: Any) -> bool:
    """Whether it holds mappings of mappings: those are easier to read one below the other."""
    inner = value.values() if isinstance(value, dict) else value
    return any(
        isinstance(each, dict) and any(isinstance(deep, (dict, list)) for deep in each.values()) for each in inner
    ) or any(isinstance(each, list) and any(isinstance(deep, dict) for deep in each) for each in inner)


def text(value: dict, *, head: str = "") -> str:
    """A document with a comment at its head."""
    comment = "".join(f"# {line}\n" if line else "#\n" for line in head.splitlines())
    return comment + "\n".join(lines(value)) + "\n"

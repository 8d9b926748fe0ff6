"""`make audit`: known weaknesses of what requirements.lock names, as pip-audit finds them.

    python -m tests.audit PIP_AUDIT LOCK

Ends with 0 where every package was looked up and none has a known weakness, 1 where one has, 3 where some or all could not be
looked up: not to know is not to be safe.
"""

from __future__ import annotations

import json
import subprocess
import sys

CLEAN, WEAK, UNKNOWN = 0, 1, 3
SOURCES = ("pypi", "osv")
NO_SOURCE = "No source of advisories can be reached: nothing is known about weaknesses of the packages in use."


def main(program: str, lock: str) -> int:
    """Asks one source after the other until one answers for some package; prints what it said."""
    for source in SOURCES:
        code, lines = judged(answer(program, lock, source))
        if lines != [NO_SOURCE]:
            break
    print("\n".join(lines), file=sys.stdout if code == CLEAN else sys.stderr)
    return code


def answer(program: str, lock: str, source: str) -> str:
    """What pip-audit prints as JSON; nothing where it is not there, cannot reach the source, or takes too long."""
    words = [program, "--requirement", lock, "--no-deps", "--disable-pip", "--vulnerability-service", source]
    words += ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        return subprocess.run(words, check=False, capture_output=True, text=True, timeout=300).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def judged(text: str) -> tuple[int, list[str]]:
    """Exit code and the lines to print, of pip-audit's JSON."""
    try:
        packages = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return UNKNOWN, [NO_SOURCE]
    unknown = sorted(each["name"] for each in packages if "vulns" not in each)
    if len(unknown) == len(packages):
        return UNKNOWN, [NO_SOURCE]
    lines = [weakness(each, found) for each in packages for found in each.get("vulns", ())]
    code = WEAK if lines else UNKNOWN if unknown else CLEAN
    if unknown:
        lines.append(f"Not looked up, for the source does not know them: {', '.join(unknown)}.")
    return code, lines or [f"{len(packages)} packages, none with a known weakness."]


def weakness(package: dict, found: dict) -> str:
    """One line of one advisory."""
    mended = ", ".join(found.get("fix_versions") or ()) or "no version yet"
    return f"{package['name']} {package['version']}: {found['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

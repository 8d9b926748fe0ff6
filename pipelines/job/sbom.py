"""A software bill of materials of the program that made a bundle, CycloneDX 1.6 as JSON.

Built from the metadata of installed packages and the lock file beside the code. No time and no serial number: same packages, same bytes.
"""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

from packaging.requirements import Requirement

PRODUCT = "rekisterivahti"
LOCK = Path(__file__).parents[2] / "requirements.lock"
LOCKED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def of_installed(lock: Path = LOCK) -> bytes:
    """The document: the product, every package it needs at run time, and their dependencies.

    A component has the SHA-256 sums of the files it may have been installed from, if the lock file names its exact version;
    without a lock file there are none.
    """
    needs = needed(PRODUCT)
    sums = locked(lock.read_text("utf-8")) if lock.exists() else {}
    versions = {name: metadata.version(name) for name in needs}
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component(PRODUCT, versions[PRODUCT], "application", ())},
        "components": [
            component(name, version, "library", sums.get((name, version), ()))
            for name, version in sorted(versions.items())
            if name != PRODUCT
        ],
        "dependencies": [
            {"ref": purl(name, versions[name]), "dependsOn": [purl(other, versions[other]) for other in sorted(others)]}
            for name, others in sorted(needs.items())
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def component(name: str, version: str, kind: str, sums: tuple[str, ...]) -> dict:
    """One component; `hashes` only if there are any."""
    address = purl(name, version)
    found = {"type": kind, "bom-ref": address, "name": name, "version": version, "purl": address}
    return found | ({"hashes": [{"alg": "SHA-256", "content": each} for each in sums]} if sums else {})


def purl(name: str, version: str) -> str:
    """The package's address as a package-url."""
    return f"pkg:pypi/{name}@{quote(version, safe='')}"


def locked(text: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """(name, version) -> sums, sorted, of a lock file written by `make lock`."""
    found = {}
    for entry in re.split(r"\n(?=\S)", text):
        if match := LOCKED.match(entry):
            found[canonical(match[1]), match[2]] = tuple(sorted(HASH.findall(entry)))
    return found


def needed(product: str) -> dict[str, set[str]]:
    """Each installed package needed at run time, the product included -> the packages it directly depends on."""
    found: dict[str, set[str]] = {}
    asked: dict[str, set[str]] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(canonical(product), frozenset())]
    while waiting:
        name, extras = waiting.pop()
        if name in found and extras <= asked[name]:
            continue
        asked[name] = asked.get(name, set()) | extras
        wanted = direct(name, asked[name])
        found[name] = set(wanted)
        waiting += wanted.items()
    return found


def direct(name: str, extras: set[str]) -> dict[str, frozenset[str]]:
    """Installed dependencies of a package on this system, given the extras requested of it -> the extras requested of them."""
    found: dict[str, frozenset[str]] = {}
    for text in metadata.requires(name) or ():
        wanted = Requirement(text)
        if wanted.marker and not any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            continue
        other = canonical(wanted.name)
        if installed(other):
            found[other] = found.get(other, frozenset()) | wanted.extras
    return found


def installed(name: str) -> bool:
    """Whether a package is installed; `vahti doctor` lists those that are required and missing."""
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def canonical(name: str) -> str:
    """The name as package registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()

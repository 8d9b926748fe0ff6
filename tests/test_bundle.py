"""The accountability bundle and the commands on the notice, on a home that has taken the samples in."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import little
import pytest
import worlds
from worlds import BEFORE, EXPECTATIONS, PERIOD

from pipelines.errors import UnknownError
from pipelines.expectations.opened import open_period
from pipelines.home import store
from pipelines.job import bundle, bundle_readme
from pipelines.language.languages import language
from pipelines.notice.attestations import AttestationError


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """The samples taken in, and a word given; a copy, for these tests write."""
    place = tmp_path_factory.mktemp("bundle") / "home"
    shutil.copytree(worlds.home_of_samples(tmp_path_factory), place)
    return place


@pytest.fixture(scope="module")
def archive(home) -> zipfile.ZipFile:
    return zipfile.ZipFile(bundle.of_period(open_period(home, EXPECTATIONS, PERIOD)))


def test_it_holds_what_an_inspector_needs(archive):
    names = set(archive.namelist())
    assert {
        "outputs/findings.csv",
        "outputs/notice.json",
        "outputs/ropa.jsonld",
        "outputs/ropa.fi.html",
        "outputs/ropa.sv.pdf",
    } <= names
    assert {"expectations/retention.yaml", "expectations/notice.yaml", "expectations/controller.yaml"} <= names
    for folder, pattern in (("contracts", "*.yaml"), ("rules", "*.sql"), ("relations", "*.sql")):
        assert {f"expectations/{folder}/{path.name}" for path in (EXPECTATIONS / folder).glob(pattern)} <= names
    assert "expectations/contract_rules/required-missing.sql" in names
    assert {"log_check.json", "sbom.cdx.json", "manifest.json", "SHA256SUMS"} <= names


@pytest.mark.parametrize(
    ("code", "says"),
    [("en", "To verify that no file was changed"), ("fi", "Näin tarkistat"), ("sv", "Så kontrollerar du")],
)
def test_its_readme_tells_of_every_entry_and_how_to_verify_it(archive, home, code, says):
    opened = open_period(home, EXPECTATIONS, PERIOD)
    names = [name for name in archive.namelist() if name != bundle_readme.NAME]
    text = bundle_readme.readme(opened.controller.name, PERIOD, names, language(code, EXPECTATIONS))
    assert says in text and "sha256sum --check SHA256SUMS" in text and opened.controller.name in text
    assert all(len(line) <= bundle_readme.WIDTH for line in text.splitlines())
    told = {line.partition(":")[0] for line in text.splitlines()}
    assert {"log_check.json", "manifest.json", "SHA256SUMS", "outputs/notice.json"} <= told
    if code == opened.controller.language:
        assert archive.read(bundle_readme.NAME).decode() == text
    with pytest.raises(AssertionError, match="says nothing of"):
        bundle_readme.readme("A", PERIOD, [*names, "outputs/new.bin"], language(code))


def test_it_is_verified_with_what_every_system_has(archive, tmp_path):
    """The command of its README."""
    archive.extractall(tmp_path)
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "outputs" / "notice.json").write_text("{}")
    changed = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert changed.returncode == 1 and "outputs/notice.json" in changed.stdout


def test_every_entry_stands_with_its_sum_in_the_manifest(archive):
    manifest = json.loads(archive.read("manifest.json"))
    assert "sbom.cdx.json" in manifest["entries"]
    entries = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    own = {"manifest.json", "SHA256SUMS"}
    assert {name: each["sha256"] for name, each in manifest["entries"].items()} == {
        k: v for k, v in entries.items() if k not in own
    }
    sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
    assert sums == {name: digest for name, digest in entries.items() if name != "SHA256SUMS"}


def test_the_manifest_says_what_was_known_when(archive):
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["period"], manifest["as_of"]) == (PERIOD, PERIOD)
    assert manifest["expectations"]["unchanged_since"] is True
    customers = worlds.SAMPLES / "exports" / PERIOD / "vesikanta_asiakkaat.csv"
    assert (
        manifest["exports"]["vesikanta_asiakkaat.csv"]["sha256"] == hashlib.sha256(customers.read_bytes()).hexdigest()
    )
    assert manifest["exports"]["suostumukset.csv"]["bytes"] == 0, "the sample's file that came empty"
    assert manifest["statements_when_checked"]["N39"] == ["broken", manifest["statements_when_checked"]["N39"][1]]


def test_the_same_home_gives_the_same_bytes(home):
    first = bundle.of_period(open_period(home, EXPECTATIONS, PERIOD)).read_bytes()
    assert bundle.of_period(open_period(home, EXPECTATIONS, PERIOD)).read_bytes() == first


def test_it_says_where_the_expectations_have_changed_since(home, tmp_path):
    shutil.copytree(EXPECTATIONS, tmp_path / "expectations")
    with (tmp_path / "expectations" / "retention.yaml").open("a", encoding="utf-8") as file:
        file.write("# decided anew\n")
    archive = zipfile.ZipFile(bundle.of_period(open_period(home, tmp_path / "expectations", BEFORE)))
    assert json.loads(archive.read("manifest.json"))["expectations"]["unchanged_since"] is False


def test_it_takes_nothing_along_that_is_not_named(home):
    folder = home / "reports" / PERIOD
    (folder / "access").mkdir(exist_ok=True)
    (folder / "access" / "ropa.en.html").write_text("one person's data")
    (folder / "subject.json").write_text("one person's data")
    archive = zipfile.ZipFile(bundle.of_period(open_period(home, EXPECTATIONS, PERIOD)))
    assert not any(b"one person's data" in archive.read(name) for name in archive.namelist())


def test_no_entry_holds_a_personal_value(home, archive):
    opened = store.open_existing(home)
    with store.reading(opened, PERIOD) as connection:
        personal = connection.execute(
            "select distinct value from registry.subject_attributes where dataset in ('customers', 'accounts')"
            " and kind in ('pd:Name', 'pd:OfficialID', 'pd:EmailAddress', 'pd:BankAccount', 'pd:TelephoneNumber') and length(value) > 5 and value <> 'ei ole'"
        ).fetchall()
    outputs = [archive.read(name) for name in archive.namelist() if name.startswith("outputs/")]
    texts = [content.decode("utf-8", "ignore") for content in outputs]
    assert not [value for (value,) in personal if any(value in text for text in texts)]


def test_a_home_without_a_log_says_so(tmp_path):
    assert bundle.log_check(tmp_path) == {"log": "audit.log", "status": "absent"}


# The commands


@pytest.fixture
def vahti(home, monkeypatch, capsys):
    """`vahti` on the home, in this process: (exit code, stdout, stderr)."""
    return lambda *words: little.command(monkeypatch, capsys, *words, "--home", home, "--expectations", EXPECTATIONS)


def test_vahti_notice_gives_a_list_of_statements(vahti):
    code, shown, _ = vahti("notice", "--format", "json", "--period", BEFORE)
    found = json.loads(shown)
    assert code == 0 and len(found) == 41 and all({"id", "status", "findings"} <= each.keys() for each in found)
    assert next(each for each in found if each["id"] == "N39")["status"] == "broken"


@pytest.mark.parametrize(("language", "word"), [("en", "broken"), ("fi", "ei pidä paikkaansa"), ("sv", "stämmer inte")])
def test_vahti_notice_speaks_three_languages(vahti, language, word):
    code, shown, _ = vahti("notice", "--lang", language)
    assert code == 0 and word in shown and "Note:" not in shown


def test_vahti_notice_lists_amendments(vahti):
    found = json.loads(vahti("notice", "--format", "json", "--amendments")[1])
    assert {"column", "supplier", "message category", "storage period"} <= {each["kind"] for each in found}


def test_vahti_attest_changes_what_the_notice_says_from_then_on(vahti):
    def status() -> str:
        return {each["id"]: each["status"] for each in json.loads(vahti("notice", "--format", "json")[1])}["N25"]

    assert status() == "attestation expired"
    _, shown, _ = vahti("attest", "N25", "--by", "office", "--until", "2026-12-31")
    assert shown == f"N25: attested by office on {PERIOD}, good until 2026-12-31\n"
    assert status() == "attested"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("attest", "N05", "--by", "office", "--until", "2026-12-31"), AttestationError.exit_code),
        (("attest", "N25", "--by", "office", "--until", "soon"), 2),
        (("notice", "--format", "yaml"), 2),
        (("notice", "--lang", "de"), 2),
        (("notice", "--period", "1999-01-01"), UnknownError.exit_code),
        (("bundle", "--period", "1999-01-01"), UnknownError.exit_code),
    ],
)
def test_a_mistake_is_one_message_with_its_exit_code(vahti, words, code):
    ended, shown, told = vahti(*words)
    assert ended == code and shown == "" and told and "Traceback" not in told


def test_vahti_ropa_and_bundle_name_what_they_wrote(vahti):
    _, shown, _ = vahti("ropa", "--period", PERIOD)
    assert [Path(line).name for line in shown.splitlines()][-2:] == ["ropa.xlsx", "ropa.jsonld"]
    code, shown, _ = vahti("bundle", "--period", PERIOD)
    assert code == 0 and Path(shown.strip()).name == f"bundle-{PERIOD}.zip"

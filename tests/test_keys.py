"""The key: where it is looked for and kept, what is said of it and where it never shows; another key, whatever dies meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import traceback
import types
from pathlib import Path

import duckdb
import little
import pytest
from little import PERIODS, Place

from pipelines import open_workbench
from pipelines.commands import key as key_commands
from pipelines.errors import HomeError
from pipelines.home import atomic, connections, guard, keys, rotation, store, typed
from pipelines.job import doctor, remembered

KEY = "a key that ' nobody guesses"
NEW = "another \" key ' altogether, for odd herrings"
RANDOM = "9b04c1f72e8d53a6107be94fd2683ca5f1874e0b6d92c35ae8407d1bf6593c2a"


class Keyring(types.ModuleType):
    """A keyring of the operating system, in memory. `locked`: it waits for a password that nobody types."""

    def __init__(self):
        super().__init__("keyring")
        self.held, self.locked = {}, False

    def _wait(self):
        if self.locked:
            threading.Event().wait(60)

    def set_password(self, service, name, text):
        self._wait()
        self.held[service, name] = text

    def get_password(self, service, name):
        self._wait()
        return self.held.get((service, name))

    def delete_password(self, service, name):
        self._wait()
        del self.held[service, name]


@pytest.fixture
def safe(monkeypatch) -> Keyring:
    made = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", made)
    return made


@pytest.fixture(autouse=True)
def own_key(monkeypatch, tmp_path):
    """No key but one's own."""
    little.quiet(monkeypatch)
    monkeypatch.delenv("VAHTI_KEY")
    monkeypatch.delenv("VAHTI_NEW_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(keys, "_seen", {})
    monkeypatch.setattr(keys, "_silent", set())
    monkeypatch.setattr(connections, "ATTACH_WAITS_SECONDS", (0.01, 0.02))
    monkeypatch.setattr(typed, "N", 16)  # stretched, but not for half a second


@pytest.fixture(scope="module")
def one_period(tmp_path_factory) -> Place:
    """A period under a key file. Not to be changed."""
    folder = tmp_path_factory.mktemp("keys")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("VAHTI_KEY")
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        return little.taken_in(folder, *PERIODS[:2], period=PERIODS[0])[0]


@pytest.fixture
def place(one_period, tmp_path) -> Place:
    for name in ("exports", "expectations", "home", "config"):
        shutil.copytree(one_period.folder / name, tmp_path / name)
    return Place(tmp_path)


@pytest.fixture
def vahti(monkeypatch, capsys):
    return lambda *words: little.command(monkeypatch, capsys, *words)


def opens(place: Place) -> bool:
    """Whether both databases can be read."""
    home = store.open_existing(place.home)
    with store.looking(home, PERIODS[0]) as connection:
        people = connection.execute("select count(*) from period.registry.customers").fetchone()[0]
    return people == 3 and list(store.periods(home)) == [PERIODS[0]]


def secret_of_fingerprints(place: Place) -> list[tuple]:
    with store.looking(place.opened()) as connection:
        return connection.execute("from ledger.secrets").fetchall()


# Where it comes from


def test_the_key_file_is_made_once_for_its_owner_and_apart_from_the_home(tmp_path):
    home = store.open_home(tmp_path / "home")
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "on_new_key_file", told.append)
        first, again = keys.key(home), keys.key(home)
    path = keys.key_file(home)
    assert first == again == path.read_text("utf-8")
    assert len(bytes.fromhex(first)) == 32
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert not path.is_relative_to(home.path)
    assert told == [path]
    path.chmod(0o644)
    assert keys.key(home) == first and path.stat().st_mode & 0o777 == 0o600


def test_the_environment_comes_before_the_keyring_and_the_keyring_before_the_file(tmp_path, safe, monkeypatch):
    home = store.open_home(tmp_path / "home")
    keys.make_file(home, "of the file")
    assert (keys.source(home), keys.key(home)) == ("file", "of the file")
    keys.keep(home, key="keyring")
    assert (keys.source(home), keys.key(home)) == ("file", "of the file")  # there is nothing in it
    safe.set_password("rekisterivahti", home.id, "of the keyring")
    assert (keys.source(home), keys.key(home)) == ("keyring", "of the keyring")
    monkeypatch.setenv("VAHTI_KEY", RANDOM)
    assert (keys.source(home), keys.key(home)) == ("VAHTI_KEY", RANDOM)


def test_the_keyring_is_not_asked_where_it_was_given_nothing(place, monkeypatch):
    monkeypatch.setattr(keys, "ask_keyring", None)
    assert opens(place)


def test_the_notice_is_printed_once_and_names_both_better_ways(place, vahti):
    shutil.rmtree(place.home)
    _, out, err = vahti(*place.arguments("--period", PERIODS[0]))
    assert "vahti key keyring" in err and "VAHTI_KEY" in err and "Back it up" in err
    assert err.count("\n") == 2
    assert keys.key(place.opened()) not in out + err
    assert vahti(*place.arguments("--period", PERIODS[0]))[2] == ""


# The keyring


def test_the_key_moves_to_the_keyring_and_back(place, safe, vahti):
    before = keys.key(place.opened())
    assert vahti("key", "keyring", "--home", place.home)[0] == 0
    assert not keys.key_file(place.opened()).exists()
    assert list(safe.held.values()) == [before]
    assert opens(place)
    assert "keyring. It opens the home." in vahti("key", "status", "--home", place.home)[1]
    assert vahti("key", "file", "--home", place.home)[0] == 0
    assert (keys.key_file(place.opened()).read_text("utf-8"), safe.held) == (before, {})
    assert opens(place)
    assert "key file" in vahti("key", "status", "--home", place.home)[1]


def test_a_new_home_may_have_its_key_in_the_keyring_from_the_start(place, safe, vahti):
    shutil.rmtree(place.home)
    shutil.rmtree(place.folder / "config")
    assert vahti("key", "keyring", "--home", place.home)[0] == 0
    assert vahti(*place.arguments("--period", PERIODS[0]))[2] == ""
    assert not list((place.folder / "config").rglob("*.key"))
    assert opens(place)


def test_without_a_keyring_the_key_stays_where_it_is(place, vahti, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)  # not installed
    before = place.state()
    code, _, err = vahti("key", "keyring", "--home", place.home)
    assert code == 5
    assert "does not take the key" in err
    assert place.state() == before
    assert opens(place)


def test_a_keyring_that_waits_for_a_person_is_left_alone(place, safe, vahti, monkeypatch):
    monkeypatch.setattr(keys, "KEYRING_WAIT_SECONDS", 0.1)
    vahti("key", "keyring", "--home", place.home)
    safe.locked, keys._seen = True, {}
    with pytest.raises(HomeError, match="in the operating system's keyring, which does not give it") as error:
        store.periods(place.opened())
    assert "VAHTI_KEY" in error.value.remedy
    text = next(iter(safe.held.values()))
    monkeypatch.setenv("VAHTI_KEY", text)
    assert opens(place)
    monkeypatch.delenv("VAHTI_KEY")
    keys.make_file(place.opened(), text)  # next in order
    assert opens(place)
    with monkeypatch.context() as patch:  # and this process does not wait again
        patch.setattr(keys, "ask_keyring", None)
        assert opens(place)


def test_a_headless_machine_has_no_keyring_and_says_so_at_once(place):
    """The real library, without a desktop."""
    code = "from pipelines.home import keys; import sys; sys.exit(keys.ask_keyring('nobody') is not None)"
    clean = {name: value for name, value in os.environ.items() if name not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY")}
    done = subprocess.run([sys.executable, "-c", code], check=False, env=clean, cwd=little.worlds.ROOT, timeout=20)
    assert done.returncode == 0


def test_moving_the_key_of_the_environment_is_refused(place, vahti, monkeypatch):
    right = keys.key(place.opened())
    monkeypatch.setenv("VAHTI_KEY", right)
    for verb in ("keyring", "file"):
        code, _, err = vahti("key", verb, "--home", place.home)
        assert code == 5 and "there is none to move" in err and right not in err


def test_the_default_home_is_found_again_under_its_own_key_file(place, monkeypatch):
    """Its key file is named by its id."""
    monkeypatch.delenv("VAHTI_HOME", raising=False)
    monkeypatch.setitem(remembered.OTHERWISE, "home", place.folder / ".vahti")
    monkeypatch.setitem(remembered.OTHERWISE, "exports", place.exports)
    place.home.rename(place.folder / ".vahti")
    assert open_workbench(expectations=place.expectations).name == PERIODS[0]


# Keys that were typed

WEAK = {
    "kissa": "has 5 characters", "kissakissakissakissa": "again and again", "a" * 40: "again and again",
    "1234567890123456": "again and again", "abcdefghijklmnopqrstuvwxyz": "again and again", "0" * 64: "again and again",
    "Kauhajoki 2026!": "has 15 characters", "": "has 0 characters",
    **dict.fromkeys((
        "hyvää päivää kaikille", "hyvaapaivaakaikille", "keltainen koira 2026", "Isänmaan puolesta 1939", "MINUNsalasanani123",
        "sommarsemester2026", "jag älskar dig 2026", "P@ssw0rdP@ssw0rd!!", "correct horse battery", "qwertyuiopasdfgh",
    ), "tried first"),
}  # fmt: skip


@pytest.mark.parametrize("text", WEAK)
def test_a_typed_key_that_is_easily_guessed_has_a_reason(text):
    assert WEAK[text] in typed.weakness(text) and not typed.is_random(text)


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        NEW,
        RANDOM,
        "vesi torni kolmas yö lumeton hanka",
        "zR8#kq2L!pV0xW9e",
        "x" + "vesi torni kolmas yö lumeton hanka " * 9 + "y" * 999,
    ],
)
def test_any_other_may_be_taken(text):
    assert typed.weakness(text) == ""


def test_a_home_is_not_begun_with_a_weak_key(place, vahti, monkeypatch):
    shutil.rmtree(place.home)
    monkeypatch.setenv("VAHTI_KEY", "kissa")
    code, _, err = vahti(*place.arguments("--period", PERIODS[0]))
    assert code == 5 and "VAHTI_KEY is too easily guessed: it has 5 characters of at least 16" in err
    assert "six words picked at random" in err and "kissa" not in err
    assert not (place.home / "workbench.duckdb").exists()


def test_nor_given_one_later(place, vahti, monkeypatch):
    monkeypatch.setenv("VAHTI_KEY", keys.key(place.opened()))
    monkeypatch.setenv("VAHTI_NEW_KEY", "kissa")
    code, _, err = vahti("key", "rotate", "--home", place.home)
    assert code == 5 and "VAHTI_NEW_KEY is too easily guessed" in err and "kissa" not in err
    assert opens(place)


def test_a_typed_key_is_stretched_with_the_salt_of_the_home_and_a_random_one_is_not(place, monkeypatch):
    shutil.rmtree(place.home)
    monkeypatch.setenv("VAHTI_KEY", KEY)
    place.run(period=PERIODS[0])
    salt = keys.salt(place.opened())
    assert opens(place) and len(bytes.fromhex(salt)) == 16
    assert keys.key(place.opened()) == typed.opener(KEY, salt) != typed.opener(KEY, keys.new_salt())
    for text in (KEY, typed.opener(KEY, "00"), KEY + "!"):  # what it is made of opens nothing by itself
        connection = store.connect(place.opened())
        with pytest.raises(HomeError, match="does not fit"):
            store.attach(connection, place.opened(), place.opened().workbench, "w", read_only=True, key=text)
        store.close(connection)
    monkeypatch.setenv("VAHTI_KEY", typed.opener(KEY, salt))
    assert keys.key(place.opened()) == os.environ["VAHTI_KEY"] and opens(place)


def test_stretching_costs_what_it_says(monkeypatch):
    """Once with the parameters of the product; the answer was had from OpenSSL's own command."""
    monkeypatch.undo()
    assert (typed.N, typed.R, typed.P) == (131072, 8, 1)
    typed._stretched.cache_clear()
    began = os.times().user
    made = typed.opener("vesi torni kolmas yö lumeton hanka", "00112233445566778899aabbccddeeff")
    assert made == "352f1b3245b2c4d73b818df0dc2aa95860859c3fc6c7813d6779ef2ef356f2e1"
    assert os.times().user - began > 0.05
    assert typed.opener("vesi torni kolmas yo\u0308 lumeton hanka", "00112233445566778899aabbccddeeff") == made


@pytest.fixture
def older(place, monkeypatch) -> Place:
    """A home that a version before this one made under a weak key."""
    with monkeypatch.context() as patch:
        patch.setenv("VAHTI_KEY", keys.key(place.opened()))
        patch.setenv("VAHTI_NEW_KEY", "kissa")
        patch.setattr(typed, "demand_strength", lambda *arguments: None)
        patch.setattr(typed, "opener", lambda text, salt: text)
        rotation.rotate(place.opened())
    note = place.home / "home.json"
    note.write_text(json.dumps({key: said for key, said in json.loads(note.read_text()).items() if key != "salt"}))
    monkeypatch.setenv("VAHTI_KEY", "kissa")
    key_commands.tell_of_plain_key.cache_clear()
    return place


def test_a_home_from_before_opens_as_it_did_and_says_so(older, vahti):
    code, _, err = vahti("key", "status", "--home", older.home)
    assert code == 0 and err.count("opens this home as it is typed") == 1 and "vahti key rotate" in err
    assert opens(older) and not keys.salt(older.opened())
    assert [check.found for check in doctor.key(older.home)][
        0
    ] == "it comes from VAHTI_KEY and opens the home as it is typed"


def test_a_home_from_before_goes_on_under_a_key_that_is_stretched(older, vahti, monkeypatch):
    monkeypatch.setenv("VAHTI_NEW_KEY", "kissa")
    assert "too easily guessed" in vahti("key", "rotate", "--home", older.home)[2]
    monkeypatch.setenv("VAHTI_NEW_KEY", KEY)
    assert vahti("key", "rotate", "--home", older.home)[0] == 0
    monkeypatch.setenv("VAHTI_KEY", KEY)
    key_commands.tell_of_plain_key.cache_clear()
    assert opens(older) and vahti("key", "status", "--home", older.home)[2] == ""


def test_a_home_from_before_with_a_random_key_is_told_nothing(older, vahti, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("VAHTI_NEW_KEY", RANDOM)
        rotation.rotate(older.opened())
    note = older.home / "home.json"
    note.write_text(json.dumps({key: said for key, said in json.loads(note.read_text()).items() if key != "salt"}))
    monkeypatch.setenv("VAHTI_KEY", RANDOM)
    assert opens(older) and vahti("key", "status", "--home", older.home)[2] == ""


# Another key


def test_rotating_a_key_file(place, vahti):
    before, secret, state = keys.key(place.opened()), secret_of_fingerprints(place), place.findings(PERIODS[0])
    code, out, err = vahti("key", "rotate", "--home", place.home)
    assert (code, err) == (0, "")
    assert out == "2 databases have a new key, kept in: a key file. Backups made before need the old one.\n"
    now = keys.key(place.opened())
    assert now != before and now not in out
    assert opens(place)
    assert (secret_of_fingerprints(place), place.findings(PERIODS[0])) == (secret, state)
    assert not list((place.folder / "config").rglob("*.new"))
    assert [one.new for one in place.run()] == [False, True]  # and it goes on
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAHTI_KEY", before)
        with pytest.raises(HomeError, match="does not fit"):
            store.periods(place.opened())


def test_rotating_a_key_of_the_keyring(place, safe, vahti):
    vahti("key", "keyring", "--home", place.home)
    (before,) = safe.held.values()
    assert vahti("key", "rotate", "--home", place.home)[0] == 0
    (now,) = safe.held.values()
    assert now != before
    assert opens(place)


def test_rotating_a_key_of_the_environment(place, vahti, monkeypatch):
    monkeypatch.setenv("VAHTI_KEY", keys.key(place.opened()))
    monkeypatch.setenv("VAHTI_NEW_KEY", NEW)
    code, out, _ = vahti("key", "rotate", "--home", place.home)
    assert code == 0 and "Set VAHTI_KEY" in out and NEW not in out
    with pytest.raises(HomeError, match="does not fit"):
        store.periods(place.opened())
    monkeypatch.setenv("VAHTI_KEY", NEW)
    assert opens(place)


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"VAHTI_KEY": None}, "VAHTI_NEW_KEY is not set"),
        ({"VAHTI_KEY": None, "VAHTI_NEW_KEY": None}, "VAHTI_NEW_KEY is the old key"),
        ({"VAHTI_NEW_KEY": NEW}, "a new one is made"),
        ({"VAHTI_KEY": "wrong", "VAHTI_NEW_KEY": NEW}, "the key does not fit"),
    ],
)
def test_a_rotation_that_cannot_be_changes_nothing(place, vahti, monkeypatch, environment, problem):
    right = keys.key(place.opened())
    before = place.state()
    for name, value in environment.items():
        monkeypatch.setenv(name, value or right)
    code, out, err = vahti("key", "rotate", "--home", place.home)
    assert (code, out) == (5, "")
    assert problem in err and NEW not in err and right not in err
    monkeypatch.delenv("VAHTI_KEY", raising=False)
    assert place.state() == before


def test_a_home_without_a_database_has_nothing_to_rotate(tmp_path, vahti):
    store.open_home(tmp_path / "home")
    assert "holds no database yet" in vahti("key", "rotate", "--home", tmp_path / "home")[2]


def test_a_copy_that_differs_is_not_taken(place, monkeypatch):
    before, sums = keys.key(place.opened()), rotation.sums
    monkeypatch.setattr(rotation, "sums", lambda connection, catalog: [catalog, *sums(connection, catalog)])
    with pytest.raises(HomeError, match="copied faithfully"):
        rotation.rotate(place.opened())
    assert keys.key(place.opened()) == before
    assert opens(place)


# The number of a step that never comes.
UNCUT = 10**9


class PowerCut(BaseException):
    """Nobody catches it."""


def steps(patch: pytest.MonkeyPatch, cut: int) -> list[str]:
    """Every change of a file's name or whole content from here on is a step; the one of number `cut` is not done."""
    done: list[str] = []

    def counted(function, name):
        def step(*arguments, **more):
            if len(done) == cut:
                raise PowerCut
            done.append(name)
            return function(*arguments, **more)

        return step

    for owner, name in ((Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (atomic, "write"), (rotation, "copy")):
        patch.setattr(owner, name, counted(getattr(owner, name), name))
    patch.setattr(shutil, "rmtree", lambda *arguments, **more: None)  # nobody tidies up after a kill
    return done


@pytest.mark.parametrize("kept", ["file", "keyring", "VAHTI_KEY"])
def test_a_death_at_any_step_leaves_a_home_that_opens(place, safe, monkeypatch, kept):
    if kept == "keyring":
        keys.move_to_keyring(place.opened())
    old, config, held = keys.key(place.opened()), place.folder / "config", dict(safe.held)
    if kept == "VAHTI_KEY":
        monkeypatch.setenv("VAHTI_KEY", old)
        monkeypatch.setenv("VAHTI_NEW_KEY", NEW)
    before = place.folder / "before"
    shutil.copytree(place.home, before / "home")
    shutil.copytree(config, before / "config")
    cuts, outcomes = None, {}
    while cuts is None or cuts:
        cut = cuts.pop() if cuts else UNCUT
        for name in ("home", "config"):
            shutil.rmtree(place.folder / name)
            shutil.copytree(before / name, place.folder / name)
        safe.held = dict(held)
        keys._seen.clear()
        with monkeypatch.context() as patch:
            done = steps(patch, cut)
            with contextlib.suppress(PowerCut):
                rotation.rotate(place.opened())
        if cuts is None:
            # What lies between the first step and the last copy is the same wherever the key is kept: it is cut once.
            first = 0 if kept == "file" else len(done) - 2 - done[::-1].index("copy")
            cuts = [*({0, 1} | set(range(first, len(done))))]
        counts = (place.home / "commit.json").exists() or cut == UNCUT
        if kept == "VAHTI_KEY":
            monkeypatch.setenv("VAHTI_KEY", NEW if counts else old)
        assert opens(place), cut
        assert (keys.key(place.opened()) != old) == counts, cut
        assert not (place.home / "commit.json").exists()
        if kept == "VAHTI_KEY":
            monkeypatch.setenv("VAHTI_KEY", old)
        outcomes[cut] = counts
    outcomes = [counts for _, counts in sorted(outcomes.items())]
    assert outcomes == sorted(outcomes)  # the old one up to a step, the new one from it on
    assert len(outcomes) > 10 and not all(outcomes)


HALT = """
import sys, time
from pathlib import Path
from pipelines.home import {module}
def halt(*arguments, **more):
    print("here", flush=True)
    time.sleep(600)
{module}.{name} = halt
from pipelines.commands.main import main
main()
"""


@pytest.mark.parametrize(
    ("cut", "new"), [("keys.promote_new", True), ("exchange.finish", True), ("rotation.sums", False)]
)
def test_a_killed_rotation(place, cut, new):
    before, (module, name) = keys.key(place.opened()), cut.split(".")
    words = [sys.executable, "-c", HALT.format(module=module, name=name), "key", "rotate", "--home", str(place.home)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=little.worlds.ROOT) as process:
        assert process.stdout.readline() == b"here\n"
        process.send_signal(signal.SIGKILL)
    assert opens(place)
    assert (keys.key(place.opened()) != before) == new
    assert not list((place.folder / "config").rglob("*.new")) or not new


# Where it never shows

SHOWN = (
    "from duckdb_databases()", "from duckdb_settings()", "from duckdb_logs", "from duckdb_variables()",
    "from duckdb_prepared_statements()", "from duckdb_extensions()", "from duckdb_secrets()",
)  # fmt: skip


@pytest.fixture
def told(place, monkeypatch) -> Place:
    """The place under a key that is easy to recognise, and opens it as it is."""
    monkeypatch.setattr(typed, "opener", lambda text, salt: text)
    monkeypatch.setenv("VAHTI_KEY", keys.key(place.opened()))
    monkeypatch.setenv("VAHTI_NEW_KEY", KEY)
    rotation.rotate(place.opened())
    monkeypatch.setenv("VAHTI_KEY", KEY)
    return place


def test_the_key_is_in_no_metadata_no_log_and_no_profile(told, tmp_path):
    home = told.opened()
    connection = store.connect(home)
    connection.execute("call enable_logging(level = 'trace')")
    connection.execute("pragma enable_profiling = 'json'")
    connection.execute(f"pragma profiling_output = '{tmp_path / 'profile.json'}'")
    store.attach(connection, home, home.workbench, "workbench", read_only=True)
    connection.execute("from workbench.periods").fetchall()
    connection.execute("pragma disable_profiling")
    profile = (tmp_path / "profile.json").read_text("utf-8")
    texts = []
    for query in SHOWN:
        try:
            texts.append(str(connection.execute(query).fetchall()))
        except duckdb.Error as error:
            texts.append(str(error))
    store.close(connection)
    assert any("attach" in text for text in texts)  # the log does hold the statement
    assert [text for text in [profile, *texts] if "nobody guesses" in text] == []


def test_the_key_is_in_no_answer_of_the_desk(told):
    bench = open_workbench(told.home, expectations=told.expectations)
    for query in SHOWN[:5]:
        try:
            assert "nobody guesses" not in bench.sql(query).df.to_string()
        except Exception as error:
            assert "nobody guesses" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("fault", ["wrong", "gone", "damaged"])
def test_the_key_is_in_no_fault_of_an_attach(told, monkeypatch, capsys, fault):
    home = told.opened()
    if fault == "wrong":
        monkeypatch.setenv("VAHTI_KEY", KEY + "!")
    elif fault == "gone":
        home.workbench.unlink()
    else:
        home.workbench.write_bytes(b"nothing")
    connection = store.connect(home)
    with pytest.raises(HomeError) as error:
        store.attach(connection, home, home.workbench, "workbench", read_only=True)
    store.close(connection)
    text = "".join(traceback.format_exception(error.value))
    context = error.value.__context__
    text += str(context) + repr(context)
    assert "nobody guesses" not in text


def test_the_key_is_in_no_traceback_that_debugging_shows(told, monkeypatch, capsys):
    def stumble(*arguments, **more):
        raise ValueError("a fault of the program")

    monkeypatch.setenv("VAHTI_DEBUG", "1")
    monkeypatch.setattr("pipelines.rules.findings.evaluate", stumble)
    with pytest.raises(ValueError) as error:
        little.command(monkeypatch, capsys, *told.arguments())
    assert "nobody guesses" not in "".join(traceback.format_exception(error.value))


def test_no_command_takes_a_key_as_a_word():
    """What stands on a command line, every user of the machine can list."""
    from test_cli import options

    assert [
        (*words, option.name)
        for words, option in options()
        if "key" in option.name and (words, option.name) not in (((("explain",), "key")), (("accept",), "keys"))
    ] == []


def test_the_key_is_in_nothing_that_a_run_writes(told):
    told.run()
    for path in (path for path in told.home.rglob("*") if path.is_file()):
        assert b"nobody guesses" not in path.read_bytes(), path.name


# What is damaged

CUTS = (0, 1, 4095, 4096, 12288, 12289, 0.5, -4096, -1)


def databases(place: Place) -> list[Path]:
    return [place.home / "workbench.duckdb", place.home / "periods" / f"{PERIODS[0]}.duckdb"]


def look_at_everything(place: Place) -> list:
    """Every row of every table of both databases; HomeError where one is damaged."""
    home, found = place.opened(), []
    with store.looking(home, PERIODS[0]) as connection:
        for catalog in ("workbench", "period"):
            found += rotation.sums(connection, catalog)
    return found


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("cut", CUTS)
def test_a_database_cut_short_is_one_message_or_whole(place, which, cut):
    path, before = databases(place)[which], look_at_everything(place)
    content = path.read_bytes()
    size = len(content)
    path.write_bytes(content[: int(size * cut) if isinstance(cut, float) else cut if cut >= 0 else size + cut])
    try:
        assert look_at_everything(place) == before  # nothing but room at its end is gone
    except HomeError as error:
        assert guard.DAMAGED in error.problem or "does not fit" in error.problem
        assert error.remedy


@pytest.mark.parametrize("which", [0, 1])
def test_a_byte_changed_anywhere_is_one_message_or_in_unused_room(place, which):
    path, before = databases(place)[which], look_at_everything(place)
    content = path.read_bytes()
    noticed = 0
    for position in (0, 8, 20, 40, 100, 4100, 8200, 12300, *range(13_000, len(content), len(content) // 20)):
        changed = bytearray(content)
        changed[position] ^= 1
        path.write_bytes(changed)
        try:
            assert look_at_everything(place) == before
        except HomeError as error:
            noticed += 1
            assert guard.DAMAGED in error.problem or "does not fit" in error.problem
    assert noticed > 10


@pytest.mark.parametrize("which", [0, 1])
def test_a_run_on_a_damaged_database_ends_in_5_and_changes_nothing(place, vahti, which):
    path = databases(place)[which]
    changed = bytearray(path.read_bytes())
    for position in range(13_000, len(changed), 4_000):
        changed[position] ^= 1
    path.write_bytes(changed)
    before = {file: file.read_bytes() for file in place.home.rglob("*") if file.is_file()}
    code, _, err = vahti(*place.arguments())
    assert code == 5
    assert guard.DAMAGED in err and "Traceback" not in err
    assert {file: file.read_bytes() for file in place.home.rglob("*") if file.is_file()} == before


def test_home_json_says_where_the_key_is_and_never_which(place, safe):
    keys.move_to_keyring(place.opened())
    note = (place.home / "home.json").read_text("utf-8")
    assert json.loads(note)["key"] == "keyring"
    assert next(iter(safe.held.values())) not in note


# The extension that encrypts: DuckDB verifies its signature once per process and file


def test_a_changed_extension_is_refused_also_after_the_true_one_was_loaded(place, tmp_path, monkeypatch):
    home = place.opened()
    for _ in range(2):
        connections.close(connections.connect(home))
    data = bytearray(Path(connections.crypto_extension()).read_bytes())
    data[len(data) // 2] ^= 1
    changed = tmp_path / "httpfs.duckdb_extension"
    changed.write_bytes(data)
    monkeypatch.setattr(connections, "crypto_extension", lambda: str(changed))
    for _ in range(2):
        with pytest.raises(duckdb.Error, match="signature"):
            connections.connect(home)

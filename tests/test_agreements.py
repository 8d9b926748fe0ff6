"""`agreements:` of controller.yaml: which columns it may name."""

import shutil

import pytest
import worlds

from pipelines.errors import ExpectationsError
from pipelines.expectations.load import load

SAID = "until: agreement_valid_until, signed: agreement_signed_on, what: service}"


def loaded(folder, said: str):
    shutil.copytree(worlds.EXPECTATIONS, folder)
    text = (folder / "controller.yaml").read_text("utf-8")
    assert SAID in text
    (folder / "controller.yaml").write_text(text.replace(SAID, said), "utf-8")
    return load(folder).controller.agreements[0]


def test_when_signed_and_about_what_may_be_left_out(tmp_path):
    each = loaded(tmp_path / "e", "until: agreement_valid_until}")
    assert (each.until, each.signed, each.what) == ("agreement_valid_until", "", "")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("until: agreement_valid_until, signed: signd}", "no column 'signd'"),
        ("until: agreement_valid_until, what: ''}", None),
        ("until: ''}", "no column ''"),
        ("until: agreement_valid_until, by: service}", "is no list of dataset, name and until"),
    ],
)
def test_a_column_that_is_none_is_told(said, fault, tmp_path):
    if fault is None:
        assert loaded(tmp_path / "e", said).what == ""
        return
    with pytest.raises(ExpectationsError) as told:
        loaded(tmp_path / "e", said)
    assert fault in told.value.problem

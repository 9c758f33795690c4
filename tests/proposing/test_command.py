"""`revcycle map`: what it says and how it ends."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from analytics.cli import main

EXTRACTS = Path(__file__).parents[2] / "sample_data" / "extracts"
LOG, MAP = EXTRACTS / "denial_log.tsv", EXTRACTS / "denial_log.toml"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["revcycle", "map", *map(str, words)])
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(out), pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0), out.getvalue()

    return run


def test_a_map_is_named_after_its_file(run, tmp_path):
    code, said = run(LOG)
    assert code == 1
    assert (tmp_path / "denial_log.toml").exists()
    assert "revcycle map --check denial_log.toml" in said


def test_json_alone_writes_no_file(run, tmp_path):
    code, said = run(LOG, "--json")
    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert json.loads(said)["grain"] == "denial"


def test_check_says_what_would_load(run):
    code, said = run("--check", MAP, LOG)
    assert code == 0
    assert "denial_log.tsv: 104 rows, 104 would load, 0 would be kept out" in said
    assert "remit_claim" in said


def test_check_ends_with_one_where_something_is_kept_out(run, tmp_path):
    path = tmp_path / "denial_log.tsv"
    path.write_text(LOG.read_text().replace("\t20-Oct-2025\t", "\tZQX\t"))
    code, said = run("--check", MAP, path)
    assert code == 1
    assert "date_unreadable" in said
    assert "EOB Date" in said
    assert "ZQX" not in said
    code, said = run("--check", MAP, path, "--json")
    (finding, *_) = json.loads(said)["findings"]
    assert (finding["rule"], finding["column_name"]) == ("date_unreadable", "EOB Date")


def test_check_ends_with_two_where_nothing_can_be_read(run, tmp_path):
    path = tmp_path / "denial_log.tsv"
    path.write_text("Account #\tPayer\nZQX\tZQX\n")
    code, said = run("--check", MAP, path)
    assert code == 2
    assert "columns of the map that it does not have" in said
    assert "ZQX" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.csv"], "no such file or folder: nowhere.csv"),
        ([LOG, LOG], "name one file"),
        (["--check", "no.toml", LOG], "no.toml cannot be read"),
        (["--check", MAP, LOG, "--out", "x.toml"], "takes neither --out nor --sheet"),
        ([EXTRACTS], "6 files: name one of them"),
        ([LOG, "--out", "no/x.toml"], "no/x.toml: No such file or directory"),
    ],
)
def test_a_mistake_is_told_in_words(run, words, said):
    code, output = run(*words)
    assert code == 2
    assert said in output
    assert "Traceback" not in output

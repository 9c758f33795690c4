"""Extracts from the command line."""

import sys
from types import SimpleNamespace

import pytest
from extract_worlds import write_offs

from analytics.cli import main


@pytest.fixture
def revcycle(monkeypatch, capsys):
    """Run the command; that it is one as a process too is a test of its own."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["revcycle", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capsys.readouterr()
        return SimpleNamespace(returncode=int(stop.value.code or 0), stdout=out, stderr=err)

    return run


def test_load_with_a_map(tmp_path, revcycle):
    said, file, database = tmp_path / "map.toml", tmp_path / "x.csv", tmp_path / "x.duckdb"
    said.write_text(write_offs())
    file.write_text("Acct,Day,Amt\nA,1/5/26,5\n")
    done = revcycle("load", file, "--map", said, "--database", database)
    assert (done.returncode, "Extracts: 1 rows" in done.stdout) == (0, True), done.stderr
    file.write_text("Acct,Day,Amt,Reason\nA,1/5/26,x,\n")
    stopped = revcycle("load", file, "--map", said, "--database", database)
    assert stopped.returncode == 3 or stopped.returncode == 2
    assert "new: Reason" in stopped.stdout
    some = revcycle("load", file, "--map", said, "--accept-columns", "--database", database)
    assert some.returncode == 1
    each = revcycle("rejected", "--each", "--database", database).stdout
    assert "amount_unreadable" in each
    said.write_text(write_offs().replace("amount", "amont"))
    wrong = revcycle("load", file, "--map", said, "--database", database)
    assert wrong.returncode != 0
    assert "map.toml, line 8" in wrong.stderr
    assert "Traceback" not in wrong.stderr

"""Progress within a file: told while it loads, never falling, and only where it is wanted."""

import json
import os
import pty
import subprocess
import sys
import time

import pytest
from extract_worlds import write_offs

import analytics as rc
from analytics.watching import Share, watched


def test_the_share_never_falls_and_never_ends_early():
    share = Share()
    found = [share.now(p) for p in (-1, 0, 50, 100, -1, 0, 100, 3, 100, 0, 0)]
    assert found == sorted(found)
    assert found[:4] == [0, 0, 0.3, 0.6]
    assert found[6] == pytest.approx(0.7)
    assert found[-1] < 1


def test_a_statement_tells_while_it_runs():
    connection = rc.Database(":memory:").connection
    before = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    told = []
    with watched(connection, told.append):
        connection.execute("SELECT sum(i) FROM range(9) AS t(i)")
        time.sleep(0.5)
    assert told
    assert told == sorted(told)
    now = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    assert now == before


@pytest.fixture
def big(tmp_path):
    rows = "".join(f"A{n},2026-01-05,{n % 97}.25\n" for n in range(90_000))
    path = tmp_path / "big.csv"
    path.write_text("Acct,Day,Amt\n" + rows)
    (tmp_path / "map.toml").write_text(write_offs())
    return path


def test_bytes_are_told_within_one_file(big, tmp_path, monkeypatch):
    monkeypatch.setattr("analytics.watching._EVERY", 0.005)
    told = []
    db, said = rc.Database(":memory:"), tmp_path / "map.toml"
    rc.load(db, big, map=said, progress=lambda *now: told.append(now))
    size = big.stat().st_size
    done = [one for one, _, _ in told]
    assert done == sorted(done)
    assert any(0 < one < size for one in done)
    assert told[-1] == (size, size, "")
    assert {(total, name) for _, total, name in told[:-1]} == {(size, "big.csv")}


def on_a_terminal(*said):
    """What a command writes on its error stream, which is a terminal, and on the other."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "analytics", *map(str, said)]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    out, seen = done.communicate()[0], b""
    while True:
        try:
            block = os.read(ours, 65536)
        except OSError:
            break
        if not block:
            break
        seen += block
    return seen.decode("utf-8", "replace"), out.decode()


@pytest.mark.parametrize("as_json", [False, True])
def test_a_bar_on_a_terminal_and_none_beside_json(big, tmp_path, as_json):
    more = ["--json"] if as_json else []
    database = tmp_path / "x.duckdb"
    said = ("load", big, "--map", tmp_path / "map.toml", "--database", database, *more)
    seen, out = on_a_terminal(*said)
    assert ("loading" in seen) is not as_json
    assert not as_json or json.loads(out)

"""A full disk or one that is only read: a plain line, exit code 2, and nothing changed."""

import os
import shutil
import subprocess
from contextlib import contextmanager

import pytest
from saying import say

from analytics.database import Database
from analytics.loader import load
from analytics.sample import write

KEY = "correct horse battery staple"
FULL = "disk is full|is on is full|No space left on device"


@contextmanager
def _mounted(place, *how):
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *map(str, how), str(place)], capture_output=True)
    if done.returncode:
        pytest.skip("a file system cannot be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"),
        reason="only root can mount a small disk",
    ),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A database of some files, built, and files to come."""
    folder = tmp_path_factory.mktemp("made")
    write(folder / "sample", claims=150, months=4, with_truth=False)
    with Database(folder / "claims.duckdb") as db:
        load(db, sorted((folder / "sample" / "837").iterdir())[:3], progress=False)
        db.build(progress=False)
    return folder


def _state(path, key=None):
    with Database(path, key=key, read_only=True) as db:
        tables = db.sql("SELECT table_name AS name FROM duckdb_tables() ORDER BY 1")["name"]
        return {
            name: db.sql(f"SELECT count(*) AS n FROM {name}")["n"][0]
            for name in tables
            if not name.endswith("_next")
        }


def _refused(words, says):
    said = say(*words, plain=True)
    assert said.code == 2, said.text
    assert any(one in said.text for one in says.split("|")), said.text
    assert "Traceback" not in said.text
    assert "a mistake of the program" not in said.text


WRITING = {
    "load": ("load", "{sample}/837", "{sample}/835"),
    "build": ("build",),
    "rekey": ("rekey",),
    "hold": ("retention", "hold", "add", "--reason", "suit", "--all"),
    "maps": ("reference", "load", "carc", "--shipped"),
}


@pytest.mark.parametrize("name", WRITING)
@pytest.mark.parametrize("room", [0, 100_000])
def test_a_full_disk_changes_nothing(name, room, made, tmp_path, monkeypatch):
    monkeypatch.setenv("REVCYCLE_NEW_KEY", KEY)
    size = (made / "claims.duckdb").stat().st_size
    with _mounted(tmp_path / "disk", "-t", "tmpfs", "-o", f"size={size + room}", "tmpfs") as disk:
        shutil.copy(made / "claims.duckdb", disk)
        before = _state(disk / "claims.duckdb")
        words = [word.format(sample=made / "sample") for word in WRITING[name]]
        if room and name in ("hold", "maps"):
            pytest.skip("there is room for it")
        _refused([*words, "--database", disk / "claims.duckdb"], FULL)
        assert _state(disk / "claims.duckdb") == before
        assert {p.suffix for p in disk.iterdir()} <= {".duckdb", ".wal"}


def test_a_new_database_on_a_full_disk_is_none(made, tmp_path):
    with _mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=200k", "tmpfs") as disk:
        _refused(("load", made / "sample" / "837", "--database", disk / "new.duckdb"), FULL)
        assert list(disk.iterdir()) == []


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_an_export_onto_a_full_disk_is_none(ending, made, tmp_path):
    with _mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=8k", "tmpfs") as disk:
        (disk / f"x{ending}").write_text("as it was")
        words = ("export", "table", "carc", disk / f"x{ending}")
        _refused((*words, "--database", made / "claims.duckdb"), FULL)
        assert [p.read_text() for p in disk.iterdir()] == ["as it was"]


def test_a_folder_of_exports_and_a_report_on_a_full_disk(made, tmp_path):
    on = ("--database", made / "claims.duckdb")
    with _mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=40k", "tmpfs") as disk:
        _refused(("export", "parquet", disk / "all", *on), FULL)
        assert not (disk / "all" / "tables.json").exists()
        shutil.rmtree(disk / "all")
        _refused(("report", "data_quality", "-o", disk / "out", *on), FULL)
        assert [p for p in disk.rglob("*") if p.is_file()] == []


def test_a_read_only_file_system(made, tmp_path, monkeypatch):
    monkeypatch.setenv("REVCYCLE_NEW_KEY", KEY)
    with _mounted(tmp_path / "disk", "--bind", made) as disk:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(disk)], check=True)
        names, on = sorted(disk.iterdir()), ("--database", disk / "claims.duckdb")
        before = _state(disk / "claims.duckdb")
        for words in WRITING.values():
            told = [word.format(sample=made / "sample") for word in words]
            _refused([*told, *on], "read-only|Read-only|no permission")
        _refused(
            ("load", made / "sample" / "837", "-d", disk / "new.duckdb"), "ead-only|permission"
        )
        for words in (
            ("export", "table", "claim", disk / "x.csv"), ("export", "parquet", disk / "all"),
            ("report", "data_quality", "-o", disk / "out"), ("export", "tuva", disk / "tuva"),
        ):  # fmt: skip
            _refused([*words, *on], "ead-only|permission|cannot be written")
        assert say("files", *on).code == 0, "what only reads still works"
        assert say("show", "initial_denial_rate", *on).code == 0
        assert _state(disk / "claims.duckdb") == before
        assert sorted(disk.iterdir()) == names

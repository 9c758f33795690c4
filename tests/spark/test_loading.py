"""Loading on Spark is loading into DuckDB: the same rows, ids, findings and report."""

import gzip
import os
import signal
from pathlib import Path

import pytest
from loaded import differing

from analytics import parquet, sample
from analytics.database import Database
from analytics.engines.loading import load as spark_load
from analytics.errors import DatabaseError, UnreadableFileError
from analytics.ingest.x12.pieces import Hashed, pieces
from analytics.loader import load

pytestmark = pytest.mark.spark


SAMPLE = Path(__file__).parents[2] / "sample_data"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SMALL = 12_000  # bytes of a piece, so that small files are cut


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small sample of its own."""
    folder = tmp_path_factory.mktemp("small")
    sample.write(folder, claims=60, months=2, seed=11)
    return folder


@pytest.mark.slow
def test_the_sample_is_the_same_and_twice_adds_nothing(session, tmp_path):
    with Database() as db:
        asked = load(db, SAMPLE)
        found = spark_load(session, SAMPLE, tmp_path / "tables")
        assert found == asked
        assert found.total("claims") > 3000
        assert differing(tmp_path / "tables", db) == []
        before = (tmp_path / "tables" / parquet.MANIFEST).read_text()
        again = spark_load(session, SAMPLE, tmp_path / "tables")
        assert {file.status for file in again.files} == {"already loaded"}
        assert again == load(db, SAMPLE)
        assert (tmp_path / "tables" / parquet.MANIFEST).read_text() == before


@pytest.mark.skipif(not CORPUS.exists(), reason="no corpus beside the project")
@pytest.mark.slow
def test_the_public_corpus_is_the_same_and_once_more(session, tmp_path):
    """Files that cannot be read are tried again, and noted once."""
    with Database() as db:
        for _ in range(2):
            assert spark_load(session, CORPUS, tmp_path / "tables") == load(db, CORPUS)
            assert differing(tmp_path / "tables", db) == []
        assert db.sql("SELECT count(*) FROM source_file WHERE format = 'unreadable'").item() > 1


def test_files_cut_into_pieces_give_what_they_give_whole(session, small, tmp_path):
    """One large file of all, with a set that is rejected, and files that repeat its sets."""
    files = sorted((small / "835").iterdir()) + sorted((small / "837").iterdir())
    texts = [text for file in files if (text := file.read_bytes())[3:4] == b"*"]
    broken = texts[0].replace(b"~SE*", b"~ZZ*", 1).replace(b"BPR*I*", b"BPR*I*9", 1)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.edi").write_bytes(b"".join(texts[1:]) + broken)
    with (tmp_path / "in" / "a.edi").open("rb") as stream:
        assert len(pieces(Hashed(stream), SMALL)) > 5
    (tmp_path / "in" / "b.edi").write_bytes(b"".join(texts[:2]))
    (tmp_path / "in" / "c.edi").write_bytes(b"".join(texts[:2]) + b"\r\n")
    (tmp_path / "in" / "d.edi.gz").write_bytes(gzip.compress(texts[-1] + b"\r\n"))
    with Database() as db:
        asked = load(db, tmp_path / "in", strict=True)
        found = spark_load(
            session, tmp_path / "in", tmp_path / "tables", strict=True, piece_size=SMALL
        )
        assert found == asked
        assert {"set_rejected", "duplicate_transaction"} <= set(asked.by_rule("rejected_by_rule"))
        assert differing(tmp_path / "tables", db) == []


def test_loads_add_up_and_options_read_again(session, small, tmp_path):
    """Load by load, over a folder that was exported, as over a database."""
    from analytics.exporting import export_parquet

    test = (small / "835").iterdir()
    text = next(test).read_bytes()
    (tmp_path / "test.edi").write_bytes(text.replace(b"*P*:~", b"*T*:~"))
    broken = next(test)
    with Database() as db:
        load(db, small / "837")
        export_parquet(db, tmp_path / "tables", progress=False)
        steps = [
            ([small / "837", tmp_path / "test.edi"], {}),
            ([small / "eligibility.csv", small / "payer_map.csv", broken], {}),
            ([tmp_path / "test.edi"], {"include_test": True}),
        ]
        for paths, options in steps:
            asked = load(db, paths, **options)
            assert spark_load(session, paths, tmp_path / "tables", **options) == asked
            assert differing(tmp_path / "tables", db) == []
        assert not asked.by_rule("rejected_by_rule")


def test_a_task_that_is_killed_after_it_has_written_doubles_nothing(
    session, small, tmp_path, monkeypatch
):
    marker = tmp_path / "failed"
    from analytics.engines.loading.reading import Job

    class Failing(Job):
        def do(self, work):
            done = super().do(work)
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)  # the worker alone, as by lack of memory
            return done

    monkeypatch.setattr("analytics.engines.loading.loading.Job", Failing)
    monkeypatch.chdir(small)  # and workers are elsewhere: a path is what the driver means by it
    with Database() as db:
        asked = load(db, small / "835")
        assert spark_load(session, "835", tmp_path / "tables") == asked
        assert differing(tmp_path / "tables", db) == []
    assert marker.exists()
    assert not list((tmp_path / "tables").rglob("staged"))


def test_a_load_that_ends_before_its_manifest_changes_nothing(
    session, small, tmp_path, monkeypatch
):
    from analytics.engines.loading.folder import Folder

    table = tmp_path / "tables"
    with Database() as db:
        load(db, small / "999")
        spark_load(session, small / "999", table)
        with monkeypatch.context() as patch:
            patch.setattr(Folder, "commit", lambda *_: 1 / 0)
            patch.setattr(Folder, "clear", lambda *_: None)  # as when the program is killed
            with pytest.raises(ZeroDivisionError):
                spark_load(session, small / "277", table)
        assert (table / "loads" / "2" / "acknowledgement.parquet").exists()
        assert differing(table, db) == []
        assert spark_load(session, small / "277", table) == load(db, small / "277")
        assert differing(table, db) == []


def test_what_cannot_be_loaded_is_said(session, tmp_path):
    with pytest.raises(UnreadableFileError, match="no such file"):
        spark_load(session, tmp_path / "nothing", tmp_path / "tables")
    with pytest.raises(DatabaseError, match="mounted"):
        spark_load(session, SAMPLE / "999", "s3a://bucket/tables")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").touch()
    with pytest.raises(DatabaseError, match="not a whole Parquet export"):
        spark_load(session, SAMPLE / "999", tmp_path / "other")
    (tmp_path / "lost" / "loads" / "1").mkdir(parents=True)  # its manifest was deleted
    with pytest.raises(DatabaseError, match="not a whole Parquet export"):
        spark_load(session, SAMPLE / "999", tmp_path / "lost")
    assert (tmp_path / "lost" / "loads" / "1").exists()

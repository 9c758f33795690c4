"""Which files there are to read, and what is inside archives: also hostile ones."""

import bz2
import gzip
import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from analytics.database import Database
from analytics.errors import UnreadableFileError
from analytics.ingest import archives, compression
from analytics.ingest.files import Source, find
from analytics.loader import load

SAMPLE = Path(__file__).parents[1] / "sample_data" / "835"
TEXT = sorted(SAMPLE.iterdir())[0].read_bytes()


def zipped(files: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def content(source: Source) -> bytes:
    with source.open() as stream:
        return stream.read()


def names(folder: Path) -> list[str]:
    return [source.name for source in find(folder)]


def test_archives_are_opened_whatever_they_are_called_and_whatever_is_in_them(tmp_path):
    inner = zipped({"deep/b.edi": TEXT, "deep/c.edi.gz": gzip.compress(TEXT)})
    (tmp_path / "download").write_bytes(zipped({"a.edi": TEXT, "in/inner.zip": inner}))
    found = find(tmp_path)
    assert [s.name for s in found] == [
        "download/a.edi",
        "download/in/inner.zip/deep/b.edi",
        "download/in/inner.zip/deep/c.edi.gz",
    ]
    assert all(content(s) == TEXT for s in found)
    assert [s.kind for s in found] == [".edi"] * 3


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(TEXT), bz2.compress(TEXT), gzip.compress(gzip.compress(TEXT)), TEXT],
    ids=["gzip", "bzip2", "twice", "not"],
)
def test_compression_is_told_by_the_first_bytes(packed, tmp_path):
    (tmp_path / "a.edi").write_bytes(packed)
    assert content(Source(tmp_path / "a.edi")) == TEXT


def test_several_gzip_members_behind_one_another_are_one_file(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(TEXT) + gzip.compress(TEXT) + b"\0" * 512)
    assert content(Source(tmp_path / "a.gz")) == TEXT * 2


def test_entries_of_one_name_are_two_files(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.edi", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.edi", b"two")
    (tmp_path / "a.zip").write_bytes(out.getvalue())
    assert [content(s) for s in find(tmp_path)] == [b"one", b"two"]


def test_hidden_entries_are_left_out_as_hidden_files_are(tmp_path):
    hidden = dict.fromkeys((".b.edi", "__MACOSX/._a.edi", "x/.git/c"), b"")
    (tmp_path / "a.zip").write_bytes(zipped({"a.edi": TEXT} | hidden))
    assert names(tmp_path) == ["a.zip/a.edi"]


def encrypted(archive: bytes) -> bytes:
    """The archive with the mark of encryption on its entries."""
    found = bytearray(archive)
    found[found.index(b"PK\x03\x04") + 6] |= 1
    found[found.index(b"PK\x01\x02") + 8] |= 1
    return bytes(found)


NOT_READ = {
    "encrypted.zip": (encrypted(zipped({"a.edi": TEXT})), "encrypted"),
    "cut.zip": (zipped({"a.edi": TEXT})[:-30], "zip archive"),
    "harmed.zip": (zipped({"a.edi": TEXT}).replace(b"a.edi", b"b.edi", 1), "damaged"),
    "crc.zip": (zipped({"a.edi": TEXT}, zipfile.ZIP_STORED).replace(b"BPR", b"BPX", 1), "damaged"),
    "lzma.zip": (zipped({"a.edi": TEXT}, zipfile.ZIP_LZMA), "rare way"),
    "none.zip": (zipped({}), "zip archive"),
    "hidden.zip": (zipped({".a": TEXT}), "zip archive"),
    "book.xlsx": (zipped({"[Content_Types].xml": b"", "a.xml": b""}), "Office"),
    "cut.gz": (gzip.compress(TEXT)[:-9], "damaged"),
    "harmed.gz": (gzip.compress(TEXT)[:40] + b"\xff" * 40, "damaged"),
    "harmed.bz2": (bz2.compress(TEXT)[:40] + b"\xff" * 40, "damaged"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, "7z"),
    "a.xz": (b"\xfd7zXZ\0" + b"\0" * 99, "xz"),
    "a.tar": (b"a.edi".ljust(257, b"\0") + b"ustar" + b"\0" * 250, "tar"),
    "a.pgp": (b"-----BEGIN PGP MESSAGE-----\n", "PGP"),
    "a.pdf": (b"%PDF-1.7\n", "PDF"),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_cannot_be_opened_says_what_it_is(name, tmp_path):
    raw, said = NOT_READ[name]
    (tmp_path / name).write_bytes(raw)
    (source,) = find(tmp_path)
    with pytest.raises(UnreadableFileError, match=said):
        content(source)


def test_one_bad_file_of_each_kind_does_not_keep_the_others_out(tmp_path):
    for name, (raw, _) in NOT_READ.items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "good.edi").write_bytes(TEXT)
    (tmp_path / "gone.edi").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.edi")
    with Database() as db:
        report = load(db, tmp_path)
    status = {f.name: f.status for f in report.files}
    assert status.pop("good.edi") == "loaded"
    assert set(status.values()) == {"unreadable"}
    assert len(status) == len(NOT_READ) + 2
    assert all(f.problem for f in report.files if f.status == "unreadable")


def test_archives_deeper_than_three_are_not_opened(tmp_path):
    raw = TEXT
    for _ in range(5):
        raw = zipped({"x.zip": raw})
    (tmp_path / "a.zip").write_bytes(raw)
    (source,) = find(tmp_path)
    with pytest.raises(UnreadableFileError, match="zip archive"):
        content(source)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
def test_what_expands_beyond_measure_is_refused_before_it_fills_memory(pack, tmp_path, monkeypatch):
    monkeypatch.setattr(compression, "_FREE", 1 << 20)
    (tmp_path / "a.edi").write_bytes(pack(b"~" * (20 << 20)))
    with pytest.raises(UnreadableFileError, match="more than 250 times"):
        content(Source(tmp_path / "a.edi"))


def test_so_is_an_entry_of_an_archive(tmp_path, monkeypatch):
    monkeypatch.setattr(compression, "_FREE", 1 << 20)
    (tmp_path / "a.zip").write_bytes(zipped({"a.edi": b"~" * (4 << 20)}))
    (source,) = find(tmp_path)
    with pytest.raises(UnreadableFileError, match="beyond measure"):
        source.sha256()


def test_an_archive_in_an_archive_is_held_in_memory_only_up_to_a_size(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "_MOST_INNER", 100)
    (tmp_path / "a.zip").write_bytes(zipped({"x.zip": zipped({"a.edi": TEXT})}))
    (source,) = find(tmp_path)
    with pytest.raises(UnreadableFileError):
        content(source)


def test_an_archive_of_many_files_is_listed_once(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({f"{i}.edi": b"x" for i in range(3000)}))
    began = time.monotonic()
    found = find(tmp_path)
    assert sum(source.byte_count for source in found) == 3000
    assert all(source.sha256() for source in found)
    assert time.monotonic() - began < 10


def test_links_that_lead_back_are_followed_once(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.edi").write_bytes(TEXT)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "a")
    assert names(tmp_path) == ["b.edi"]


def test_folders_deeper_than_python_calls(tmp_path):
    folder = tmp_path
    for _ in range(400):
        folder /= "x"
        try:
            folder.mkdir()
        except OSError:  # longer than the system allows
            break
    (folder.parent / "a.edi").write_bytes(TEXT)
    assert names(tmp_path) == ["a.edi"]


def test_pipes_and_devices_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        (source,) = find(path)
        with pytest.raises(UnreadableFileError, match="pipe or device"):
            source.sha256()


def test_names_that_no_text_can_hold_are_shown_with_question_marks(tmp_path):
    raw = os.fsencode(tmp_path) + b"/\xff\n\x1b[31m.edi"
    with open(raw, "wb") as file:  # noqa: PTH123
        file.write(TEXT)
    assert names(tmp_path) == ["???[31m.edi"]
    with Database() as db:
        assert [f.status for f in load(db, tmp_path).files] == ["loaded"]


def test_an_ignore_file_of_any_bytes_is_no_stumbling_block(tmp_path):
    (tmp_path / ".revcycleignore").write_bytes(b"\xff\xfe\nb.edi\n")
    for name in ("a.edi", "b.edi"):
        (tmp_path / name).write_bytes(TEXT)
    assert names(tmp_path) == ["a.edi"]


def test_a_file_that_goes_away_while_it_is_loaded_is_said_to_be_gone(tmp_path, monkeypatch):
    for name in ("a.edi", "b.edi"):
        (tmp_path / name).write_bytes(TEXT + name.encode())
    monkeypatch.setattr("analytics.loader.find", lambda paths: _then_gone(find(paths)))
    with Database() as db:
        report = load(db, tmp_path)
    assert [(f.status, f.problem) for f in report.files] == [
        ("unreadable", "No such file or directory"),
        ("loaded", ""),
    ]


def _then_gone(sources: list[Source]) -> list[Source]:
    sources[0].path.unlink()
    return sources

"""A file read in pieces, each by a reader of its own, gives what it gives when read whole."""

import io
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from analytics.errors import UnreadableFileError
from analytics.ingest.files import find
from analytics.ingest.x12.chunks import resumed
from analytics.ingest.x12.part import together
from analytics.ingest.x12.pieces import Hashed, pieces, stored
from analytics.ingest.x12.read import Reader

SAMPLE = Path(__file__).parents[2] / "sample_data"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SMALLEST = 400  # bytes, so that nearly every set begins a piece


def cut(text, size=SMALLEST):
    return pieces(Hashed(io.BytesIO(text)), size)


def found(reader, parts):
    """Rows of all tables in the order of the file, and the verdict."""
    parts = list(parts)
    verdict = reader.verdict()
    tables = together([part.tables for part in parts]) if parts else {}
    tables = {name: frame for name, frame in tables.items() if len(frame)}
    rejected = pl.concat([*(part.rejected for part in parts), verdict.rejected])
    if "provider" in tables:  # each chunk tells of one once: what the first says, and any taxonomy
        named = pl.concat(
            [pl.DataFrame(schema={"taxonomy_code": pl.String}), tables["provider"]], how="diagonal"
        )
        tables["provider"] = (
            named.sort("record_no")
            .group_by("npi")
            .agg(
                pl.col("record_no", "provider_name").first(),
                pl.col("taxonomy_code").drop_nulls().first(),
            )
        )
    said = tables | {"sets": verdict.sets, "dropped": verdict.dropped, "rejected": rejected}
    return {name: frame.sort(pl.all()) for name, frame in said.items()}, reader.record_counts


def whole(text):
    reader = Reader()
    return found(reader, reader.extracts([(0, partial(io.BytesIO, text))]))


def in_pieces(text, parts):
    joined, extracts = Reader(), []
    for piece in parts:
        reader = Reader()
        extracts += reader.rest(0, resumed(stored(io.BytesIO(text), piece), piece))
        joined.join(reader)
    return found(joined, extracts)


def same(text, parts):
    (tables, count), (asked, asked_count) = in_pieces(text, parts), whole(text)
    assert count == asked_count
    assert tables.keys() == asked.keys()
    for name, frame in tables.items():
        assert frame.select(asked[name].columns).equals(asked[name]), name


def texts(folder):
    for source in find(folder):
        try:
            with source.open() as stream:
                yield source.name, stream.read()
        except (UnreadableFileError, EOFError, OSError):
            continue


@pytest.mark.parametrize("folder", ["835", "837", "277", "999", "broken"])
def test_files_of_the_sample(folder):
    seen = 0
    for _, text in list(texts(SAMPLE / folder))[:: 1 if folder == "broken" else 7]:
        if parts := cut(text):
            seen += len(parts)
            same(text, parts)
    assert seen > 1


@pytest.mark.skipif(not CORPUS.exists(), reason="no corpus beside the project")
def test_files_of_the_corpus():
    seen = 0
    for name, text in texts(CORPUS):
        if name.endswith(".json"):
            continue
        if parts := cut(text):
            seen += len(parts)
            same(text, parts)
    assert seen > 20


@pytest.mark.long
def test_all_files_behind_one_another():
    text = b"".join(text for _, text in texts(SAMPLE / "835") if text[3:4] == b"*")
    for size in (10_000, 200_000):
        parts = cut(text, size)
        assert len(parts) > len(text) // (size + 20_000)
        assert b"".join(text[p.start : p.end] for p in parts) == text
        same(text, parts)


def test_a_piece_begins_with_a_set_and_knows_what_it_stands_in():
    text = next(text for _, text in texts(SAMPLE / "837"))
    first, *others = cut(text)
    assert (first.start, first.first_record, first.context) == (0, 1, b"")
    assert others[-1].end == len(text)
    for piece in others:
        assert text[piece.start :].startswith(b"ST*837")
        assert piece.context.startswith(b"ISA*")
        assert piece.context.count(b"~") == len(piece.context_records) == 2
        assert piece.first_record == text[: piece.start].count(b"~") + 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.decode().encode("utf-16"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text + text.replace(b"*", b"|"),
        lambda text: b"".join(
            text.replace(b"\n", b"")[n : n + 80] + b"\n" for n in range(0, 900_000, 80)
        ),
        lambda _: b"no X12 at all" * 100,
        lambda _: b"",
        lambda text: text.replace(b"~\nST", b"~\n\xe9~ST"),
    ],
)
def test_what_is_not_read_as_it_stands_stays_whole(spoil):
    text = next(text for _, text in texts(SAMPLE / "837"))
    assert cut(text)
    assert cut(spoil(text)) == []


def test_a_file_that_became_shorter_is_not_read():
    text = next(text for _, text in texts(SAMPLE / "837"))
    with pytest.raises(UnreadableFileError, match="shorter"):
        list(stored(io.BytesIO(text[:-10]), cut(text)[-1]))

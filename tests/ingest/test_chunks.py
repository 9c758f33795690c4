"""However a file is cut into chunks, and with whatever files it is read: the same rows."""

import os
from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wire import Wire
from worlds import claims, everything, gathered, reading, remits, replies, stays, taken

from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.x12.read import Reader

EXAMPLES = int(os.environ.get("REVCYCLE_FUZZ_EXAMPLES", "8"))
SLOW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="REVCYCLE_FUZZ_EXAMPLES" not in os.environ,  # a campaign looks for new cases
    suppress_health_check=[HealthCheck.too_slow],
)
ALL = Wire().write(everything()).encode()
HL = everything().index("HL*1**20*1")
KINDS = {"remits": remits(), "claims": claims(), "stays": stays(), "all": everything()}
KINDS |= {"taken": taken(), "replies": replies()}


def damaged(segments: list[str], places: list[tuple[int, int]]) -> list[str]:
    """The segments with some of them moved: each (from, to), modulo the length."""
    moved = list(segments)
    for source, target in places:
        moved.insert(target % len(moved), moved.pop(source % len(moved)))
    return moved


MOVES = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=4)


@pytest.mark.parametrize("size", [600, 777, 1500])
def test_a_file_in_chunks_of_any_size_gives_the_same(size):
    assert reading([ALL], size) == reading([ALL])


@SLOW
@given(size=st.integers(600, 3000), kind=st.sampled_from(sorted(KINDS)), moves=MOVES)
@example(size=600, kind="claims", moves=[(0, 3)])
@example(size=600, kind="claims", moves=[(17, 4)])  # a claim before its levels
@example(size=600, kind="stays", moves=[(103, 44)])  # an LX before the billing provider's REF
@example(size=600, kind="all", moves=[(HL, 16)])  # an HL in an 835
def test_so_does_a_damaged_one(size, kind, moves):
    text = Wire().write(damaged(KINDS[kind], moves)).encode()
    assert reading([text], size) == reading([text])


@SLOW
@given(
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=4),
    moves=MOVES,
    size=st.sampled_from([600, 2000, 8 << 20]),
)
@example(kinds=["stays", "stays"], moves=[(32, 3)], size=8 << 20)  # an SV2 before the BHT
def test_files_read_together_give_what_each_gives_alone(kinds, moves, size):
    texts = [Wire().write(damaged(KINDS[kind], moves)).encode() for kind in kinds]
    together = reading(texts, size)
    alone: dict[str, list[str]] = {}
    for number, text in enumerate(texts):
        reader = Reader()
        parts = reader.extracts([(number, lambda text=text: BytesIO(text))])
        for name, rows in gathered(parts, reader).items():
            alone.setdefault(name, []).extend(rows)
    assert set(together) == set(alone)
    for name in alone:
        assert together[name] == sorted(alone[name]), name


def test_records_are_numbered_by_file():
    reader = Reader()
    files = [(i, lambda: BytesIO(Wire().write(remits()).encode())) for i in (3, 7)]
    (part,) = reader.extracts(files)
    numbers = part["remit_claim"]["record_no"] // RECORDS_PER_FILE
    assert numbers.unique().sort().to_list() == [3, 7]

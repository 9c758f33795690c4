"""What machine code reads is what arrays of numpy read, and both are what plain Python reads."""

import datetime as dt
import re
from decimal import Decimal
from io import BytesIO

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fuzz import CHANGES, SEEDS, changed
from wire import Wire
from worlds import everything

from analytics.errors import AnalyticsError
from analytics.ingest.extract import Extract
from analytics.ingest.x12 import cutting, later
from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.lazy import now
from analytics.ingest.x12.loops import Loops
from analytics.ingest.x12.modifiers import modifiers
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.read import read
from analytics.ingest.x12.table import Table

pytest.importorskip("numba")
USUAL = Delimiters(ord("*"), ord(":"), ord("~"))

FEW = settings(max_examples=30, deadline=None, derandomize=True)
MONEY = re.compile(r"[+-]?(\d+\.?\d{0,2}0*|\.\d{1,2}0*)")


def cut(text: str):
    """The segments of a text with the usual delimiters."""
    return cutting.segments(text.encode(), delimiters=USUAL)


def on_both_roads(test):
    """The test once by machine code and once by arrays."""
    roads = pytest.mark.parametrize("worth_it", [0, 1 << 40], ids=["machine code", "arrays"])
    return pytest.mark.usefixtures("road")(roads(test))


@pytest.fixture
def road(monkeypatch, worth_it):
    monkeypatch.setattr(cutting, "WORTH_IT", worth_it)
    monkeypatch.setattr(cutting, "WORTH_STARTING", worth_it)


def both(text: bytes):
    """What the two roads read of a text, or that it is unreadable."""
    found = []
    for worth_it in (0, 1 << 40):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cutting, "WORTH_IT", worth_it)
            patch.setattr(cutting, "WORTH_STARTING", worth_it)
            try:
                found.append(read(BytesIO(text), include_test=True))
            except AnalyticsError as error:
                found.append(str(error))
    return found


def assert_same(text: bytes) -> None:
    fast, plain = both(text)
    if isinstance(fast, str):
        assert fast == plain
        return
    assert fast.record_count == plain.record_count
    assert fast.rejected.equals(plain.rejected)
    for name, frame in fast.tables.items():
        assert frame.schema == plain[name].schema, name
        assert frame.equals(plain[name]), name


@pytest.mark.parametrize("text", SEEDS)
def test_whole_files(text):
    assert_same(text)


def test_no_array_is_made_in_a_way_that_imports_pandas(monkeypatch):
    monkeypatch.delattr(pa, "array")
    assert all(isinstance(found, Extract) for found in both(SEEDS[0]))


def test_letters_are_raised_wherever_they_stand():
    text = Wire().write(everything()).lower().replace("isa*", "ISA*")
    assert_same(text.encode())
    assert_same(text.replace("doe", "d\u00f6e").encode())


def test_a_blank_behind_an_id_is_none_of_it():
    text = Wire().write(everything())
    odd = text.replace("~\nST*", "~\nST\x1a*").replace("~\nLX*", "~\n LX *")
    assert_same(odd.encode())
    assert read(BytesIO(odd.encode())).tables.keys() == read(BytesIO(text.encode())).tables.keys()


@FEW
@given(st.sampled_from(SEEDS), CHANGES)
def test_damaged_files(text, changes):
    assert_same(changed(text, changes))


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize("worth_it", [0])
@pytest.mark.parametrize("order", ["file", "reversed", "mixed", "none"])
def test_what_is_asked_for_together_is_read_as_one_by_one(order):
    kinds = ("XX", "MI", "xx")
    found = cut(
        "".join(
            f"NM1*a{i}*{i % 700}.5*{20250101 + i % 28}**  *c{'d' * (i % 30)}**{kinds[i % 3]}*{i}~\n"
            for i in range(9000)  # more than two strips
        )
    )
    rows = {
        "file": np.arange(9000),
        "reversed": np.arange(9000)[::-1].copy(),
        "mixed": np.random.default_rng(3).integers(-1, 9000, 5000),
        "none": np.full(300, -1),
    }[order]
    asked = [*later.texts(found, rows, (1, 4, 5, 6, 9, 12), upper=True)]
    amounts = later.amounts(found, rows, (2, 3), "money")
    days, npis = later.days(found, rows, 3), later.npis(found, rows, lambda: rows >= 0)
    span = found.span(rows, 6)
    asked += [npis, found.column(span)]
    numbers = [*amounts, days, later.numbers(found, span, "quantity")]
    is_npi = found.qualifier(rows, 8) == packed("XX")
    said = [
        *found.texts(rows, (1, 4, 5, 6, 9, 12), upper=True),
        *found.texts(np.where(is_npi, rows, -1), (9,)),
        found.strings(span),
    ]
    plain = [
        *found.amounts(rows, (2, 3), "money"),
        found.days(rows, 3),
        found.numbers(span, "quantity"),
    ]
    for one, other in zip(asked, said, strict=True):
        assert pl.Series(values=now(one)).to_list() == pl.Series(values=other).to_list()
    for one, other in zip(map(now, numbers), plain, strict=True):
        assert one.series().to_list() == other.series().to_list()
        assert one.unread.tolist() == other.unread.tolist()


SIGN = st.sampled_from(["", "-", "+"])
DIGITS = st.text("0123456789", max_size=12)
WRITTEN = st.one_of(
    st.builds("{}{}{}{}".format, SIGN, DIGITS, st.sampled_from(["", "."]), DIGITS),
    st.text("0123456789.-+ eE", max_size=9),
)


@on_both_roads
def test_amounts():
    @FEW
    @given(st.lists(WRITTEN, min_size=1, max_size=20))
    def check(texts):
        found = cutting.segments(
            "".join(f"AMT*{text}~" for text in texts).encode(), delimiters=USUAL
        )
        read_ = found.numbers(found.span(found.of("AMT"), 1), "money").series().to_list()
        assert read_ == [amount(text.strip()) for text in texts]

    check()


@on_both_roads
@pytest.mark.parametrize("text", ["123456789012345", "-123456789012345", "100000000.000001"])
def test_a_number_is_not_read_as_another_where_it_has_too_many_digits(text):
    found = cut(f"CLP*{text}~")
    read_ = found.numbers(found.span(found.of("CLP"), 1), "rate").series().to_list()
    assert read_ == [Decimal(text) if abs(Decimal(text)) < 10**8 else None]


def amount(text: str) -> Decimal | None:
    """What the amount is, read one by one; None where it is none or does not fit."""
    if not MONEY.fullmatch(text):
        return None
    value = Decimal(text)
    return value if abs(value) < 10**12 else None


@on_both_roads
def test_days():
    @FEW
    @given(
        st.lists(
            st.one_of(st.integers(17990101, 22001301).map(str), st.text("0123456789-", max_size=9))
        )
    )
    def check(texts):
        found = cutting.segments(
            "".join(f"DTM*{text}~" for text in ["", *texts]).encode(), delimiters=USUAL
        )
        read_ = found.numbers(found.span(found.of("DTM"), 1), "day").series().to_list()
        assert read_[1:] == [day(text) for text in texts]

    check()


def day(text: str) -> dt.date | None:
    if not re.fullmatch(r"(18|19|20|21)\d{6}", text):
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


@on_both_roads
def test_components():
    @FEW
    @given(st.lists(st.text("AB: ", max_size=8), min_size=1))
    def check(texts):
        found = cutting.segments(
            "".join(f"SVC*{text}*~" for text in texts).encode(), delimiters=USUAL
        )
        spans = found.components(found.span(found.of("SVC"), 1), 3)
        got = np.array([found.strings(span).to_list() for span in spans]).T.tolist()
        assert got == [parted(text) for text in texts]

    check()


@on_both_roads
def test_modifiers():
    @FEW
    @given(st.lists(st.text("AB1a\u00e9\0 ,::", max_size=16), min_size=1))
    def check(texts):
        written = "".join(f"SVC*HC:1:{text}*~" for text in texts).encode()
        found = cutting.segments(written, delimiters=USUAL)
        lines = Table("remit_line", found, found.of("SVC"))
        modifiers(lines, found.span(lines.rows, 1))
        codes = [modifiers_of(text) for text in texts]
        assert lines.columns["modifiers"].to_list() == codes
        assert lines.columns["modifier_key"].to_list() == [",".join(sorted(of)) for of in codes]

    check()


def modifiers_of(text: str) -> list[str]:
    """The first four of these components that hold something."""
    parts = (part.strip("\0 ") for part in text.split(":")[:4])
    return [part.upper() for part in parts if part]


def parted(text: str) -> list[str | None]:
    parts = [part.strip() or None for part in text.strip().split(":")]
    return (parts + [None] * 3)[:3]


@on_both_roads
def test_loops():
    @FEW
    @given(st.text("ABCX", min_size=1, max_size=40))
    def check(kinds):
        found = cutting.segments(
            "".join(f"{kind}{kind}*1~" for kind in kinds).encode(), delimiters=USUAL
        )
        loops = Loops(found, {kind: found.of(kind * 2) for kind in "ABC"})
        rows = np.arange(len(kinds))
        for depth, level in enumerate("ABC"):
            inner = [innermost(kinds[: i + 1], "ABC"[: depth + 1], level) for i in rows]
            assert loops.at(level, rows).tolist() == inner
            own = [innermost(kinds[: i + 1], "ABC", level) for i in rows]
            places = np.append(found.of(level * 2), -1)
            assert places[loops.innermost(level, rows)].tolist() == own
            said = loops.first(level, rows, found.code, ("XX",))
            firsts = [
                next((i for i in rows if own[i] == a and kinds[i] == "X"), -1) for a in places[:-1]
            ]
            assert said.tolist() == firsts

    check()


def innermost(kinds: str, levels: str, level: str) -> int:
    """Where the last of the levels stands, if it is this level; -1 otherwise.

    A level counts only where no outer one stands behind it.
    """
    at = kinds.rfind(level)
    outer = max((kinds.rfind(other) for other in levels if other != level), default=-1)
    return at if at > outer else -1

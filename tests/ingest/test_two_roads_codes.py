"""Codes in components: what machine code reads is what arrays read, and what plain Python reads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_two_roads import FEW, cut, on_both_roads, road

from analytics.ingest.x12 import claim_lines
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.repeated import composites
from analytics.ingest.x12.spans import Span
from analytics.ingest.x12.table import Table

pytest.importorskip("numba")
__all__ = ["road"]  # a fixture

LONG = "ABF:" + "A" * 70 + ":B"
PART = st.one_of(st.text("AB: ", max_size=10), st.just(LONG), st.just("abk:I10:::::::Y"))


def told(element: str) -> tuple[str, str] | None:
    """Qualifier and code of a composite, where it has a code."""
    parts = [part.strip(" ") for part in element.strip(" ").split(":")]
    return (parts[0], parts[1]) if parts[1:] and parts[1] else None


@on_both_roads
def test_composites():
    @FEW
    @given(st.lists(st.lists(PART, max_size=14), min_size=1))
    def check(segments):
        found = cut("".join(f"HI{''.join(f'*{part}' for part in of)}~" for of in segments))
        which, spans, codes, widest = composites(found, found.of("HI"), 12)
        kept = [
            (row, *pair)
            for row, of in enumerate(segments)
            for part in of[:12]
            if (pair := told(part))
        ]
        _, qualifier, code = spans
        texts = [found.strings(span).fill_null("").to_list() for span in (qualifier, code)]
        assert list(zip(which.tolist(), *texts, strict=True)) == kept
        wanted = [packed(name.upper()) if 0 < len(name) < 4 else 0 for _, name, _ in kept]
        assert codes.tolist() == wanted
        assert all(part.count(":") < widest for of in segments for part in of[:12] if told(part))

    check()


@on_both_roads
def test_pointers():
    @FEW
    @given(st.lists(st.one_of(st.text("123:", max_size=9), st.sampled_from(["1:12", "A", "1: 2"]))))
    def check(texts):
        found = cut("".join(f"SV1*{text}*~" for text in ["1:2", *texts]))
        lines = Table("claim_line", found, found.of("SV1"))
        claim_lines._pointers(lines, 1)
        wanted = [pointed(text) for text in ["1:2", *texts]]
        assert lines.columns["diagnosis_pointers"].to_list() == wanted
        assert lines.marks["highest_pointer"].tolist() == [max(of, default=0) for of in wanted]

    check()


def pointed(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(":")[:4]]
    return [int(part) for part in parts if part.isdigit()]


@given(st.lists(st.sampled_from(["", "1", "2", "1234567890", "123456789012"])))
@FEW
def test_first_of_each(texts):
    fast = pytest.importorskip("analytics.ingest.x12.compiled")
    found = cut("".join(f"NM1*{text}*~" for text in ["0", *texts]))
    rows, every = found.of("NM1"), ["0", *texts]
    start = np.array([found.cut[found.first[row]] + 1 for row in rows], np.int64)
    span = Span(start, np.array([len(text) for text in every], np.int64))
    where = [np.ascontiguousarray(of, np.int32) for of in (found.cut, found.first, found.width)]
    plan = fast.Plan((found.data, *where, found.bare, found.placed[5]))
    said = np.arange(len(every)) % 2
    first, first_said = fast.first_of_each(plan.column(span, upper=False)(), said)
    names = list(dict.fromkeys(filter(None, every)))
    assert first.tolist() == [every.index(name) for name in names]
    assert first_said.tolist() == [
        next((row for row, text in enumerate(every) if text == name and said[row]), -1)
        for name in names
    ]

"""A report on paper: a PDF of the page, or an error that says what to install."""

import re
import sys
from decimal import Decimal
from io import BytesIO

import polars as pl
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analytics import tables
from analytics.errors import AnalyticsError
from analytics.report import pdf as paper
from analytics.report.content import FORMATS
from analytics.report.page import page

PAGE = """<html><head><title>Denials</title><style>p { color: var(--ink); font: 9pt var(--font) }
</style></head><body><h1>Denials</h1><div class="parts"><div class="part"><svg width="9pt"
height="9pt"><rect width="9" height="9" style="fill: var(--series-0, #0072b2)"/></svg></div></div>
<img src="https://example.invalid/x.png"></body></html>"""


def test_inks_are_colours_and_parts_stand_in_one_column():
    text = paper.on_paper(PAGE)
    assert "fill: #0072b2" in text
    assert "var(--font)" not in text
    assert ".parts { display: block; }" in text


def test_a_missing_renderer_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(AnalyticsError, match=r"pip install \"revcycle\[pdf\]"):
        paper.needs_pdf()


def test_a_missing_library_is_named(monkeypatch):
    def without(_):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(paper, "import_module", without)
    with pytest.raises(AnalyticsError, match="apt install libpango"):
        paper.needs_pdf()


def test_the_same_page_is_the_same_pdf_and_fetches_nothing():
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed", exc_type=ImportError)
    made = paper.pdf(PAGE)
    assert made.startswith(b"%PDF-")
    assert made == paper.pdf(PAGE)
    assert "pdf" in FORMATS


def worklist(rows: int, amounts: int) -> str:
    """The page of a table of so many rows and columns of amounts, below a page of prose."""
    frame = pl.DataFrame(
        {"file_name": [f"835_TALLOWMERE_2026-10_{i}.edi" for i in range(rows)]}
        | {"payer_name": ["Quincefield Health Plan"] * rows}
        | {f"n{i}_amount": [Decimal(f"-1234{i}.05")] * rows for i in range(amounts)}
    )
    data = {"text/html": tables.table(frame, "The first lines to work").html}
    prose = ["# Work", "## Before", *["Prose."] * 30, "## What to do next"]
    cells = [
        new_markdown_cell("\n\n".join(prose)),
        new_code_cell("", outputs=[new_output("display_data", data=data)]),
    ]
    return page(new_notebook(cells=cells), "Work")


def test_a_long_and_wide_table_goes_on_overleaf_and_is_not_cut():
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed", exc_type=ImportError)
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    pages = pypdf.PdfReader(BytesIO(paper.pdf(worklist(60, 8)))).pages
    texts = [one.extract_text() for one in pages]
    for number, text in enumerate(texts, 1):
        assert f"{number} / {len(pages)}" in text
    first = next(i for i, text in enumerate(texts) if "What to do next" in text)
    assert "2026-10_0.edi" in re.sub(r"\s", "", texts[first]), "the heading keeps with its table"
    with_rows = [text for text in texts if "12341.05" in re.sub(r"[\s,]", "", text)]
    assert len(with_rows) > 1
    assert all("N1" in text for text in with_rows), "headings stand on each page"
    found = re.sub(r"\s", "", "".join(texts))
    assert all(f"_{i}.edi" in found for i in range(60))
    assert found.count("12,347.05") == 60
    starts = []
    for one in pages:
        one.extract_text(visitor_text=lambda text, cm, tm, *_: starts.append((text, cm, tm)))
    places = [cm[0] * tm[4] + cm[4] for text, cm, tm in starts if text.strip()]
    margin, width = 42, float(pages[0].mediabox.width)  # 15 mm
    assert min(places) >= margin - 1
    assert max(places) <= width - margin

"""A report on paper: a PDF of the page, or an error that says what to install."""

import sys

import pytest

from analytics.errors import AnalyticsError
from analytics.report import pdf as paper
from analytics.report.content import FORMATS

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

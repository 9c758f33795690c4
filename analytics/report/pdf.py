"""A report as PDF: its page, laid out on paper by WeasyPrint (extra `pdf`), which draws SVG too."""

import logging
import re
from importlib import import_module, resources
from typing import Any

from analytics.errors import AnalyticsError

_PANGO = (
    "PDF needs the system library Pango: `apt install libpango-1.0-0 libpangoft2-1.0-0` on Debian "
    "and Ubuntu, `dnf install pango` on Fedora, `brew install pango` on macOS"
)
# Inks follow the reader's light or dark setting; paper has none, and SVG here no variables.
_INK = re.compile(r"var\(--[\w-]+, (#[0-9a-fA-F]{3,8})\)")


def pdf(html: str) -> bytes:
    """The page as PDF; the same page gives the same bytes.  Nothing is fetched.

    Raises AnalyticsError, which says what to install, where WeasyPrint or Pango is missing.
    """
    renderer = needs_pdf()
    for name in ("weasyprint", "fontTools"):  # they tell of styles that are for screens
        logging.getLogger(name).setLevel(logging.CRITICAL)
    fetcher = renderer.urls.URLFetcher(allowed_protocols=["data"])
    document = renderer.HTML(string=on_paper(html), url_fetcher=fetcher)
    made: bytes = document.write_pdf()
    return made


def needs_pdf() -> Any:
    """The module that lays out; raises AnalyticsError where it cannot be had."""
    try:
        return import_module("weasyprint")
    except ModuleNotFoundError as missing:
        if missing.name != "weasyprint":
            raise
        raise AnalyticsError('PDF needs the extra `pdf`: pip install "revcycle[pdf]"') from None
    except OSError:  # it loads the library by name
        raise AnalyticsError(_PANGO) from None


def on_paper(html: str) -> str:
    """The page with inks for paper, a font, and one column."""
    style = resources.files("analytics.report") / "templates" / "pdf.css"
    plain = _INK.sub(r"\1", html).replace("var(--font)", "sans-serif")
    return plain.replace("</style>", f"{style.read_text(encoding='utf-8')}</style>", 1)

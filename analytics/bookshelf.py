"""Notebooks by name: those of the folder `notebooks` here come before those of the library."""

import re
from pathlib import Path

from analytics.errors import UnknownNameError


def find(name: str, here: Path | None = None) -> Path:
    """The notebook of that name, of this folder, else of the library; or the file so named.

    Raises UnknownNameError where there is none.
    """
    base = here or Path()
    if name.endswith(".ipynb"):
        return base / name
    found = next((book for book in every(base) if name in (book.stem, short(book))), None)
    if found is None:
        raise UnknownNameError("report", name, sorted({short(book) for book in every(base)}))
    return found


def every(here: Path) -> list[Path]:
    """All notebooks: those in `here`, then those of the library."""
    folders = [here / "notebooks", *shipped()]
    return [book for folder in folders for book in sorted(folder.glob("*.ipynb"))]


def shipped() -> list[Path]:
    """Where the library's own are: within the package, or beside it in a checkout."""
    package = Path(__file__).parent
    return [package / "notebooks", package.parent / "notebooks"]


def short(notebook: Path) -> str:
    """Its name without the number that orders it."""
    return re.sub(r"^\d+_", "", notebook.stem)

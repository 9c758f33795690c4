"""A working folder: a plan of reports, a map to copy, and the notebooks to edit."""

from importlib import resources
from pathlib import Path
from typing import Protocol

from analytics.bookshelf import shipped

_FOLDERS = ("extracts", "maps", "notebooks")
# Notebooks open in their own folder, the database lies above it.
_HERE, _ABOVE = '"revcycle.duckdb', '"../revcycle.duckdb'


class _File(Protocol):
    """What a path of the package can do."""

    def read_text(self, encoding: str) -> str: ...


def start(folder: Path) -> tuple[list[Path], list[Path]]:
    """Write what a working folder has; gives the files written, and those that were there already.

    A file that is there is never changed.
    """
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    made, kept = list[Path](), list[Path]()
    for name, text in _files().items():
        path = folder / name
        (kept if path.exists() else made).append(path)
        if not path.exists():
            path.write_text(text, encoding="utf-8", newline="\n")
    return made, kept


def _files() -> dict[str, str]:
    """Every file's text, by its place in the folder."""
    base = resources.files("analytics.starting") / "files"
    ours = {
        "reports.toml": "reports.toml",
        "maps/example_payer_map.csv": "maps/example_payer_map.csv",
        ".gitignore": "gitignore",
        "README.md": "README.md",
    }
    found = {place: _text(base / name) for place, name in ours.items()}
    books = [book for shelf in shipped() for book in sorted(shelf.glob("*.ipynb"))]
    return found | {f"notebooks/{book.name}": _above(_text(book)) for book in books}


def _text(file: _File) -> str:
    return file.read_text(encoding="utf-8")


def _above(notebook: str) -> str:
    """The notebook with the database of the folder above as its default."""
    begin = "database: str = \\"
    return notebook.replace(f"{begin}{_HERE}", f"{begin}{_ABOVE}")

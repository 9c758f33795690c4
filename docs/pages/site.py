"""The source of the site in a folder: pages written by hand beside those made of the code."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import analytics as rc
from pages import api_pages, fact_pages, metric_pages, plot_pages, table_pages, written


def made(db: rc.Database, *, drawn: bool = True) -> Iterator[tuple[str, str | bytes]]:
    """Path and content of all that is made of the code; without pictures unless `drawn`."""
    yield "index.md", written.front()
    yield from metric_pages.pages(db)
    yield from plot_pages.pages(db, drawn=drawn)
    yield from fact_pages.pages(db)
    yield from table_pages.pages()
    yield from api_pages.pages()


def write(folder: Path, db: rc.Database, *, drawn: bool = True) -> int:
    """Write it all, and nothing else, into `folder`; gives back how many files."""
    if folder.exists():
        shutil.rmtree(folder)
    contents = {path: (written.ROOT / path).read_bytes() for path in written.files()}
    for path, content in made(db, drawn=drawn):
        contents[Path(path)] = content if isinstance(content, bytes) else content.encode()
    for path, content in contents.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return len(contents)

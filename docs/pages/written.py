"""The pages written by hand: which of the repository's files the site takes, at the same paths.

Links between them are then true on a code host and on the site alike.
"""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PAGES = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/*.md",
    "reports/README.md",
    "sample_data/README.md",
    "benchmarks/README.md",
)
# What pages link to, to be shown or downloaded.
_FILES = ("docs/examples/*", "reports/*.png", "benchmarks/results/*.png")


def pages() -> Iterator[Path]:
    """The Markdown files, from the root of the repository."""
    return _found(_PAGES)


def files() -> Iterator[Path]:
    """All that the site takes as it is, from the root of the repository."""
    yield from pages()
    yield from _found(_FILES)


def front() -> str:
    """The front page, which stands at the root of the site."""
    return (ROOT / "docs" / "website" / "index.md").read_text(encoding="utf-8")


def _found(patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(path.relative_to(ROOT) for path in ROOT.glob(pattern))

"""One line of the proposed map."""

import json
from dataclasses import dataclass, field

from analytics.maps.language import Target
from analytics.proposing.matching import Reading

FILL_IN = "FILL IN"  # a column that no file has: until it is edited, such a map loads nothing


@dataclass(slots=True)
class Entry:
    """One line of [file.columns]: `value` as TOML, `remarks` said above it."""

    target: Target
    value: str
    reading: Reading | None = None
    why: str = ""
    remarks: list[str] = field(default_factory=list[str])
    alternatives: list[tuple[Target, Reading]] = field(default_factory=list[tuple[Target, Reading]])
    is_missing: bool = False

    @property
    def name(self) -> str:
        """The column of ours with its table."""
        return ".".join(self.target)


def quoted(text: str) -> str:
    """A text as TOML says it."""
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in _escaped(text))


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def listed(names: list[str]) -> str:
    """Several texts as TOML says them."""
    return f"[{', '.join(map(quoted, names))}]"

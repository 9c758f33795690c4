"""The audit pull as files that only their owner reads, each there whole or not at all."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.errors import AnalyticsError, UnknownNameError
from analytics.evidencing.gathering import Evidence, note
from analytics.exporting.place import placed

if TYPE_CHECKING:
    from analytics.database import Database


def as_json(found: Evidence) -> str:
    """The same as JSON: amounts as text, so that no cent is lost, days and times as ISO text."""
    return json.dumps(found.to_dict(), indent=2, ensure_ascii=False, default=_written)


def _written(value: Any) -> str:
    if isinstance(value, Decimal | dt.date):
        return str(value)
    raise TypeError(type(value).__name__)


def _pdf(found: Evidence) -> bytes:
    from analytics.report.pdf import pdf

    return pdf(found.html())


FORMATS: Mapping[str, Callable[[Evidence], bytes]] = {
    "html": lambda found: found.html().encode(),
    "json": lambda found: as_json(found).encode(),
    "pdf": _pdf,
}


def known(formats: Sequence[str], out: Path | None = None) -> list[str]:
    """The formats, each once; where none is given that of the ending of `out`, else HTML.

    Raises UnknownNameError for one there is not.
    """
    ending = out.suffix.lower().lstrip(".") if out else ""
    formats = formats or [ending if ending in FORMATS else "html"]
    for name in formats:
        if name not in FORMATS:
            raise UnknownNameError("format", name, FORMATS)
    return list(dict.fromkeys(formats))


def save(
    db: "Database", found: Evidence, out: Path | None = None, formats: Sequence[str] = ()
) -> list[Path]:
    """Write the files, with a line in the audit trail; gives their paths.

    Without `out` they are ``evidence-CLAIM_ID.html`` and the like, here.  With several formats each
    takes the place of the ending of `out`; without any it is that of the ending, else HTML.  All
    are made before the first is put in place.  Raises UnknownNameError, and AnalyticsError where
    one cannot be made or written.
    """
    if out is not None and out.is_dir():
        raise AnalyticsError(f"{out} is a folder: name a file")
    wanted = known(formats, out)
    content = {path: FORMATS[name](found) for name, path in _paths(found, out, wanted).items()}
    for path, made in content.items():
        with placed(path) as part:
            part.write_bytes(made)
    note(db, found, wanted, [path.name for path in content])
    return list(content)


def _paths(found: Evidence, out: Path | None, formats: Sequence[str]) -> dict[str, Path]:
    place = out or Path(f"evidence-{found.claim_id}")
    ending = place.suffix.lower().lstrip(".")
    if len(formats) == 1 and ending and ending not in FORMATS:
        return {formats[0]: place}
    stem = place.with_suffix("") if ending in FORMATS else place
    return {name: stem.with_name(f"{stem.name}.{name}") for name in formats}

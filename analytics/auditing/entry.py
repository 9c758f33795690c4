"""A line of the trail: who did what when, and the hash that ties it to the line before."""

import datetime as dt
import getpass
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Self
from uuid import uuid4

from analytics.duck import now

START = "0" * 64  # what the first line has for the hash of the line before
CHAINED = (
    "entry_no",
    "entry_key",
    "done_at",
    "done_by",
    "command",
    "file_names",
    "row_count",
    "rejected_count",
    "detail",
    "key_fingerprint",
)  # the columns of audit_log that a hash is of


def user() -> str:
    """The user of the operating system: of the process, not what an environment variable says."""
    if sys.platform == "win32":
        return getpass.getuser()
    import pwd

    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container's user without a name
        return f"uid {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a line says, before it has a place in the trail.  Holds no value of a patient."""

    command: str
    file_names: Sequence[str] = ()
    row_count: int | None = None
    rejected_count: int | None = None
    detail: str = "{}"
    key_fingerprint: str | None = None
    done_by: str = field(default_factory=user)
    done_at: dt.datetime = field(default_factory=now)
    entry_key: str = field(default_factory=lambda: uuid4().hex)

    def row(self, number: int) -> dict[str, Any]:
        """The columns of `audit_log` that are hashed, by name."""
        said = asdict(self) | {"file_names": list(self.file_names), "entry_no": number}
        return {name: said[name] for name in CHAINED}

    def text(self) -> str:
        """The line as JSON, for one that waits."""
        return canonical(asdict(self) | {"file_names": list(self.file_names)})

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """The entry that `text` wrote.  Raises TypeError, ValueError or KeyError."""
        given: dict[str, Any] = {**said, "done_at": dt.datetime.fromisoformat(said["done_at"])}
        return cls(**given)


def canonical(value: Any) -> str:
    """JSON of one form: sorted keys, no blanks, ASCII, times to the microsecond."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_written)


def _written(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def chained(row: Mapping[str, Any], previous: str) -> str:
    """The hash of a line: SHA-256 of the hash before it, a line feed and the row's JSON."""
    said = canonical({name: row[name] for name in CHAINED})
    return sha256(f"{previous}\n{said}".encode()).hexdigest()

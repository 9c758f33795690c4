"""The manifest of a report: what it was made of and the hash of each file, as JSON beside it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from analytics.report.inputs import digest

ENDING = ".manifest.json"


def manifest(
    told: Mapping[str, Any], inputs: Mapping[str, Any], outputs: Mapping[Path, bytes]
) -> dict[str, Any]:
    """The manifest of `outputs` made of `inputs`; `told` goes before.  It holds no time of day."""
    return {
        **told,
        "inputs": digest(inputs),
        "outputs": {path.name: sha256(made).hexdigest() for path, made in outputs.items()},
        "made_of": dict(inputs),
    }


def written(told: Mapping[str, Any]) -> bytes:
    """As the file holds it."""
    return (json.dumps(told, indent=1) + "\n").encode()


def read(path: Path) -> dict[str, Any] | None:
    """The manifest in a file; None where there is none that can be read."""
    with suppress(OSError, ValueError, RecursionError):
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(told, dict) and isinstance(told.get("outputs"), dict):  # pyright: ignore[reportUnknownMemberType]
            return told  # pyright: ignore[reportUnknownVariableType]
    return None


def standing(told: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """The outputs that are still there, as they were made: file name to hash."""
    kept = dict[str, str]()
    for name, made in told["outputs"].items():
        with suppress(OSError):
            if sha256((folder / name).read_bytes()).hexdigest() == made:
                kept[name] = made
    return kept

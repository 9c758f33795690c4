"""Environments for the peers, made by this benchmark and apart from the project's own."""

import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from speed.run import BENCHMARKS, say

_PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")


@dataclass(frozen=True)
class Environment:
    """Where a peer is installed: its Python and all versions, or the problem met."""

    name: str
    version: str
    python: str
    packages: tuple[str, ...] = ()
    problem: str = ""

    @property
    def adapter(self) -> Path:
        """The file that knows how to use the peer."""
        return BENCHMARKS / "peers" / f"{self.name.replace('-', '_')}.py"


def wanted(text: str, only: list[str]) -> list[list[str]]:
    """The requirements of each peer, those in `only` where it names any."""
    lines = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    return [line for line in lines if not only or line[0].split("==")[0] in only]


def installed(requirements: list[str], cache: Path) -> Environment:
    """The environment for these requirements, made in `cache` unless it is there."""
    name, _, version = requirements[0].partition("==")
    key = sha256(" ".join([sys.version, *requirements]).encode()).hexdigest()[:8]
    folder = cache / f"{name}-{key}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        say(f"installing {name}")
        made = _succeeds(sys.executable, "-m", "venv", "--clear", str(folder))
        if not (made and _succeeds(str(python), *_PIP, "install", *requirements)):
            return Environment(name, version, "", problem="could not be installed")
        ready.touch()
    frozen = subprocess.run(
        [str(python), *_PIP, "freeze"], capture_output=True, text=True, check=True
    )
    return Environment(name, version, str(python), tuple(frozen.stdout.split()))


def _succeeds(*command: str) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no word of why")
    return not done.returncode

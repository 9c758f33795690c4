"""SECURITY.md names tests there are, and what is installed is pinned by hash."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text()
LOCK = (ROOT / "requirements.lock").read_text()


def test_each_promise_names_a_test_that_is_there():
    rows = [line for line in SECURITY.splitlines() if line.startswith("| ") and line[2] != "p"]
    assert len(rows) == 11
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)`", row)
        assert named, row
        for path in named:
            assert "def test_" in (ROOT / path).read_text(), path


def test_every_test_of_safety_is_named_there():
    ours = {f"tests/safety/{path.name}" for path in Path(__file__).parent.glob("test_*.py")}
    assert ours <= set(re.findall(r"tests/[\w/]+\.py", SECURITY))


def test_each_package_is_one_version_with_hashes():
    packages = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(packages) > 100
    for package in packages:
        assert re.match(r"[\w.\[\]-]+==\S+( ;.*?)? \\\n", package), package[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", package), package[:80]


@pytest.mark.parametrize("words", ["--require-hashes -r requirements.lock", "--no-deps"])
def test_setup_installs_nothing_else(words):
    setup = (ROOT / "Makefile").read_text().split(".venv/.ready:")[1].split("\n\n")[0]
    assert words in setup
    assert "pip install" in setup
    for line in setup.splitlines():
        assert "pip install" not in line or "--require-hashes" in line or "--no-deps" in line

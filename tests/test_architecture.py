"""The layers, top to bottom.  A module may import only from layers below its own."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "analytics"

LAYERS = [
    ["errors"],
    ["frames", "cells", "keys", "suppression", "alone"],
    ["query", "duck", "stats", "formats", "progress", "fact", "risk", "bookshelf", "toml"],
    ["plots", "tables"],
    ["display"],
    [
        "facts_cash",
        "facts_coding",
        "facts_contracts",
        "facts_edits",
        "facts_feeds",
        "facts_pay",
        "facts_quality",
        "facts_ties",
        "facts_value",
    ],
    ["schema", "facts"],
    ["codes", "maps", "starting", "identity"],
    ["ingest"],
    ["connection", "words", "proposing", "auditing", "built_from", "copies", "parquet_files"],
    ["building", "contracts", "parquet", "rewriting"],
    ["increment"],
    ["database"],
    ["edits"],
    ["metrics"],
    ["load_report", "duplicates", "reference", "rows", "combining"],
    ["writer", "reread", "reconcile", "published"],
    ["feeding", "extracts", "arrivals", "watching"],
    ["extracting"],
    ["loader", "earlier"],
    ["exporting"],
    ["engines"],
    ["prebilling", "workbook", "trial", "kernel", "retention", "deidentifying"],
    ["report"],
    ["scheduling", "evidencing"],
    ["cli"],
    ["__init__", "__main__"],
]
LAYER_OF = {name: depth for depth, names in enumerate(LAYERS) for name in names}
LAYER_OF["sample"] = 1  # it tells the truth that the rest is held to, so it uses none of it
EVERY_MODULE = pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The parts of the package that a module imports, imports inside functions included."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "analytics":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analytics."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names |= {
                alias.name.split(".")[1]
                for alias in node.names
                if alias.name.startswith("analytics.")
            }
    return names


@EVERY_MODULE
def test_imports_point_down(path):
    for name in imported(path) - {part(path)}:
        assert LAYER_OF.get(name, 0) < LAYER_OF[part(path)], f"{part(path)} must not import {name}"


def test_every_module_has_a_layer():
    assert {part(path) for path in PACKAGE.rglob("*.py")} <= set(LAYER_OF)


@EVERY_MODULE
def test_no_module_is_too_long(path):
    assert len(path.read_text().splitlines()) <= 300


def test_statistics_see_no_sql_and_plots_no_database():
    assert not [p.name for p in (PACKAGE / "stats").glob("*.py") if "SELECT" in p.read_text()]
    for path in [*(PACKAGE / "plots").rglob("*.py"), *(PACKAGE / "ingest").rglob("*.py")]:
        assert "duckdb" not in path.read_text(), path.name

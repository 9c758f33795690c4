"""The pages of the documentation: whole, true to the code, without a link that leads nowhere."""

import ast
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest
from matplotlib import pyplot as plt
from pages import (
    api_pages,
    commands,
    examples,
    fact_pages,
    families,
    gallery,
    links,
    plot_pages,
    site,
    source,
    written,
)
from pages import markdown as md

from analytics import facts, plots, schema
from analytics.cli import studies
from analytics.metrics import CATALOGUE, STUDIES, Metric

ROOT = written.ROOT
WRITTEN = [ROOT / page for page in written.pages()]


@pytest.fixture(scope="module")
def pages(db, tmp_path_factory) -> Path:
    """The source of the site, without pictures."""
    folder = tmp_path_factory.mktemp("docs") / "source"
    with pytest.MonkeyPatch.context() as patch:
        # What takes seconds: to search for patterns, and to import what reports are made with.
        patch.setattr(api_pages, "PAGES", [p for p in api_pages.PAGES if p[0] != "reports"])
        patch.setitem(examples.OF_STUDIES, "coding_patterns", {"where": {"payer_name": "none"}})
        site.write(folder, db, drawn=False)
    return folder


@pytest.fixture(scope="module")
def made(pages) -> dict[str, str]:
    """The pages made of the code, by path."""
    texts = {str(path.relative_to(pages)): path.read_text() for path in pages.rglob("*.md")}
    by_hand = {str(page) for page in written.pages()}
    return {path: text for path, text in texts.items() if path not in by_hand}


def section(text: str, anchor: str) -> str:
    """The part of a page from an anchor to the next."""
    return re.split(r"^\([\w.]+\)=$", text.split(f"({anchor})=\n")[1], flags=re.MULTILINE)[0]


class TestLinks:
    def test_of_pages_on_a_code_host_none_leads_nowhere(self):
        assert len(WRITTEN) > 10
        assert links.broken(WRITTEN) == []

    def test_of_the_site_none_leads_nowhere(self, pages):
        """Pictures aside, which this source goes without."""
        found = links.broken(sorted(pages.rglob("*.md")))
        assert [one for one in found if not one.endswith(".png")] == []

    def test_one_that_leads_nowhere_is_found(self, tmp_path):
        page = tmp_path / "a.md"
        (tmp_path / "b.md").write_text("# A title, `code` & more\n\n# A title, `code` & more\n")
        page.write_text(
            "(own)=\n# Own\n[fine](b.md) [fine](b.md#a-title-code--more) [too](#own) [`x`](#own)\n"
            "[too](b.md#a-title-code--more-1) [out](https://example.org) `[code](gone.md)`\n"
            "```\n[code](gone.md)\n```\n"
            "[no file](gone.md) [no heading](b.md#gone) [`no` anchor](#gone) ![no](gone.png)\n"
            '<img src="gone.jpg">\n'
        )
        found = [one.split(": ")[1] for one in links.broken([page])]
        assert found == ["gone.md", "b.md#gone", "#gone", "gone.png", "gone.jpg"]


class TestCommands:
    @pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
    def test_what_pages_name_exists(self, page):
        if page.name == "CHANGELOG.md":
            pytest.skip("tells of commands as they were")
        if page.parent.name == "benchmarks":
            pytest.skip("its options are those of its scripts")
        assert list(commands.problems(page.read_text(), ROOT / "Makefile")) == []

    def test_what_pages_made_name_exists(self, made):
        texts = [text for path, text in made.items() if path.startswith(("index", "metr", "fig"))]
        for text in texts:
            assert list(commands.problems(text, ROOT / "Makefile")) == []
        assert sum(text.count("revcycle show") for text in texts) > 100

    def test_what_does_not_exist_is_found(self):
        text = (
            "`revcycle shw x` `revcycle show x` `revcycle show --bye y` `--gone` `--by a` `rc.gone`"
            "\n```sh\nmake rport\n.venv/bin/revcycle reference lst # it\n"
            "revcycle show x --by y | head --gone\n```\n"
        )
        found = list(commands.problems(text, ROOT / "Makefile"))
        assert found == [
            "make rport: no goal rport",
            ".venv/bin/revcycle reference lst # it: no command lst",
            "revcycle shw x: no command shw",
            "revcycle show --bye y: no option --bye",
            "no command has --gone",
            "rc.gone",
        ]


class TestMetrics:
    def test_each_stands_on_one_page_with_all_that_is_asked_of_it(self, made):
        for family in families.FAMILIES:
            text = made[f"metrics/{family.slug}.md"]
            for metric in family.metrics:
                told = section(text, f"metric.{metric.name}")
                for said in (metric.definition, metric.source, metric.denominator, metric.unit):
                    assert md.escaped(said.replace("_", " ")) in told.replace("_", " ")
                assert md.escaped(metric.date_basis) in told
                assert f"#fact.{metric.fact.name}" in told
                assert "```sql\n" in told
                assert f"revcycle show {metric.name}" in told
                for reason, test in metric.reasons(include_duplicates=False).items():
                    assert f"{reason}: {md.code(test)}" in told

    def test_all_are_told_and_none_twice(self):
        told = [metric.name for family in families.FAMILIES for metric in family.metrics]
        assert sorted(told) == sorted(CATALOGUE)
        told = [name for family in families.FAMILIES for name in family.studies]
        assert sorted(told) == sorted(STUDIES)

    def test_studies_say_what_they_are_asked_and_tell(self, made):
        for family in families.FAMILIES:
            for name, study in family.studies.items():
                told = section(made[f"metrics/{family.slug}.md"], f"metric.{name}")
                assert source.first_line(study) in told
                assert f"analytics.metrics.{name}(engine: " in told
                assert f"revcycle show {name}" in told

    def test_the_sample_with_its_tables_has_an_example_of_each(self, made):
        shown = {name: made[name] for name in made if name.startswith("metrics/")}
        without = sum(text.count("No row counts") for text in shown.values())
        assert without < len(CATALOGUE) / 4

    @pytest.mark.parametrize("name", ["initial_denial_rate", "days_in_ar", "pmpm"])
    def test_an_example_shows_what_its_call_gives(self, name, db):
        call = examples.of_metric(name)
        metric: Metric = CATALOGUE[name]
        frame = eval(call.python, {"rc": __import__("analytics"), "db": db})  # noqa: S307
        assert frame.equals(metric(db, **call.arguments))
        first = md.cell(call.frame(db).row(0, named=True)["n"])
        assert f" {first} |" in examples.shown(call, db)

    def test_the_command_of_a_study_asks_the_same_as_the_call(self, db):
        call = examples.of_study("rate_drivers")
        assert "--before 2026-01-01..2026-03-31" in call.command
        asked = dict(zip(call.command.split()[3::2], call.command.split()[4::2], strict=True))
        given = {key.strip("-"): value for key, value in asked.items()}
        given["by"] = [given["by"]]
        assert studies.computed(db, call.name, given).equals(call.frame(db))


class TestFigures:
    def test_each_has_its_example_and_its_code(self, made):
        assert set(gallery.FIGURES) == set(plots.__all__) - {"alt_text"}
        for name, example in gallery.FIGURES.items():
            told = section(made["figures/index.md"], f"figure.{name}")
            assert f"rc.plots.{name}(" in told
            ast.parse(source.body(example))

    def test_a_picture_has_its_words_its_finding_and_the_same_bytes(self, db, monkeypatch):
        monkeypatch.setattr(plot_pages, "FIGURES", ["cost_bands"])
        first, again = dict(plot_pages.pages(db)), dict(plot_pages.pages(db))
        assert first == again
        assert not plt.get_fignums()
        assert first["figures/cost_bands.png"].startswith(b"\x89PNG")
        told = first["figures/index.md"]
        assert ":alt: " in told
        picture = told.split("````{figure} cost_bands.png\n")[1].split("\n````")[0]
        assert "of members have" in picture.split("\n\n")[1]


class TestData:
    def test_each_fact_and_table_tells_its_columns(self, made, db):
        told = "\n".join(made[name] for name in made if name.startswith(("facts/", "tables/")))
        for fact in facts.ALL:
            part = section(told, f"fact.{fact.name}")
            columns = db.sql(f"DESCRIBE {fact.name}")["column_name"]
            assert [one for one in columns if f"| `{one}` |" not in part] == []
            assert fact.sql.strip() in part
        for table in schema.tables().values():
            part = section(told, f"table.{table.name}")
            assert [c.name for c in table.columns if f"| `{c.name}` | {c.type}" not in part] == []

    def test_what_can_name_a_person_is_marked(self, made):
        told = section(made["tables/core.md"], "table.patient")
        for column in schema.table("patient").columns:
            mark = "yes" if column.is_identity else "no"
            assert f"| `{column.name}` | {column.type} | {mark} |" in told

    def test_few_columns_are_left_to_the_sql(self, made):
        told = "".join(made[name] for name in made if name.startswith("facts/"))
        assert told.count("see the SQL") < 0.1 * told.count("| no |")

    def test_groups_of_facts_are_all_facts_in_their_order(self):
        assert [f for _, _, own in fact_pages.grouped() for f in own] == list(facts.ALL)


def test_public_names_are_told(made):
    told = "".join(made[name] for name in made if name.startswith("reference/"))
    for name in ("Database.build", "load", "Between", "prebill"):
        assert f"analytics.{name}" in told
    assert "{py:function} analytics.metrics.value.hcc_scores(" in told
    assert "{py:class} analytics.errors.BadQueryError" in told


def test_a_number_in_a_cell():
    frame = pl.DataFrame({"a": [0.5, float("nan"), 3.0, None], "b": ["x|y", "", "z", None]})
    text = md.frame(frame, rows=3)
    assert "| 0.5000 | x\\|y |" in text
    assert "| \N{EM DASH} |" in text
    assert "| 3 | z |" in text
    assert "3 of 4 rows" in text


@pytest.mark.long
@pytest.mark.skipif(find_spec("furo") is None, reason="needs the extra docs")
def test_the_site_is_built_without_a_warning_and_asks_the_network_for_nothing(tmp_path):
    """As `make docs` builds it."""
    within = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'docs'}"}
    made, built = tmp_path / "source", tmp_path / "site"
    sphinx = ["sphinx", "-q", "-W", "-b", "html", "-c", ROOT / "docs" / "website"]
    for asked in (["pages", made], [*sphinx, made, built]):
        ran = subprocess.run([sys.executable, "-m", *asked], capture_output=True, env=within)
        assert ran.returncode == 0, ran.stderr.decode()
    assert len(list(built.glob("figures/*.html"))) == 1
    for page in built.rglob("*.html"):
        loaded = [tag for tag in page.read_text().split("<") if tag.startswith(LOADS)]
        assert loaded
        assert not [tag for tag in loaded if "://" in tag]


LOADS = ("script", "link", "img", "iframe")

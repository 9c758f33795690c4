"""A report is one page that needs nothing else, or an error that says which cell and why."""

import asyncio
import datetime as dt
import os
import signal
import stat
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analytics.errors import AnalyticsError, UnknownNameError
from analytics.report import ReportError, render
from analytics.report.parameters import ParameterError, find, fit

# Not ours to mend: what the kernel's own libraries warn of.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:zmq"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:nbclient"),
]

ROOT = Path(__file__).parents[1]
PARAMETERS = """
import datetime as dt
database: str = "none.duckdb"
day: dt.date | None = None
rows: int = 3
"""
CELLS = [
    new_markdown_cell("# The notebook's own title\nIntro with <b>raw</b> HTML."),
    new_code_cell(PARAMETERS.strip(), metadata={"tags": ["parameters"]}),
    new_code_cell(
        "import matplotlib.pyplot as plt, polars as pl, warnings\n"
        "from analytics import tables\n"
        "from analytics.formats import Described",
    ),
    new_code_cell("tables.facts({'As of': day, 'Rows': rows})", metadata={"tags": ["title-block"]}),
    new_markdown_cell("## First figures\nSome *prose*.\n\n### Deeper"),
    new_code_cell("plt.plot([1, 2]); plt.title('A <line> & more');"),
    new_code_cell("fig, ax = plt.subplots(); ax.bar(['a'], [1]); ax.set_label('One bar.');"),
    new_markdown_cell("## Tables"),
    new_code_cell("tables.table(pl.DataFrame({'a_name': ['<i>'], 'paid_amount': [1]}), 'Paid')"),
    new_code_cell("pl.DataFrame({'x': [1]})"),
    new_code_cell("print('said <aloud>')\nwarnings.warn('hidden from readers')"),
]


DATABASE = new_code_cell("database: str = ''", metadata={"tags": ["parameters"]})


def notebook(folder: Path, *cells, name: str = "book.ipynb") -> Path:
    path = folder / name
    nbformat.write(new_notebook(cells=[cell.copy() for cell in cells]), path)
    return path


class Page(HTMLParser):
    """What the tests ask of a page: tags with their attributes, the text, the ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def database(folder) -> Path:
    path = folder / "claims.duckdb"
    path.touch()
    return path


@pytest.fixture(scope="module")
def steps() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def text(folder, database, steps) -> str:
    out = folder / "new" / "report.html"
    path = render(
        notebook(folder, *CELLS),
        out,
        database=database,
        parameters={"day": "2026-10-31"},
        progress=lambda done, total: steps.append((done, total)),
    )
    assert path == out
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text) -> Page:
    return Page(text)


class TestThePage:
    def test_has_one_first_heading_the_notebooks_own(self, page):
        assert len(page.all("h1")) == 1
        assert page.text.count("The notebook's own title") == 2  # in <title> and in <h1>

    def test_headings_go_down_one_level_at_a_time(self, page):
        levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")]
        assert levels == [1, 2, 3, 2]

    def test_says_its_language_and_fits_a_phone(self, page):
        assert page.all("html") == [{"lang": "en"}]
        assert any(meta.get("name") == "viewport" for meta in page.all("meta"))

    def test_every_figure_has_words(self, page):
        figures = [*page.all("svg"), *page.all("img")]
        assert [f.get("aria-label") or f.get("alt") for f in figures] == [
            "A <line> & more",
            "One bar.",
        ]
        assert all(f.get("role") == "img" for f in page.all("svg"))

    def test_asks_nothing_of_the_network(self, page, text):
        for _, attributes in page.tags:
            for name in ("src", "href", "xlink:href", "data", "action"):
                assert not (attributes.get(name) or "").startswith(("http", "//", "file"))
        assert "url(http" not in text
        assert "@import" not in text
        assert not page.all("iframe", "object")
        assert "default-src 'none'" in text

    def test_runs_its_own_script_and_no_other(self, page, text):
        assert page.all("script") == [{}]
        script = text.partition("<script>")[2].partition("</script>")[0]
        told = b64encode(sha256(script.encode()).digest()).decode()
        assert f"script-src 'sha256-{told}'\"" in text

    def test_ids_are_its_own(self, page):
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        targets = {a["href"] for a in page.all("a")}
        assert {target[1:] for target in targets} <= set(ids)

    def test_shows_results_and_neither_code_nor_warnings(self, page):
        assert "said <aloud>" in page.text
        assert "import matplotlib" not in page.text
        assert "hidden from readers" not in page.text

    def test_html_in_prose_and_in_names_is_text(self, page):
        assert "<b>raw</b>" in page.text
        assert "<i>" in page.text
        assert not page.all("b", "i")

    def test_tables_scroll_in_their_own_box_which_a_keyboard_reaches(self, page):
        boxes = [div for div in page.all("div") if div.get("class") == "scroll"]
        assert len(boxes) == len(page.all("table")) == 2
        assert all(box["tabindex"] == "0" and box["aria-label"] for box in boxes)

    def test_numbers_stand_to_the_right(self, page):
        assert page.all("td")[0].get("class") == "num"

    def test_parameters_came_in(self, page):
        assert "2026-10-31" in page.text

    def test_is_small(self, text):
        assert len(text.encode()) < 100_000

    def test_nothing_of_the_machine_is_in_it(self, page, folder):
        assert str(folder) not in page.text

    def test_progress_was_told(self, steps, page):  # noqa: ARG002
        assert steps[-1][0] == steps[-1][1] == len(steps)


class TestFailure:
    @pytest.fixture
    def broken(self, tmp_path) -> Path:
        return notebook(
            tmp_path,
            new_markdown_cell("# Report"),
            DATABASE,
            new_markdown_cell("## Denials"),
            new_code_cell("raise ValueError('QUILLFEATHER has no payer')"),
        )

    def test_names_the_cell_and_the_error_but_no_row(self, broken, database, tmp_path):
        out = tmp_path / "report.html"
        out.write_text("the old one")
        with pytest.raises(ReportError) as caught:
            render(broken, out, database=database)
        message = str(caught.value)
        assert "book.ipynb: cell 4 (under 'Denials') failed: ValueError" in message
        assert "QUILLFEATHER" not in message
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
        assert out.read_text() == "the old one"
        assert sorted(p.name for p in tmp_path.iterdir()) == ["book.ipynb", "report.html"]

    def test_our_own_messages_are_shown(self, database, tmp_path):
        cell = "from analytics.errors import UnknownNameError as E\nraise E('payer', 'x', ['y'])"
        book = notebook(tmp_path, DATABASE, new_code_cell(cell))
        with pytest.raises(ReportError, match="cell 2 failed: UnknownNameError: unknown payer 'x'"):
            render(book, tmp_path / "r.html", database=database)

    def test_a_cell_that_hangs(self, database, tmp_path):
        book = notebook(tmp_path, DATABASE, new_code_cell("import time\ntime.sleep(60)"))
        with pytest.raises(ReportError, match="cell 2 took longer than 1 seconds"):
            render(book, tmp_path / "r.html", database=database, timeout=1)

    @pytest.mark.skipif(os.name != "posix", reason="signals are a POSIX thing")
    def test_an_interrupt_stops_it_and_its_kernel(self, database, tmp_path):
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
        cell = "import os, signal, time\nos.kill(os.getppid(), signal.SIGINT)\ntime.sleep(60)"
        book = notebook(tmp_path, DATABASE, new_code_cell(cell))
        with pytest.raises(KeyboardInterrupt):
            render(book, tmp_path / "r.html", database=database, timeout=20)
        signal.signal(signal.SIGINT, before)
        assert not (tmp_path / "r.html").exists()

    def test_a_missing_notebook_or_database(self, tmp_path, database):
        with pytest.raises(ReportError, match="no such notebook"):
            render(tmp_path / "no.ipynb", tmp_path / "r.html", database=database)
        (tmp_path / "bad.ipynb").write_text("not json")
        with pytest.raises(ReportError, match="not a Jupyter notebook"):
            render(tmp_path / "bad.ipynb", tmp_path / "r.html", database=database)
        with pytest.raises(AnalyticsError, match="no such database"):
            render(notebook(tmp_path, *CELLS), tmp_path / "r.html", database=tmp_path / "no.duckdb")

    def test_a_notebook_without_parameters(self, tmp_path, database):
        with pytest.raises(ParameterError, match="no cell tagged 'parameters'"):
            render(notebook(tmp_path, new_code_cell("1")), tmp_path / "r.html", database=database)

    def test_an_unknown_parameter(self, tmp_path, database):
        with pytest.raises(UnknownNameError, match="did you mean 'rows'"):
            render(
                notebook(tmp_path, *CELLS),
                tmp_path / "r.html",
                database=database,
                parameters={"row": 1},
            )


class TestParameters:
    @pytest.fixture
    def declared(self):
        return find(new_notebook(cells=CELLS))[1]

    def test_are_the_assignments_of_the_tagged_cell(self, declared):
        assert list(declared) == ["database", "day", "rows"]

    @pytest.mark.parametrize(
        ("name", "given", "taken"),
        [
            ("day", "2026-10-31", dt.date(2026, 10, 31)),
            ("day", dt.date(2026, 10, 31), dt.date(2026, 10, 31)),
            ("day", "", None),
            ("day", None, None),
            ("rows", "12", 12),
            ("rows", 12, 12),
            ("database", "a.duckdb", "a.duckdb"),
        ],
    )
    def test_are_read_as_their_type_says(self, declared, name, given, taken):
        assert fit(name, given, declared[name]) == taken

    @pytest.mark.parametrize(
        ("name", "given"), [("day", "31.10.2026"), ("rows", "many"), ("rows", None), ("rows", True)]
    )
    def test_of_another_type_are_refused_without_quoting_them(self, declared, name, given):
        with pytest.raises(ParameterError) as caught:
            fit(name, given, declared[name])
        assert str(given) not in str(caught.value)

    def test_a_value_is_never_code(self, tmp_path, database):
        evil = "'; raise SystemExit #"
        book = notebook(
            tmp_path,
            new_code_cell("database: str = ''\nname: str = ''", metadata={"tags": ["parameters"]}),
            new_code_cell("print(name)"),
        )
        out = render(book, tmp_path / "r.html", database=database, parameters={"name": evil})
        assert evil in Page(out.read_text()).text


@pytest.mark.long
def test_two_at_once_from_another_folder(tmp_path, database, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = [DATABASE, new_code_cell("import analytics, sys\nprint(sys.executable)")]
    books = [notebook(tmp_path, *cells, name=f"b{i}.ipynb") for i in range(2)]
    with ThreadPoolExecutor() as pool:
        outs = pool.map(lambda b: render(b, b.with_suffix(".html"), database=database), books)
    assert all(sys.executable in out.read_text() for out in outs)


@pytest.mark.long
def test_from_inside_a_notebook_whose_loop_is_running(tmp_path, database):
    async def cell() -> Path:
        book = notebook(tmp_path, DATABASE, new_code_cell("print('inside')"))
        return render(book, tmp_path / "r.html", database=database)

    assert "inside" in asyncio.run(cell()).read_text()


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX thing")
def test_the_file_has_the_mode_the_user_asks_for(folder, text):  # noqa: ARG001
    mode = stat.S_IMODE((folder / "new" / "report.html").stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    assert mode == 0o666 & ~umask


def test_a_missing_dependency_is_named():
    code = "import sys; sys.modules['mistune'] = None; import analytics.report"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "AnalyticsError: reports need mistune" in done.stderr
    assert "revcycle[notebook]" in done.stderr

"""27 files with marks for names, numbers and days of birth, each broken in 18 ways.

No mark is told by streams, bars, logs, errors, their causes, reports, manifests or the audit trail,
nor left in a folder.
"""

import ast
import re
import tempfile
import zipfile
from pathlib import Path

import marked
import pytest
from breaking import WAYS, broken
from saying import say

import analytics
from analytics import errors
from analytics.cli import checking
from analytics.database import Database

pytestmark = pytest.mark.slow
PACKAGE = Path(analytics.__file__).parent
# A value of a patient where a payer's name or a code belongs is told as such where those are.
MISPLACED = ("misplace", "numbers_as_words")
FOUND = "marks were told"


class World:
    """The folder in which it all happens."""

    def __init__(self, root: Path) -> None:
        self.root, self.database = root, root / "claims.duckdb"
        self.temporary = root / "temporary"
        self.temporary.mkdir()
        self.map = root / "map.toml"
        self.map.write_text(marked.MAP)

    def say(self, *words, on: Path | None = None, codes=(0, 1, 2)) -> str:
        """What a command says, without marks in it."""
        said = say(*words, *(("--database", on) if on else ()))
        assert said.code in codes, said.text
        assert "a mistake of the program" not in said.text
        assert marked.found(said.text) == [], FOUND
        return said.text


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("leaks"))
    before, tempfile.tempdir = tempfile.tempdir, str(made.temporary)
    yield made
    tempfile.tempdir = before


def _written(folder: Path, way: str, batch: int) -> list[Path]:
    """The files, broken; extracts in a folder of their own."""
    paths: list[Path] = []
    for name, content in marked.files(batch).items():
        is_extract = name.startswith("extract")
        path = (
            folder / "extracts" / f"extract_{way}{name[7:]}"
            if is_extract
            else folder / "rest" / name
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if way == "sound" else broken(name, content, way, seed=1))
        paths += [path] if is_extract else []
    return paths


@pytest.mark.long
@pytest.mark.parametrize("way", ["sound", *WAYS])
def test_of_a_broken_file_no_value_is_told(way, world):
    folder = world.root / way
    extracts = _written(folder, way, batch=[*WAYS, "sound"].index(way) + 1)
    on = folder / "other.duckdb" if way in MISPLACED else world.database
    said = world.say("load", folder / "rest", on=on)
    assert "Files: " in said
    world.say("check", folder / "rest")
    for more in ((), ("--accept-columns",)):
        world.say("load", folder / "extracts", "--map", world.map, *more, on=on)
    for path in extracts:
        if way == "misplace" and path.suffix != ".xlsx":
            continue  # a name of a column is shown, whatever it says
        world.say("map", path, "--out", folder / f"{path.name}.toml")
        world.say("map", path, "--check", world.map, "--json")
    if way in MISPLACED:
        _told_of_records(world, on)


def _told_of_records(world: World, on: Path) -> None:
    for words in (
        ("files",),
        ("rejected",),
        ("rejected", "--each", "--warnings"),
        ("audit", "show", "--json"),
        ("audit", "verify"),
    ):
        world.say(*words, on=on)
    with Database(on, read_only=True) as db:
        for table in ("rejected", "source_file", "audit_log", "build_info"):
            frame = db.sql(f"SELECT * FROM {table}")
            # The text of a record kept out is kept, and shown by nothing.
            assert marked.found(frame.drop("raw", strict=False).write_json()) == [], table


@pytest.mark.long
def test_nor_by_what_lists_records_and_codes(world):
    """This and what follows looks at the database that the tests before it filled."""
    with Database(world.database, read_only=True) as db:
        kept = db.sql("SELECT count(*) AS n FROM rejected WHERE raw IS NOT NULL")["n"][0]
        people = db.sql("SELECT count(*) AS n FROM patient WHERE last_name LIKE 'ZQX%'")["n"][0]
        formats = set(db.sql("SELECT DISTINCT format FROM source_file")["format"])
    assert kept + people > 100, "there is something that could be told"
    assert {"x12", "extract", "fhir", "cclf8", "synthea_patients", "tuva_medical"} <= formats
    world.say("build", on=world.database, codes=(0,))
    _told_of_records(world, world.database)
    world.say("retention", "status", on=world.database)
    for name in ("carc", "rarc", "plb_reason", "payer_map", "provider_map"):
        world.say("reference", "show", name, "--unmapped", on=world.database)


@pytest.mark.long
@pytest.mark.parametrize("name", ["data_quality", "lag_and_receivables", "value_based_care"])
def test_nor_by_a_report_its_manifest_or_its_mail(name, world):
    out = world.root / "reports"
    formats = "html,xlsx,mail" + (",pdf" if name == "data_quality" and _has_pdf() else "")
    world.say("report", name, "-o", out, "-f", formats, on=world.database, codes=(0,))
    files = [path for path in out.iterdir() if path.name.startswith(name)]
    assert {".html", ".xlsx", ".txt", ".json"} <= {path.suffix for path in files}
    for path in files:
        assert marked.found(_content(path)) == [], path.name


def _has_pdf() -> bool:
    from analytics.report.pdf import needs_pdf

    try:
        needs_pdf()
    except errors.AnalyticsError:
        return False
    return True


def _content(path: Path) -> bytes:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return b"\n".join(book.read(name) for name in book.namelist())
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(path).pages).encode()
    return path.read_bytes()


@pytest.mark.long
def test_nor_by_evidence_but_for_numbers_and_days_of_the_claim(world):
    with Database(world.database, read_only=True) as db:
        claims = db.sql("SELECT claim_id FROM claim ORDER BY claim_id LIMIT 12")["claim_id"]
    own = re.compile(rb"ZQX(PCN|ICN|OTHER|LINE)\w+|DTP\*\d{3}\*D8\*\d{8}")
    for claim in claims:
        page, read = world.root / "evidence.html", world.root / "sound" / "rest"
        where = ("--claim-id", claim, "--files", read)
        world.say("evidence", *where, "-o", page, on=world.database, codes=(0,))
        assert b"CLM*" in page.read_bytes(), "segments were read again"
        assert marked.found(own.sub(b"", page.read_bytes())) == []
    page.unlink()


@pytest.mark.long
def test_nor_is_anything_left_behind(world):
    """No temporary file, and no other file with a mark than those given and the databases."""
    assert list(world.temporary.iterdir()) == []
    for path in world.root.rglob("*"):
        is_given = {"rest", "extracts"} & set(path.parts) or path.suffix == ".duckdb"
        if path.is_file() and not is_given:
            assert marked.found(_content(path)) == [], path.name


def test_of_a_contract_or_rules_with_a_mistake_only_names_are_told(tmp_path):
    """TOML is the user's own words; a value in it, where it cannot be, is not quoted."""
    for text in ("name = ZQXLAST", 'name = "ZQXLAST', "x = 1913-07-13 ZQXLAST", '"ZQXLAST" 5'):
        for file in ("contract.toml", "reports.toml", "retention.toml", "map.toml"):
            (tmp_path / file).write_text(text)
        for words in (
            ("load", tmp_path / "contract.toml", "-d", tmp_path / "x.duckdb"),
            ("run", tmp_path / "reports.toml"),
            ("retention", "status", "--rules", tmp_path / "retention.toml"),
            ("load", tmp_path, "--map", tmp_path / "map.toml", "-d", tmp_path / "x.duckdb"),
        ):
            said = say(*words)
            assert said.code == 2
            assert marked.found(said.text) == []


class TestThatThisCanFail:
    @pytest.mark.parametrize("cell", marked.CELLS)
    def test_marks_are_found(self, cell):
        assert marked.found(f"could not convert {cell!r} to INT32")
        assert marked.found(cell.encode())

    @pytest.mark.parametrize("day", ["13-Jul-1913", "July 13, 1913", "1913/07/13", "07-13-1913"])
    def test_days_are_found_in_other_forms(self, day):
        assert marked.found(day)

    def test_a_message_that_quotes_a_cell_is_found(self, tmp_path, monkeypatch):
        def quoting(source, **_):
            with source.open() as stream:
                return checking.Check(source.name, problem=stream.read(400).decode())

        monkeypatch.setattr("analytics.cli.data.check_file", quoting)
        (tmp_path / "a.edi").write_bytes(marked.files()["d_835.edi"][-400:])
        assert marked.found(say("check", tmp_path / "a.edi").text)

    def test_a_cause_that_quotes_a_cell_is_found(self, tmp_path, monkeypatch):
        def quoting(*_, **__):
            raise errors.UnreadableFileError("it cannot be read") from ValueError("ZQXLAST")

        monkeypatch.setattr("analytics.cli.data.check_file", quoting)
        (tmp_path / "a.edi").write_bytes(b"ISA")
        assert marked.found(say("check", tmp_path / "a.edi").text)


def test_an_error_nobody_foresaw_is_told_by_its_place(tmp_path, monkeypatch):
    def quoting(*_, **__):
        raise ValueError("cannot convert 'ZQXLAST'")

    monkeypatch.setattr("analytics.cli.data.check_file", quoting)
    (tmp_path / "a.edi").write_bytes(b"ISA")
    said = say("check", tmp_path / "a.edi", plain=True)
    assert said.code == 2
    assert "a mistake of the program: ValueError at data.py, line" in said.text
    assert marked.found(said.text) == []
    monkeypatch.setenv("REVCYCLE_TRACEBACK", "1")
    assert marked.found(say("check", tmp_path / "a.edi").text)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_no_error_keeps_that_of_another_library_as_its_cause(path):
    """A traceback prints causes, and those of DuckDB, polars and codecs quote values."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Raise) and node.cause is not None:
            assert isinstance(node.cause, ast.Constant), f"line {node.lineno}: raise ... from None"

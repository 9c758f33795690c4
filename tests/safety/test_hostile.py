"""Values and files made to do harm: no value becomes SQL, a path, markup or a formula."""

import csv
import io
import stat
import struct
import zipfile
import zlib
from html.parser import HTMLParser

import marked
import polars as pl
import pytest
import xlsxwriter
from saying import say
from seldom import seldom

from analytics.cells import FORMULA
from analytics.database import Database
from analytics.errors import AnalyticsError, UnreadableFileError
from analytics.exporting import export_table
from analytics.extracts.workbook import sheet
from analytics.ingest import compression
from analytics.ingest.files import find
from analytics.loader import load
from analytics.metrics import CATALOGUE
from analytics.report import make
from analytics.report.mail import mail

X12 = marked.files()["d_835.edi"]


def _loaded(path, *words):
    """The exit code of a load and what it says of the files, one reason a file."""
    return say("load", path, "--database", path.parent / "claims.duckdb", *words, plain=True)


class TestArchives:
    def _refused(self, tmp_path, content, says):
        (tmp_path / "a.zip").write_bytes(content)
        before = {p for p in tmp_path.parent.rglob("*") if p.is_file()}
        said = _loaded(tmp_path / "a.zip")
        assert said.code == 2
        assert says in said.text
        after = {p for p in tmp_path.parent.rglob("*") if p.is_file()}
        assert {p.name for p in after - before} <= {"claims.duckdb"}
        with pytest.raises(UnreadableFileError, match=says), find(tmp_path / "a.zip")[0].open():
            pass

    @pytest.mark.parametrize(
        "name", ["../d.edi", "a/../../d.edi", "/etc/d.edi", "..\\d.edi", "C:\\d.edi", "\\\\host\\d"]
    )
    def test_a_name_that_leads_out(self, tmp_path, name):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("good.edi", X12)
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            archive.writestr(entry, X12)
        self._refused(tmp_path, out.getvalue(), "leads out of the archive")

    def test_a_link(self, tmp_path):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            entry = zipfile.ZipInfo("link.edi")
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
        self._refused(tmp_path, out.getvalue(), "symbolic link")

    def test_entries_that_overlap(self, tmp_path):
        """Fifield, A better zip bomb (2019): many names for the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.edi", b"~" * 100_000 + bytes(range(256)) * 50)
            (entry,) = archive.infolist()
            archive.filelist += [_copied(entry, f"{n}.edi") for n in range(40)]
        self._refused(tmp_path, out.getvalue(), "overlap")

    def test_files_that_together_expand_beyond_measure(self, tmp_path, monkeypatch):
        monkeypatch.setattr(compression, "_FREE", 1 << 20)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(20):  # each may, as it is small
                archive.writestr(f"{n}.edi", b"~" * 900_000)
        self._refused(tmp_path, out.getvalue(), "together expand beyond measure")

    def test_archives_in_archives_count_together(self, tmp_path, monkeypatch):
        monkeypatch.setattr(compression, "_FREE", 1 << 20)
        content = b"~" * 900_000
        for _ in range(2):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for n in range(6):
                    archive.writestr(f"{n}.zip", content)
            content = out.getvalue()
        self._refused(tmp_path, content, "together expand beyond measure")


def _copied(entry, name):
    made = zipfile.ZipInfo(name)
    for field in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
        setattr(made, field, getattr(entry, field))
    return made


class TestLinksInFolders:
    def test_one_that_leads_out_is_refused_by_name_and_others_load(self, tmp_path):
        (tmp_path / "in").mkdir()
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "b.edi").write_bytes(X12)
        (tmp_path / "in" / "a.edi").write_bytes(X12)
        (tmp_path / "in" / "file.edi").symlink_to(tmp_path / "elsewhere" / "b.edi")
        (tmp_path / "in" / "folder").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "in" / "same.edi").symlink_to(tmp_path / "in" / "a.edi")
        with Database() as db:
            report = load(db, tmp_path / "in", progress=False)
        found = {file.name: (file.status, file.problem) for file in report.files}
        assert found["a.edi"] == ("loaded", "")
        assert found["same.edi"][0] == "already loaded"
        for name in ("file.edi", "folder"):
            assert found[name][0] == "unreadable"
            assert "a symbolic link that leads out of the folder" in found[name][1]

    def test_one_that_is_named_is_followed(self, tmp_path):
        (tmp_path / "a.edi").write_bytes(X12)
        (tmp_path / "link.edi").symlink_to(tmp_path / "a.edi")
        (tmp_path / "there").mkdir()
        (tmp_path / "there" / "b.edi").write_bytes(X12)
        (tmp_path / "way").symlink_to(tmp_path / "there")
        assert [s.problem for s in find([tmp_path / "link.edi", tmp_path / "way"])] == ["", ""]


def _book(**more):
    """A workbook with parts added, or put in the place of its own."""
    plain = io.BytesIO(marked.workbook())
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in more:
                new.writestr(name, old.read(name))
        for name, text in more.items():
            new.writestr(name, text)
    return out.getvalue()


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


class TestWorkbooks:
    def _refused(self, tmp_path, content, says):
        (tmp_path / "extract.xlsx").write_bytes(content)
        with pytest.raises(UnreadableFileError, match=says):
            sheet(tmp_path / "extract.xlsx", None)
        (tmp_path / "map.toml").write_text(marked.MAP)
        for words in (
            (
                "load",
                tmp_path / "extract.xlsx",
                "--map",
                tmp_path / "map.toml",
                "-d",
                tmp_path / "x.db",
            ),
            ("map", tmp_path / "extract.xlsx"),
        ):
            said = say(*words, plain=True)
            assert said.code == 2
            assert says in said.text

    def test_a_sound_one_is_read(self, tmp_path):
        (tmp_path / "extract.xlsx").write_bytes(_book())
        assert sheet(tmp_path / "extract.xlsx", None).cells.height == 5

    def test_links_to_other_workbooks(self, tmp_path):
        content = _book(**{"xl/externalLinks/externalLink1.xml": "<externalLink/>"})
        self._refused(tmp_path, content, "refers to other workbooks")

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml"])
    def test_entities_to_be_expanded(self, tmp_path, part):
        self._refused(tmp_path, _book(**{part: BOMB}), "declares a document type")

    def test_a_part_larger_than_it_says(self, tmp_path):
        content, name = bytearray(_book()), b"xl/worksheets/sheet1.xml"
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            part = book.read(name.decode())
        told, at = struct.pack("<I", len(part) // 2), content.rindex(name)
        content[at - 22 : at - 18] = told  # in the directory, and the checksum of so much
        content[at - 30 : at - 26] = struct.pack("<I", zlib.crc32(part[: len(part) // 2]))
        self._refused(tmp_path, bytes(content), "expands beyond what it says")

    def test_parts_that_expand_beyond_measure(self, tmp_path, monkeypatch):
        monkeypatch.setattr(compression, "_FREE", 1 << 20)
        self._refused(tmp_path, _book(**{"xl/media/a.xml": " " * (3 << 20)}), "beyond measure")


SQL = "x'); DROP TABLE claim; --"
QUOTED = 'x"; DROP TABLE claim; --'


class TestSql:
    def _whole(self, path):
        with Database(path, read_only=True) as db:
            assert db.sql("SELECT count(*) AS n FROM claim")["n"][0] >= 0
            return db

    @pytest.mark.parametrize("text", [SQL, QUOTED])
    def test_in_values_names_of_columns_files_and_maps(self, tmp_path, text):
        plain = text.replace(",", "")
        folder = tmp_path / plain.replace("/", "")
        folder.mkdir()
        database = folder / f"{plain}.duckdb"
        rows = [{"Acct": plain, plain: "1/5/26", "Amt": "5.00", "Why": plain}]
        file = folder / f"{plain}.csv"
        with file.open("w", newline="") as stream:
            made = csv.DictWriter(stream, list(rows[0]))
            made.writeheader()
            made.writerows(rows)
        said = plain.replace('"', '\\"')
        (folder / "map.toml").write_text(
            f'[[file]]\nname = "{said}"\npattern = "*.csv"\ngrain = "row"\nrow_key = ["Acct"]\n'
            f'[file.columns]\nwrite_off.patient_control_number = "Acct"\nwrite_off.amount = "Amt"\n'
            f'write_off.write_off_date = "{said}"\nwrite_off.reason = {{ constant = "{said}" }}\n'
        )
        done = say("load", file, "--map", folder / "map.toml", "-d", database, plain=True)
        assert done.code == 0, done.text
        with Database(database) as db:
            (row,) = db.sql("FROM write_off").to_dicts()
            assert (row["patient_control_number"], row["reason"]) == (plain, plain)
            db.connection.execute(
                "INSERT INTO payer BY NAME SELECT 1 AS payer_id, $name AS payer_name",
                {"name": text},
            )
            db.build(progress=False)
            rate = CATALOGUE["initial_denial_rate"]
            assert rate(db, where={"payer_name": text})["n"].to_list() == [0]
            for bad in ({"by": text}, {"where": {text: "a"}}, {"where": {"payer_name": [text]}}):
                try:
                    rate(db, **bad)
                except AnalyticsError:
                    continue
            assert db.sql("SELECT count(*) AS n FROM claim")["n"][0] == 0
            for name in (text, "claim; DROP TABLE claim"):
                with pytest.raises(AnalyticsError):
                    export_table(db, name, folder / "x.csv")
            assert export_table(db, "write_off", folder / f"{plain}2.csv") == 1
        for words in (
            ("show", "initial_denial_rate", "--where", f"payer_name={text}"),
            ("show", text), ("show", "initial_denial_rate", "--by", text),
            ("reference", "show", "carc", text), ("build", "--only", text),
            ("retention", "hold", "add", "--reason", text, "--payer", text),
        ):  # fmt: skip
            assert say(*words, "-d", database, plain=True).code in (0, 2)
        assert say("files", "-d", database).code == 0


HTML = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><script>x</script>",
    "<!-- --><svg onload=alert(1)>", "javascript:alert(1)", "[a](javascript:alert(1))",
)  # fmt: skip


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.scripts, self.bad = 0, []

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self.bad += [(tag, name) for name, _ in attrs if name.startswith("on")]
        self.bad += [
            (tag, v) for n, v in attrs if n in ("href", "src") and "javascript:" in (v or "")
        ]
        if tag in ("iframe", "object", "embed", "form", "base", "img"):
            self.bad.append((tag, str(attrs)))


@pytest.fixture(scope="module")
def harmful(tmp_path_factory):
    """A database whose payers and providers are markup and formulas, with its facts."""
    path = tmp_path_factory.mktemp("harmful") / "claims.duckdb"
    names = [*HTML, *FORMULAS]
    with Database(path) as db:
        for n, name in enumerate(names, 1):
            run = db.connection.execute
            run("INSERT INTO payer BY NAME SELECT $n AS payer_id, $name AS payer_name",
                {"n": n, "name": name})  # fmt: skip
            run("INSERT INTO provider BY NAME SELECT $npi AS npi, $name AS provider_name",
                {"npi": f"{1234567000 + n}", "name": name})  # fmt: skip
            for one in range(15):
                run("INSERT INTO claim BY NAME SELECT $id AS claim_id, $pcn AS "
                    "patient_control_number, DATE '2026-01-05' AS submission_date, "
                    "'professional' AS claim_type, $n AS payer_id, $npi AS billing_npi, "
                    "'P' AS payer_sequence_code, 100 AS billed_amount, 9 AS file_id, "
                    "$id AS record_no",
                    {"id": n * 100 + one, "pcn": f"{name}{one}", "n": n,
                     "npi": f"{1234567000 + n}"})  # fmt: skip
        db.connection.execute(
            "INSERT INTO source_file BY NAME SELECT 9 AS file_id, $name AS file_name, "
            "'x12' AS format, 0 AS record_count, 0 AS rejected_count, '' AS sha256",
            {"name": HTML[1]},
        )
        db.build(progress=False)
    return path


COMMAND = "cmd|' /C calc'!A0"
FORMULAS = [f"{sign}{COMMAND}" for sign in FORMULA] + [f"{sign}1+1" for sign in "=+-@"]


@pytest.mark.slow
@pytest.mark.parametrize("name", seldom(["overview", "payer_scorecard"], 1))
def test_a_report_shows_markup_as_text_and_its_workbook_runs_nothing(name, harmful, tmp_path):
    from analytics.bookshelf import find as book

    out = tmp_path / "r"
    make(book(name), out, database=harmful, formats=("html", "xlsx", "mail"),
         title=HTML[2], progress=False)  # fmt: skip
    for ending in (".html", ".mail.html"):
        page = _Page()
        page.feed(out.with_name(f"r{ending}").read_text())
        assert (page.scripts, page.bad) == (int(ending == ".html"), [])
    text = out.with_name("r.html").read_text()
    assert "&lt;script&gt;alert(1)" in text, "it is there, as text"
    assert "<title>&lt;/title&gt;" in text
    _runs_nothing(out.with_name("r.xlsx"))


def _runs_nothing(path):
    with zipfile.ZipFile(path) as book:
        names = book.namelist()
        assert not [n for n in names if "external" in n.lower() or "vba" in n.lower()]
        for name in names:
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in book.read(name)
                assert b"<hyperlink" not in book.read(name)


def test_mail_of_a_hostile_title_is_one_subject():
    told = {
        "key_numbers": [],
        "title": "<b>a</b>\r\nBcc: x@y",
        "report": "r",
        "compared_with": None,
    }
    made = mail(told, [], None)
    assert b"<b>a" not in made[".mail.html"]
    assert b"\nBcc" not in made[".mail.txt"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_formula_in_a_name_is_exported_inert(ending, harmful, tmp_path):
    with Database(harmful) as db:
        export_table(db, "payer", tmp_path / f"payer{ending}")
    on = ("--database", harmful)
    shown = tmp_path / f"shown{ending}"
    say("show", "aged_ar_share", "--by", "payer_name", "--out", shown, *on)
    for path in (tmp_path / f"payer{ending}", shown):
        if ending == ".xlsx":
            _runs_nothing(path)
        else:
            _inert(path.read_bytes().decode())
            assert COMMAND in path.read_text()
    printed = say("show", "aged_ar_share", "--by", "payer_name", "--csv", *on, plain=True)
    assert COMMAND in printed.text
    _inert(printed.text.strip("\n"))


def _inert(text):
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert (
                cell[:1] not in FORMULA or not cell or cell.lstrip("-").replace(".", "").isdigit()
            )


def test_tuva_files_are_inert_and_keep_numbers_below_0(tmp_path):
    rows = "claim_id,claim_line_number,claim_type,person_id,payer,claim_start_date,paid_amount\n"
    payers = [f'c{n},1,professional,-{n},"{name}",2025-05-10,60.00'
              for n, name in enumerate(FORMULAS) if not set(name) & set("\r\n")]  # fmt: skip
    (tmp_path / "medical_claim.csv").write_text(rows + "\n".join(payers) + "\n")
    path = tmp_path / "claims.duckdb"
    with Database(path) as db:
        load(db, tmp_path / "medical_claim.csv", progress=False)
        db.build(progress=False)
    assert say("export", "tuva", tmp_path / "out", "--database", path).code == 0
    text = (tmp_path / "out" / "medical_claim.csv").read_bytes().decode()
    assert COMMAND in text
    _inert(text)
    members = pl.read_csv(io.StringIO(text), infer_schema=False)["member_id"].to_list()
    assert "-0" in members


DEEP = {
    "brackets": "x = " + "[" * 100_000, "digits": "x = " + "9" * 6000,
    "dots": "a" + ".a" * 50_000 + " = 1", "tables": "[" + "a." * 50_000 + "a]",
    "surrogate": 'x = "\\ud800"', "nul": "\0", "exponent": "x = 1e" + "9" * 30,
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_toml_made_to_take_for_ever_is_refused_at_once(name, tmp_path):
    for file in ("contract.toml", "reports.toml", "retention.toml", "map.toml"):
        (tmp_path / file).write_text(DEEP[name])
    on = ("-d", tmp_path / "x.duckdb")
    Database(tmp_path / "x.duckdb").close()
    for words in (
        ("load", tmp_path / "contract.toml", *on), ("run", tmp_path / "reports.toml"),
        ("retention", "status", "--rules", tmp_path / "retention.toml", *on),
        ("load", tmp_path / "contract.toml", "--map", tmp_path / "map.toml", *on),
    ):  # fmt: skip
        said = say(*words, plain=True)
        assert said.code == 2
        assert "a mistake of the program" not in said.text


@pytest.mark.parametrize("file", ["../x", "a/b", "a\\b", "C:x"])
def test_a_plan_writes_no_file_outside_its_folder(file, tmp_path):
    quoted = file.replace("\\", "\\\\")
    (tmp_path / "reports.toml").write_text(
        f'[[report]]\nname = "denials"\nevery = "load"\nfile = "{quoted}"\n'
    )
    said = say("run", tmp_path / "reports.toml", plain=True)
    assert (said.code, "a name without folders" in said.text) == (2, True)


def test_a_workbook_of_ours_can_be_read_again(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet().write_column(0, 0, ["A", "b"])
    assert sheet(tmp_path / "a.xlsx", None).cells.height == 2

"""The audit pull of a claim: what it says, whom it names, and that its dollars add up."""

import datetime as dt
import json
import re
import shutil
import stat
from decimal import Decimal

import pytest
from drawing import SAMPLE
from typer.testing import CliRunner

from analytics import evidence, identity
from analytics.cli import app
from analytics.database import Database
from analytics.errors import (
    AnalyticsError,
    DatabaseError,
    IdentityError,
    NotBuiltError,
    UnreadableFileError,
)
from analytics.evidencing import FORMATS, SeveralClaimsError, gather, save, segments
from analytics.evidencing.hiding import HIDDEN, SHOWN, hidden
from analytics.fact import text
from analytics.loader import load

DENIED_THEN_PAID = "RC0001280"
# Planted where the guides have names, numbers, addresses, contacts and free text.
PLANTED = [
    "ZQBILLER", "ZQSUBLAST", "ZQSUBFIRST", "ZQMEMBER", "ZQSTREET", "ZQCITY", "48299",
    "19510203", "ZQSSN", "ZQPOLICY", "ZQLAST", "ZQFIRST", "ZQPATSTREET", "19630405", "ZQNOTE",
    "ZQKTHREE", "ZQDOCTOR", "ZQDOCFIRST", "ZQDESCRIPTION", "ZQCONTACT", "ZQGROUP", "ZQGRPNAME",
    "ZQRECORD", "ZQCORRECTED", "ZQINSURED", "ZQACCOUNT", "ZQPAYEE", "ZQATTACHED", "ZQDIED",
]  # fmt: skip
SHOWN_ANYWAY = ("<script>alert(1)</script>", "PCN-7", "ICN-7", "1234567893", "99213")
CLAIM = """ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105
*0600*^*00501*000000001*0*P*:~
GS*HC*SENDER*RECEIVER*20260105*0600*1*X*005010X222A1~ST*837*0001*005010X222A1~
BHT*0019*00*BATCH1*20260105*0600*CH~NM1*41*2*SENDING HOUSE*****46*SENDER~
PER*IC*ZQCONTACT*TE*2125550100~NM1*40*2*RECEIVING HOUSE*****46*RECEIVER~HL*1**20*1~
NM1*85*1*ZQBILLER*ANN****XX*1234567893~N3*ZQSTREET 9~N4*ZQCITY*MI*48299~REF*SY*ZQSSN~
HL*2*1*22*1~SBR*P**ZQGROUP*ZQGRPNAME*****CI~NM1*IL*1*ZQSUBLAST*ZQSUBFIRST****MI*ZQMEMBER~
N3*ZQSTREET 1~N4*ZQCITY*MI*48299~DMG*D8*19510203*F~REF*SY*ZQSSN~REF*Y4*ZQPOLICY~
NM1*PR*2*<script>alert(1)</script>*****PI*P1~HL*3*2*23*0~PAT*19****D8*ZQDIED~
NM1*QC*1*ZQLAST*ZQFIRST~N3*ZQPATSTREET~N4*ZQCITY*MI*48299~DMG*D8*19630405*M~
CLM*PCN-7*150***11:B:1*Y*A*Y*Y~PWK*OZ*BM***AC*ZQATTACHED~REF*EA*ZQRECORD~K3*ZQKTHREE~NTE*ADD*ZQNOTE~
HI*ABK:J069~NM1*82*1*ZQDOCTOR*ZQDOCFIRST****XX*1234567893~LX*1~
SV1*HC:99213:25::::ZQDESCRIPTION*150*UN*1***1~DTP*472*D8*20260102~SE*39*0001~GE*1*1~IEA*1*000000001~
"""
ANSWER = """ISA*00*          *00*          *ZZ*PAYER          *ZZ*SENDER         *260120
*0600*^*00501*000000002*0*P*:~
GS*HP*PAYER*SENDER*20260120*0600*2*X*005010X221A1~ST*835*0002~
BPR*I*90*C*ACH*CCP*01*111000025*DA*ZQACCOUNT*1512345678**01*111000025*DA*ZQACCOUNT*20260120~
TRN*1*EFT1*1512345678~N1*PR*<script>alert(1)</script>~N3*ZQSTREET~N4*ZQCITY*MI*48299~
PER*BL*ZQCONTACT*TE*2125550100~N1*PE*ZQPAYEE*XX*1234567893~LX*1~
CLP*PCN-7*1*150*100*20*12*ICN-7*11*1~NM1*QC*1*ZQLAST*ZQFIRST****MI*ZQMEMBER~
NM1*IL*1*ZQINSURED*ZQSUBFIRST****MI*ZQMEMBER~NM1*74*1*ZQCORRECTED~REF*EA*ZQRECORD~
DTM*232*20260102~SVC*HC:99213:25*150*100**1~DTM*472*20260102~CAS*CO*45*30~CAS*PR*2*20~
PLB*1234567893*20261231*WO:ICN-7*10~SE*22*0002~GE*1*2~IEA*1*000000002~
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Folder of two files with markers, and a database of them with its facts."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "sent.837").write_text(CLAIM.replace("\n", ""))
    (folder / "answered.835").write_text(ANSWER.replace("\n", ""))
    with Database(folder / "db.duckdb") as db:
        load(db, [folder / "sent.837", folder / "answered.835"])
        db.build()
        assert db.sql("SELECT rule FROM rejected WHERE severity = 'rejected'").is_empty()
    return folder


@pytest.fixture(scope="module")
def found(db):
    return gather(db, DENIED_THEN_PAID, files=SAMPLE)


@pytest.fixture
def told(world):
    with Database(world / "db.duckdb", read_only=True) as db:
        yield gather(db, "PCN-7", files=[world / "sent.837", world / "answered.835"])


def run(*arguments):
    return CliRunner().invoke(app, ["evidence", *map(str, arguments)])


class TestAClaimOfTheSample:
    """Denied, appealed, won and paid; its first submission was rejected by the clearinghouse."""

    def test_its_life_is_told_by_day(self, found):
        day = dt.date.fromisoformat
        told = found.life.select("event_date", "event", "what", "file_name", "record_no").rows()
        assert told == [
            (day("2026-03-03"), "sent", "submission 1", "837I_2026-03.edi", 178),
            (
                day("2026-03-04"),
                "acknowledged",
                "rejected (277CA, batch)",
                "277CA_2026-03.edi",
                177,
            ),
            (day("2026-03-04"), "acknowledged", "accepted (999, set)", "999_2026-03.edi", 15),
            (day("2026-03-06"), "sent", "submission 2", "837I_2026-03.edi", 594),
            (
                day("2026-03-07"),
                "acknowledged",
                "accepted (277CA, batch)",
                "277CA_2026-03.edi",
                343,
            ),
            (
                day("2026-03-07"),
                "acknowledged",
                "accepted (277CA, claim)",
                "277CA_2026-03.edi",
                390,
            ),
            (day("2026-03-07"), "acknowledged", "accepted (999, set)", "999_2026-03.edi", 35),
            (day("2026-04-03"), "answered", "answer 1", "835_TALLOWMERE_2026-04.edi", 235),
            (day("2026-05-10"), "appealed", "level 1", "appeal.csv", 68),
            (day("2026-07-01"), "appeal decided", "WON", "appeal.csv", 68),
            (day("2026-07-03"), "answered", "answer 2", "835_TALLOWMERE_2026-07.edi", 187),
            (day("2026-07-17"), "patient paid", None, "patient_payment.csv", 588),
        ]

    def test_its_answers_have_their_codes_and_money(self, found):
        answers = found.life.filter(found.life["event"] == "answered")
        assert answers.select("codes", "billed_amount", "paid_amount").rows() == [
            ("status 1; CO-11 349.75; M76, MA01", Decimal("349.75"), Decimal("0.00")),
            ("status 1; CO-45 174.88, PR-2 34.97", Decimal("349.75"), Decimal("139.90")),
        ]

    def test_its_dollars_are_those_of_the_files(self, found):
        money = found.money.row(0, named=True)
        assert {name: str(money[name]) for name in money} == {
            "billed_amount": "349.75",
            "paid_amount": "139.90",
            "adjusted_amount": "174.88",
            "written_off_amount": "0.00",
            "patient_share_amount": "34.97",
            "voided_amount": "0.00",
            "open_amount": "0.00",
            "difference_amount": "0.00",
            "patient_paid_amount": "34.97",
            "first_denied_amount": "349.75",
            "open_denied_amount": "0.00",
        }

    def test_its_lines_stand_as_sent_and_as_answered(self, found):
        sent = found.sent_lines.select("submission_no", "procedure_code", "billed_amount").rows()
        one, other = ("96374", Decimal("307.80")), ("J1885", Decimal("41.95"))
        assert sent == [(1, *one), (1, *other), (2, *one), (2, *other)]
        columns = ("sent_code", "answered_code", "allowed_amount", "paid_amount", "reasons")
        answered = found.answered_lines.select(columns).rows()
        assert answered[0] == ("96374", "96374", 0, 0, "CO-11 307.80")
        paid = (Decimal("153.90"), Decimal("123.12"), "CO-45 153.90, PR-2 30.78")
        assert answered[2] == ("96374", "96374", *paid)
        assert len(answered) == 4

    def test_each_segment_is_the_one_of_its_record_in_the_file(self, found):
        """Counted by hand: the sample has a segment between two tildes."""
        whole = {}
        for file, record, segment in found.segments.select(
            "file_name", "record_no", "segment"
        ).rows():
            if file not in whole:
                (path,) = SAMPLE.rglob(file)
                whole[file] = [part.strip() for part in path.read_text().split("~")]
            stands = whole[file][record - 1].split("*")
            for shown, truth in zip(segment.rstrip("~").split("*"), stands, strict=True):
                assert shown in (truth, HIDDEN), (file, record)
        parts = found.segments["part"].unique(maintain_order=True).to_list()
        assert parts == [
            "submission 1 of 2026-03-03",
            "submission 2 of 2026-03-06",
            "answer of 2026-04-03",
            "answer of 2026-07-03",
        ]
        claims = found.segments.filter(found.segments["segment"].str.contains("^CL[MP]"))
        assert claims["record_no"].to_list() == [178, 594, 235, 187]

    def test_edits_codes_and_lines_of_the_trail(self, found):
        assert found.edits["edit_code"].to_list() == ["HCP-1", "TAX-1"]
        said = dict(found.codes.select("code", "meaning").rows())
        assert said["11"] == "Diagnosis does not support procedure"
        assert said["CO"] == "Contract or regulation: provider writes off"
        assert found.trail["file_names"].to_list()[1:] == ["appeal.csv", "patient_payment.csv"]
        assert found.trail["entry_no"].is_sorted()

    def test_segments_are_the_same_however_small_the_pieces_read(self, db, found, monkeypatch):
        """A claim behind the first piece stands under a header that was read before."""
        monkeypatch.setattr(segments, "_CHUNK", 2_000)
        again = gather(db, DENIED_THEN_PAID, files=SAMPLE)
        assert again.segments.equals(found.segments)

    def test_what_is_open_has_a_day_and_its_rule(self, db):
        """Of the payer map: days from the denial, and from the service."""
        claim_id, days = db.sql(
            "SELECT claim_id, appeal_deadline_date FROM claim_outcome WHERE open_denied_amount > 0"
            " AND appeal_deadline_date IS NOT NULL ORDER BY claim_id LIMIT 1"
        ).row(0)
        rows = {row[0]: row[1:] for row in gather(db, claim_id=claim_id).open.rows()}
        _, until, left, rule = rows["denied and open: appeal"]
        assert (until, left) == (days, (days - db.as_of).days)
        assert rule == "payer map: days from the denial"

    def test_a_payers_number_finds_it_too(self, db, found):
        assert gather(db, " tal00001582 ").claim_id == found.claim_id


class TestMoney:
    def test_it_adds_up_for_claims_all_over_the_sample(self, db):
        ids = db.sql("SELECT claim_id FROM claim_outcome ORDER BY hash(claim_id) LIMIT 50")
        ids = [*ids["claim_id"], *_some(db, "is_voided"), *_some(db, "payer_sequence_code = 'S'")]
        assert len(ids) == 58
        for claim_id in ids:
            row = db.sql(text("evidence", "money"), claim_id=claim_id).row(0, named=True)
            parts = ("paid", "adjusted", "written_off", "patient_share", "voided")
            less = sum(row[f"{part}_amount"] for part in parts)
            assert row["billed_amount"] - less == row["open_amount"]
            assert row["difference_amount"] == 0

    def test_its_parts_are_those_of_the_facts(self, db):
        """By another road: the answers that stand, as payment_outcome adds them up by line."""
        rows = db.sql("SELECT claim_id, paid_amount, patient_share_amount FROM claim_outcome")
        for claim_id, paid, share in rows.sort("claim_id").gather_every(70).rows():
            row = db.sql(text("evidence", "money"), claim_id=claim_id).row(0, named=True)
            assert (row["paid_amount"], row["patient_share_amount"]) == (paid, share)

    def test_the_page_says_what_does_not_add_up(self, told):
        assert "It adds up to the cent: 150.00 − 100.00 − 30.00 − 20.00 = 0.00." in told.html()  # noqa: RUF001
        object.__setattr__(
            told, "money", told.money.with_columns(difference_amount=told.money["paid_amount"])
        )
        assert "It does NOT add up" in told.html()


def _some(db, test):
    return db.sql(f"SELECT claim_id FROM claim_outcome WHERE {test} ORDER BY 1 LIMIT 4")["claim_id"]


class TestWhichClaim:
    def test_several_of_one_number_are_listed_and_one_is_chosen(self, db):
        ((number, first),) = db.sql(
            "SELECT claim.patient_control_number, min(submission.claim_id) FROM claim"
            " JOIN submission ON submission.submission_id = claim.claim_id GROUP BY 1"
            " HAVING count(DISTINCT submission.claim_id) = 2 ORDER BY 1 LIMIT 1"
        ).rows()
        with pytest.raises(SeveralClaimsError, match="means 2 claims") as several:
            gather(db, number)
        assert number not in str(several.value)
        assert first in several.value.claims["claim_id"].to_list()
        assert gather(db, number, claim_id=first).claim_id == first
        assert gather(db, claim_id=first).claim["patient_control_number"][0] == number

    @pytest.mark.parametrize("asked", [{"claim": "NOBODY1"}, {"claim_id": 17}, {}])
    def test_one_that_is_none_is_told_without_its_number(self, db, asked):
        with pytest.raises(AnalyticsError) as error:
            gather(db, **asked)
        assert "NOBODY1" not in str(error.value)

    def test_without_facts_or_with_older_ones_there_is_no_evidence(self, unbuilt, world, tmp_path):
        with pytest.raises(NotBuiltError):
            gather(unbuilt, "X")
        shutil.copy(world / "db.duckdb", tmp_path / "db.duckdb")
        later = tmp_path / "later.837"
        later.write_text(CLAIM.replace("\n", "").replace("BATCH1", "BATCH2").replace("PCN-7", "P8"))
        with Database(tmp_path / "db.duckdb") as db:
            load(db, later)
            with pytest.raises(DatabaseError, match="revcycle build"):
                gather(db, "PCN-7")


class TestIdentity:
    def test_nothing_planted_is_anywhere_unless_it_is_asked_for(self, told):
        for made in (FORMATS["html"](told), FORMATS["json"](told)):
            assert [word for word in PLANTED if word.encode() in made] == []
            assert HIDDEN.encode() in made

    def test_asked_for_all_of_it_is_there(self, world):
        with Database(world / "db.duckdb", read_only=True) as db:
            both = [world / "sent.837", world / "answered.835"]
            found = gather(db, "pcn-7", identity=True, files=both)
        page = found.html()
        assert [word for word in PLANTED if word not in page] == []
        assert "Member number" in page
        assert HIDDEN not in page

    def test_a_report_that_may_name_nobody_gets_none(self, db, monkeypatch):
        monkeypatch.setitem(identity._state, "guarded", True)
        with pytest.raises(IdentityError):
            gather(db, DENIED_THEN_PAID)

    def test_what_names_nobody_stays(self, told):
        shown = "\n".join(told.segments["segment"])
        assert [word for word in SHOWN_ANYWAY if word not in shown] == []
        assert "SV1*HC:99213:25::::" + HIDDEN + "*150*UN*1***1~" in shown

    def test_of_a_segment_in_no_list_nothing_is_shown(self):
        assert hidden(["ZZZ", "A", "", "B"], ":") == ["ZZZ", HIDDEN, "", HIDDEN]
        assert "ZZZ" not in SHOWN

    def test_a_body_is_shown_and_an_insured_body_is_not(self):
        name = ["NM1", "PR", "2", "ACME", "", "", "", "", "PI", "1"]
        assert hidden(name, ":") == name
        for role, kind in (("IL", "2"), ("85", "1"), ("85", "")):
            assert hidden(["NM1", role, kind, "ACME"], ":")[3] == HIDDEN

    def test_a_number_in_the_place_of_its_qualifier_is_hidden(self):
        slipped = ["NM1", "74", "1", "A", "B", "", "", "C", "NUMBER7"]
        assert hidden(slipped, ":") == ["NM1", "74", "1", *[HIDDEN] * 2, "", "", *[HIDDEN] * 2]


class TestThePage:
    def test_what_a_file_says_is_never_markup(self, told):
        page = told.html()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    def test_its_parts_stand_in_order_and_its_title_has_no_number(self, told):
        page = told.html()
        heads = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
        assert heads == ["Life by day", "Lines", "Segments", "Edits", "Codes", "Open", "Sources"]
        assert re.search(r"<title>(.*)</title>", page)[1] == f"Evidence of claim {told.claim_id}"
        assert "Patient control number</dt><dd>PCN-7" in page

    def test_a_provider_adjustment_is_tied_by_the_payers_number(self, told):
        (row,) = told.life.filter(told.life["event"] == "provider adjustment").rows(named=True)
        assert (row["codes"], row["other_amount"]) == ("PLB WO", Decimal(10))
        assert "provider adjustment (PLB)" in told.codes["code_list"].to_list()

    def test_it_is_made_as_pdf(self, told):
        pytest.importorskip(
            "weasyprint", reason="the extra pdf is not installed", exc_type=ImportError
        )
        made = FORMATS["pdf"](told)
        assert made.startswith(b"%PDF-")


class TestFiles:
    @pytest.fixture
    def copied(self, world, tmp_path):
        for name in ("sent.837", "answered.835"):
            shutil.copy(world / name, tmp_path / name)
        return tmp_path

    def read(self, world, where):
        with Database(world / "db.duckdb", read_only=True) as db:
            found = gather(db, "PCN-7", files=where)
        return found, dict(found.files.select("file_name", "status").rows())

    def test_one_that_is_gone_is_told_of(self, world, copied):
        (copied / "sent.837").unlink()
        found, status = self.read(world, copied)
        assert status["sent.837"] == "not found in the places given"
        assert "sent.837: not found in the places given." in found.html()
        assert found.segments["file_name"].unique().to_list() == ["answered.835"]

    def test_one_of_another_content_is_not_read(self, world, copied):
        altered = (copied / "sent.837").read_text().replace("PCN-7*150", "PCN-7*151")
        (copied / "sent.837").write_text(altered)
        found, status = self.read(world, copied)
        assert status["sent.837"] == "there, but its hash differs: not read"
        assert "sent.837" not in found.segments["file_name"].to_list()

    def test_one_is_known_by_its_content_whatever_its_name(self, world, copied):
        (copied / "sent.837").rename(copied / "moved.bin")
        found, status = self.read(world, copied)
        assert status["sent.837"] == "there, its hash the same"
        assert "sent.837" in found.segments["file_name"].to_list()

    def test_without_a_place_none_is_looked_for(self, world):
        found, status = self.read(world, None)
        assert set(status.values()) == {"not looked for: no place was given"}
        assert found.segments.is_empty()
        assert "not looked for" in found.html()

    def test_a_place_that_is_none_is_an_error(self, world, tmp_path):
        with pytest.raises(UnreadableFileError, match="no such file"):
            self.read(world, tmp_path / "none")


class TestSaving:
    @pytest.fixture
    def own(self, world, tmp_path, monkeypatch):
        """A database of the test's own, in the working folder."""
        monkeypatch.chdir(tmp_path)
        shutil.copy(world / "db.duckdb", tmp_path / "db.duckdb")
        return tmp_path

    def lines(self, own):
        with Database(own / "db.duckdb") as db:
            log = db.sql("SELECT * FROM audit_log WHERE command = 'evidence'")
        return log.to_dicts()

    def test_the_usual_name_has_no_number_and_only_its_owner_reads_it(self, own):
        done = run("PCN-7", "-d", "db.duckdb")
        assert done.exit_code == 0, done.output
        (made,) = own.glob("evidence-*.html")
        assert re.fullmatch(r"evidence-\d+\.html", made.name)
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        assert made.name in done.stdout

    def test_a_line_of_the_trail_names_claim_id_and_formats_never_the_number(self, own):
        assert (
            run("PCN-7", "-d", "db.duckdb", "--format", "html,json", "-o", "a.html").exit_code == 0
        )
        (line,) = self.lines(own)
        said = json.loads(line["detail"])
        assert said["formats"] == ["html", "json"]
        assert said["identity"] is False
        assert str(said["claim_id"]) in line["detail"]
        assert line["file_names"] == ["a.html", "a.json"]
        assert not {"PCN-7", "ICN-7"} & set(re.split(r"[^\w-]", str(line)))

    def test_json_goes_to_the_screen(self, own):
        done = run("--claim-id", self.claim_id(own), "-d", "db.duckdb", "--json")
        told = json.loads(done.stdout)
        assert told["money"][0]["billed_amount"] == "150.00"
        assert told["people"] == []
        assert list(own.glob("evidence-*")) == []
        assert json.loads(self.lines(own)[0]["detail"])["formats"] == ["json"]

    def claim_id(self, own):
        with Database(own / "db.duckdb", read_only=True) as db:
            return int(db.sql("SELECT claim_id FROM claim_outcome")["claim_id"][0])

    @pytest.mark.parametrize(
        ("options", "names"),
        [
            (["-o", "a.json"], ["a.json"]),
            (["-o", "a"], ["a.html"]),
            (["-o", "a.page"], ["a.page.html", "a.page.json"]),
            (["-o", "a.html"], ["a.html", "a.json"]),
            (["-o", "a.htm"], ["a.htm"]),
        ],
    )
    def test_names_of_files(self, own, options, names):
        several = ["--format", "html,json"] if len(names) > 1 else []
        assert run("PCN-7", "-d", "db.duckdb", *options, *several).exit_code == 0
        assert sorted(path.name for path in own.glob("a*")) == names

    def test_a_folder_is_no_file(self, own):
        done = run("PCN-7", "-d", "db.duckdb", "-o", own)
        assert isinstance(done.exception, AnalyticsError)
        assert run("PCN-7", "-d", "db.duckdb", "--json", "-o", "a.json").exit_code == 2
        assert list(own.glob("*.html")) == []

    def test_python_leaves_a_line_too(self, own):
        with Database(own / "db.duckdb") as db:
            assert evidence(db, "PCN-7").claim_id == evidence(db, "ICN-7", identity=True).claim_id
        assert [json.loads(line["detail"])["identity"] for line in self.lines(own)] == [False, True]

    def test_all_are_made_before_the_first_is_put_in_place(self, own, monkeypatch, told):
        def fails(_):
            raise AnalyticsError("no paper")

        monkeypatch.setitem(FORMATS, "pdf", fails)
        with Database(own / "db.duckdb") as db, pytest.raises(AnalyticsError, match="no paper"):
            save(db, told, own / "x.html", ["html", "pdf"])
        assert list(own.glob("x*")) == []
        assert self.lines(own) == []

    def test_unknown_and_several_end_with_2(self, own):
        done = run("NOBODY1", "-d", "db.duckdb")
        assert isinstance(done.exception, AnalyticsError)  # `main` says it, and exits with 2
        assert run("PCN-7", "-d", "db.duckdb", "--format", "docx").exception is not None
        shutil.copy(own / "db.duckdb", own / "two.duckdb")
        other = own / "other.837"
        words = {
            "BATCH1": "BATCH2",
            "*1***1~": "*1***1~",
            "SBR*P": "SBR*S",
            "260105*0600": "260106*0600",
        }
        content = CLAIM.replace("\n", "")
        for old, new in words.items():
            content = content.replace(old, new)
        other.write_text(content)
        with Database(own / "two.duckdb") as two:
            load(two, other)
            two.build()
        done = run("PCN-7", "-d", "two.duckdb")
        assert done.exit_code == 2
        assert "claim_id" in done.stdout
        assert "choose one" in done.stderr
        assert list(own.glob("evidence-*")) == []

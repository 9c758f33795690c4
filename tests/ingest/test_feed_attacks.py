"""Feeds cut off, doubled, mixed up and damaged: nothing is lost or counted twice without a word."""

import gzip

import pytest
from cclf_records import carrier, drug, header
from drawing import OnDemand

from analytics.database import Database
from analytics.ingest.feeds import text
from analytics.loader import load


def found(folder, name, content):
    """(records, loaded, rejected, claims that stand, what they paid), and the report."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with OnDemand(threads=1) as db:
        report = load(db, folder)
        db.build_on_demand(None, "settled_claim", "feed_doubt")
        doubts = db.sql("SELECT reason FROM feed_doubt")["reason"].to_list()
        numbers = db.sql("SELECT record_no FROM rejected WHERE severity = 'rejected'")["record_no"]
        assert numbers.n_unique() == len(numbers) == report.total("rejected")
        assert report.total("feed_rows") + report.total("rejected") == report.total("records")
        stands = db.sql("SELECT count(*), coalesce(sum(paid_amount), 0) FROM settled_claim").row(0)
        keys = db.sql("SELECT count(*) - count(DISTINCT payer_claim_id) FROM payer_claim").item()
        assert keys == 0
    counts = (report.total("records"), report.total("feed_rows"), report.total("rejected"))
    return (*counts, *stands), report, doubts


def rows(*records):
    return "\n".join(records)


CASES = {
    "a header twice": (rows(header(1), header(1)), (2, 2, 0, 1, 1000)),
    "a header twice, not alike": (
        rows(header(1), header(1, CLM_PMT_AMT="900.00")), (2, 2, 0, 1, 900),
    ),
    "a drug twice": (rows(drug(1), drug(1)), (2, 2, 0, 1, 0)),
    "a line twice": (rows(carrier(1), carrier(1)), (2, 1, 1, 1, 80)),
    "a line number twice": (
        rows(carrier(1), carrier(1, CLM_LINE_CVRD_PD_AMT="70.00")), (2, 2, 0, 1, 150),
    ),
    "the last record cut off": (rows(header(1), header(2))[:-300], (2, 1, 1, 1, 1000)),
    "a line cut off takes its claim along": (
        rows(carrier(1), carrier(1, CLM_LINE_NUM="2")[:150], carrier(3)), (3, 1, 2, 1, 80),
    ),
    "two records on a line": (rows(header(1), header(2) + header(3)), (2, 1, 1, 1, 1000)),
    "two megabytes on a line": (
        rows(header(1), header(2) + " " * 2_000_000 + "x", "z" * 2_000_000), (3, 1, 2, 1, 1000),
    ),
    "lines ended by CR alone": ("\r".join([header(1), header(2)]), (2, 2, 0, 2, 2000)),
    "one line ended by CR alone": (
        f"{header(1)}\r\n{header(2)}\r{header(3)}\r\n", (3, 3, 0, 3, 3000),
    ),
    "other kinds of records": (rows(header(1), carrier(2), drug(3)), (3, 1, 2, 1, 1000)),
    "a day that is none": (
        rows(header(1), header(2, CLM_FROM_DT="2026-02-31")), (2, 1, 1, 1, 1000),
    ),
    "an amount of 17 digits": (
        rows(header(1), header(2, CLM_PMT_AMT="9" * 17)), (2, 1, 1, 1, 1000),
    ),
    "a record of NULs": (rows(header(1), "\0" * 437, header(3)), (3, 2, 1, 2, 2000)),
    "UTF-16": (rows(header(1), header(2)).encode("utf-16"), (2, 0, 2, 0, 0)),
    "gz": (gzip.compress(rows(header(1), header(2)).encode()), (2, 2, 0, 2, 2000)),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CASES.values(), ids=CASES.keys())
def test_fixed_width(tmp_path, content, expected):
    name = "ZC1.txt.gz" if isinstance(content, bytes) and content[:2] == b"\x1f\x8b" else "ZC1.txt"
    told, report, doubts = found(tmp_path, name, content)
    assert told == expected
    if told[1] > told[3] and told[4] != 150:  # loaded, but no claim that stands: named as a version
        assert doubts.count("version that a later record repeats") == told[1] - told[3]
    assert "1EG4TE5MK73" not in str(report.to_dict())


HEAD = "claim_id,claim_line_number,claim_type,person_id,payer,claim_start_date,paid_amount"
ROW = "{0},1,professional,M1,{1},2025-05-10,60.00"
PLAIN, QUOTED = ROW.format("c1", "Plan"), ROW.format("c2", '"Plan ""A"", East\nSide"')
DELIMITED = {
    "quotes around a comma and a line end": ([PLAIN, QUOTED], (2, 2, 0, 2, 120)),
    "a column too few beside quotes": ([PLAIN, QUOTED, "c3,1,professional"], (3, 2, 1, 2, 120)),
    "a column too many beside quotes": (
        [QUOTED, ROW.format("c3", "Plan, East"), PLAIN], (3, 2, 1, 2, 120),
    ),
    "empty lines beside quotes": ([QUOTED, "", "", PLAIN, ""], (2, 2, 0, 2, 120)),
    "a quote that never ends": ([PLAIN, ROW.format("c2", '"Plan'), PLAIN], (2, 1, 1, 1, 60)),
    "all of it twice, header and all": ([PLAIN, HEAD, PLAIN], (3, 1, 2, 1, 60)),
    "40 digits": ([PLAIN, ROW.format("c2", "P").replace("60.00", "9" * 40)], (2, 1, 1, 1, 60)),
    "a day that is none": (
        [PLAIN, ROW.format("c2", "P").replace("2025-05-10", "20260231")], (2, 1, 1, 1, 60),
    ),
    "two megabytes in a cell": ([PLAIN, ROW.format("c2", "x" * 2_000_000)], (2, 2, 0, 2, 120)),
}  # fmt: skip


@pytest.mark.parametrize(("end", "block"), [("\n", 1 << 20), ("\r\n", 90)], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("lines", "expected"), DELIMITED.values(), ids=DELIMITED.keys())
def test_delimited(tmp_path, monkeypatch, lines, expected, end, block):
    monkeypatch.setattr(text, "BLOCK", block)
    told, report, _ = found(tmp_path, "claims.csv", end.join([HEAD, *lines]))
    assert told == expected
    assert "Plan" not in str(report.to_dict())


def test_two_columns_of_one_name_are_no_header(tmp_path):
    (tmp_path / "a.csv").write_text(f"claim_id,{HEAD}\nc0,{PLAIN}\n")
    with Database() as db:
        (file,) = load(db, tmp_path).files
    assert file.problem == "two columns of the header have one name"


def test_a_later_delivery_takes_back_claims_of_an_earlier_one(tmp_path):
    """By its number each kind of record is a version: cancelled, corrected, or told once more."""
    key = {"CLM_CNTL_NUM": "ICN1"}
    (tmp_path / "a.txt").write_text(rows(carrier(1, **key), carrier(2, CLM_CNTL_NUM="ICN2")))
    (tmp_path / "b.txt").write_text(
        rows(carrier(3, CLM_ADJSMT_TYPE_CD="1", **key), carrier(2, CLM_CNTL_NUM="ICN2"))
    )
    (tmp_path / "c.txt").write_text(
        rows(carrier(4, CLM_ADJSMT_TYPE_CD="2", CLM_LINE_CVRD_PD_AMT="55.00", **key))
    )
    stands = []
    with OnDemand(threads=1) as db:
        for name in "abc":
            load(db, tmp_path / f"{name}.txt")
            db.build_on_demand(None, "payer_claim_version")
            stands.append(db.sql("SELECT count(*), sum(paid_amount) FROM settled_claim").row(0))
        assert stands == [(2, 160), (1, 80), (2, 135)]
        fates = db.sql("SELECT fate, count(*) AS n FROM payer_claim_version GROUP BY 1 ORDER BY 1")
        assert dict(fates.rows()) == {"cancellation": 1, "cancelled": 1, "copy": 1, "final": 2}


def test_kinds_of_files_mixed_in_a_folder_are_told_apart(tmp_path):
    (tmp_path / "x.txt").write_text(rows(header(1)))
    (tmp_path / "y.txt").write_text(rows(carrier(2)))
    (tmp_path / "z.csv").write_text(f"{HEAD}\n{PLAIN}\n")
    (tmp_path / "note.txt").write_text("nothing of any feed\n")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with OnDemand(threads=1) as db:
        report = load(db, tmp_path)
        db.build_on_demand()
        status = {f.name: f.outcome for f in report.files}
        assert status.pop("note.txt") == status.pop("other.csv") == "unreadable"
        assert set(status.values()) == {"loaded"}
        assert db.sql("SELECT sum(paid_amount) FROM settled_claim").item() == 1140


def test_a_compressed_file_cut_off_says_so(tmp_path):
    content = gzip.compress(rows(*(header(n) for n in range(500))).encode())[:-200]
    (tmp_path / "ZC1.txt.gz").write_bytes(content)
    with Database() as db:
        (file,) = load(db, tmp_path).files
    assert (file.status, file.problem) == (
        "unreadable", "the compressed file is damaged or cut off",
    )  # fmt: skip

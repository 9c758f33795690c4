"""Postings of several kinds in one column of amounts: a part of the map for each."""

import pytest

from analytics.maps import parse_map
from analytics.proposing import propose
from analytics.trial import try_map

HEAD = "Acct No,Post Date,Tran Type,Amount,Payer,Check No,Reason,CPT\n"
KINDS = [
    ("CHG", "150.00", "", "", "", "99213"),
    ("Ins Pmt", "-80.00", "Heron", "C77", "", ""),
    ("ADJ", "-60.00", "Heron", "C77", "CO-45", ""),
    ("Pt-Pmt", "-8.00", "", "", "", ""),
    ("Write-Off", "-2.00", "", "", "", ""),
]
PLANTED = "DOE JANE"


def drawn(kinds=KINDS, more=(), claims=12):
    """Postings of a dozen claims, each with every kind."""
    rows = [
        f"A{n:03},3/{13 + n}/2026," + ",".join(kind) + "\n"
        for n in range(claims)
        for kind in [*kinds, *more]
    ]
    return HEAD + "".join(rows)


@pytest.fixture
def told(tmp_path):
    def told(text):
        path = tmp_path / "postings.csv"
        path.write_text(text)
        proposal = propose(path)
        return proposal, parse_map(proposal.toml), path

    return told


def test_each_kind_is_a_part_and_all_rows_load(told):
    proposal, said, path = told(drawn())
    assert proposal.missing == ()
    (file,) = said.files
    assert [(part.grain, part.where["Tran Type"]) for part in file.parts] == [
        ("transaction", ("INS PMT", "ADJ")),
        ("row", ("CHG",)),
        ("row", ("WRITE-OFF",)),
        ("row", ("PT-PMT",)),
    ]
    trial = try_map(said, path, progress=False)
    assert (trial.report.files[0].records, trial.report.files[0].extract_rows) == (60, 60)
    dollars = {row[1]: (row[2], float(row[3] or 0)) for row in trial.loaded.rows()}
    assert dollars["charge"] == (12, 1800.0)
    assert dollars["remit_claim"] == (12, 960.0)
    assert dollars["adjustment"] == (12, 720.0)
    assert dollars["write_off"] == (12, 24.0)
    assert dollars["patient_payment"] == (12, 96.0)


def test_what_is_no_word_of_postings_is_counted_and_not_shown(told):
    other = (PLANTED, "1.00", "", "", "", "")
    proposal, said, path = told(drawn(more=[other]))
    assert any("12 rows have another value" in finding for finding in proposal.findings)
    everything = proposal.toml + str(proposal.to_dict()) + str(proposal.table().rows())
    assert PLANTED not in everything.upper()
    assert try_map(said, path, progress=False).rejected.row(0)[2] == "row_not_mapped"


def test_adjustments_without_a_reason_are_write_offs_to_be_checked(told):
    kinds = [(*kind[:4], "", kind[5]) for kind in KINDS]
    proposal, said, _ = told(drawn(kinds))
    assert said.files[0].parts[2].where["Tran Type"] == ("WRITE-OFF", "ADJ")
    assert any("taken for write-offs" in finding for finding in proposal.findings)


def test_provider_level_adjustments_stand_beside_the_payments(told):
    proposal, said, path = told(drawn(more=[("PLB", "5.00", "Heron", "C77", "WO", "")]))
    part = said.files[0].parts[0]
    assert part.where["Tran Type"] == ("INS PMT", "ADJ", "PLB")
    assert part.columns["provider_adjustment", "amount"].where == {"Tran Type": ("PLB",)}
    assert proposal.missing == ()
    assert try_map(said, path, progress=False).rejected.is_empty()


def test_a_file_of_one_kind_has_no_parts(told):
    proposal, said, _ = told(drawn(KINDS[1:2]))
    assert proposal.parts == ()
    assert len(said.files[0].parts) == 1


def test_provider_level_adjustments_in_columns_of_their_own(told):
    rows = "".join(f"C1,3/14/2026,Heron,A{n},80.00,,,\n" for n in range(9))
    plb = "C1,3/14/2026,Heron,,,WO,12.00,7788\nC1,3/14/2026,Heron,,,L6,-1.00,7789\n"
    head = "Check No,Check Date,Payer,Patient Control No,Paid Amt,PLB Code,PLB Amt,PLB Ref\n"
    proposal, said, path = told(head + rows + plb)
    columns = said.files[0].parts[0].columns
    assert columns["provider_adjustment", "reason_code"].names == ("PLB Code",)
    assert columns["provider_adjustment", "reference"].names == ("PLB Ref",)
    assert proposal.missing == ()
    trial = try_map(said, path, progress=False)
    loaded = {row[1]: (row[2], float(row[3] or 0)) for row in trial.loaded.rows()}
    assert loaded["provider_adjustment"] == (2, 11.0)
    assert loaded["remit"] == (1, 709.0)


def test_what_other_payers_paid(told):
    head = "Claim No,DOS,Date Billed,POS,Chg,Payer,Other Payer 1,Other Payer Paid 1,"
    head += "Other Payer 2,Other Payer Paid 2\n"
    rows = "".join(
        f"A{n},3/14/2026,3/20/2026,11,9.00,Heron,Acme,5.00,Best,1.00\n" for n in range(9)
    )
    _, said, path = told(head + rows)
    columns = said.files[0].parts[0].columns
    assert columns["claim_other_payer", "paid_amount"].names == ("Other Payer Paid {n}",)
    trial = try_map(said, path, progress=False)
    assert {row[1]: row[2] for row in trial.loaded.rows()}["claim_other_payer"] == 18


def test_the_amount_of_the_check_is_none_of_the_posting(told):
    head = "Payer Name,EFT Number,EFT Date,EFT Amount,Pat Ctrl Nbr,Rec Type,Amount,Reason Code\n"
    start = "Heron,E1,04/13/2026,$888.00,"
    rows = "".join(
        f"{start}P{n},PAYMENT,$100.00,\n{start}P{n},ADJUSTMENT,$25.00,CO-45\n" for n in range(9)
    )
    total = "\n,,,,,,,\nGrand Total,,,,,,888.00,\n\n"
    proposal, said, path = told(head + rows + start + ",PLB,12.00,WO\n" + total)
    (file,) = said.files
    columns = file.parts[0].columns
    assert columns["remit", "payment_amount"].names == ("EFT Amount",)
    assert columns["remit_claim", "paid_amount"].names == ("Amount",)
    assert (file.controls.trailer, proposal.findings) == ("Grand Total", ())
    trial = try_map(said, path, progress=False)
    assert trial.is_clean
    loaded = {row[1]: (row[2], float(row[3] or 0)) for row in trial.loaded.rows()}
    assert loaded["remit"] == (1, 888.0)
    assert loaded["remit_claim"] == (9, 900.0)
    assert loaded["provider_adjustment"] == (1, 12.0)

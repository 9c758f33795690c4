"""Tiny files, and what a proposal makes of them."""

import zipfile

import pytest

from analytics.errors import UnreadableFileError
from analytics.maps import parse_map
from analytics.proposing import propose
from analytics.trial import try_map


@pytest.fixture
def told(tmp_path):
    """Propose a map for a file drawn as a table: `|` between cells, a line with dashes left out."""

    def told(text, name="it.csv"):
        lines = [line for line in text.strip().splitlines() if set(line.strip()) - set("-+")]
        rows = ["\t".join(cell.strip() for cell in line.split("|")) for line in lines]
        path = tmp_path / name
        path.write_text("\n".join(rows) + "\n")
        proposal = propose(path)
        (file,) = parse_map(proposal.toml).files
        return Told(proposal, file, path)

    return told


class Told:
    def __init__(self, proposal, file, path):
        self.proposal, self.file, self.path = proposal, file, path
        self.columns = file.parts[0].columns

    def of(self, name):
        return {".".join(target) for target, value in self.columns.items() if name in value.names}

    def value(self, table, column):
        return self.columns[table, column]

    def loaded(self):
        trial = try_map(self.proposal_map(), self.path)
        return trial.report.files[0]

    def proposal_map(self):
        return parse_map(self.proposal.toml)


LINES = """
    Claim No | DOS       | Date Billed | CPT   | Chg    | Payer | POS
    ---------+-----------+-------------+-------+--------+-------+----
    A1       | {0}       | {1}         | 99213 | 100.00 | Heron | 11
    A1       | {0}       | {1}         | 85025 | 20.00  | Heron | 11
    A2       | {2}       | {3}         | 99214 | 150.00 | Heron | 11
"""


def test_days_that_can_only_be_day_first(told):
    it = told(LINES.format("14/3/2026", "20/3/2026", "15/3/2026", "20/3/2026"))
    assert it.file.date == "DMY"
    assert it.loaded().extract_rows == 3


def test_days_that_can_only_be_month_first_need_no_word(told):
    it = told(LINES.format("3/14/2026", "3/20/2026", "3/1/2026", "3/2/2026"))
    assert it.file.date is None
    assert not any("TIE" in finding for finding in it.proposal.findings)


def test_days_that_read_both_ways_are_a_tie(told):
    it = told(LINES.format("3/4/2026", "3/5/2026", "3/1/2026", "3/2/2026"))
    assert any("TIE: every day reads" in finding for finding in it.proposal.findings)
    assert '# date = "DMY"' in it.proposal.toml


def test_columns_of_two_orders_say_so_one_by_one(told):
    it = told(LINES.format("14/3/2026", "3/20/2026", "15/3/2026", "3/21/2026"))
    assert it.value("claim_line", "service_from_date").date == "DMY"
    assert it.value("claim", "submission_date").date is None
    assert it.loaded().extract_rows == 3


def test_a_column_of_two_orders_is_to_be_looked_at(told):
    it = told(LINES.format("14/3/2026", "3/20/2026", "3/14/2026", "3/21/2026"))
    assert any("CHECK: of one column" in finding for finding in it.proposal.findings)


@pytest.mark.parametrize(
    ("days", "form"),
    [
        (("03142026", "03202026", "03152026", "12312025"), "%m%d%Y"),
        (("14032026", "20032026", "15032026", "31122025"), "%d%m%Y"),
        (("20260314", "20260320", "20260315", "20251231"), None),
    ],
)
def test_eight_digits(told, days, form):
    it = told(LINES.format(*days))
    assert it.value("claim", "submission_date").date == form
    assert it.loaded().extract_rows == 3


def test_days_as_excel_counts_them(told):
    it = told(LINES.format("46095", "46101", "46096", "46101"))
    assert it.file.date == "excel"
    assert it.loaded().extract_rows == 3


def test_amounts_with_a_comma_before_their_cents(told):
    text = LINES.format("3/14/2026", "3/20/2026", "3/1/2026", "3/2/2026")
    it = told(text.replace("100.00", "1.100,00").replace("20.00", "20,00").replace("150.00", "9,5"))
    assert it.file.decimal == ","
    assert it.loaded().extract_rows == 3


def test_rows_of_one_claim_are_lines_even_without_a_word_for_it(told):
    it = told(LINES.format("3/14/2026", "3/20/2026", "3/1/2026", "3/2/2026"))
    assert it.file.parts[0].grain == "line"
    assert it.of("Chg") == {"claim_line.billed_amount"}


def test_a_total_that_differs_within_claims_is_of_lines(told):
    text = LINES.format("3/14/2026", "3/20/2026", "3/1/2026", "3/2/2026")
    it = told(text.replace("Chg ", "Total Charge"))
    assert it.of("Total Charge") == {"claim_line.billed_amount"}


def test_lines_side_by_side_are_claims(told):
    it = told("""
        Claim # | Bill Date | DOS       | Payer | CPT1  | Chg1  | CPT2  | Chg2  | POS
        A1      | 3/20/2026 | 3/14/2026 | Heron | 99213 | 10.00 | 85025 | 20.00 | 11
        A2      | 3/20/2026 | 3/15/2026 | Heron | 99214 | 15.00 |       |       | 11
    """)
    assert it.file.parts[0].grain == "claim"
    assert it.value("claim_line", "procedure_code").names == ("CPT{n}",)
    assert it.loaded().lines == 3


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Mod1", "Mod2"), ("Mod{n}",)),
        (("Mod 01", "Mod 02"), ("Mod {nn}",)),
        (("MOD_ONE", "MOD_TWO"), ("MOD_ONE", "MOD_TWO")),
        (("Mod", "Mod 2"), ("Mod", "Mod 2")),
    ],
)
def test_columns_side_by_side(told, names, said):
    it = told(f"""
        Claim # | Bill Date | DOS       | Payer | CPT   | {names[0]} | {names[1]} | Chg   | POS
        A1      | 3/20/2026 | 3/14/2026 | Heron | 99213 | 25         | RT         | 20.00 | 11
        A1      | 3/20/2026 | 3/14/2026 | Heron | 85025 |            |            | 15.00 | 11
    """)
    assert it.value("claim_line", "modifiers").names == said


def test_the_principal_diagnosis_comes_first(told):
    it = told("""
        Claim # | Bill Date | DOS       | Payer | Sec Dx 1 | Sec Dx 2 | Prin Dx | Total Charge | POS
        A1      | 3/20/2026 | 3/14/2026 | Heron | E11.9    | I10      | N39.0   | 20.00        | 11
    """)
    names = ("Prin Dx", "Sec Dx 1", "Sec Dx 2")
    assert it.value("claim_diagnosis", "diagnosis_code").names == names


REMITS = """
    Account | Check # | Check Date | Payer | Paid     | Adj Cd | Adj Amt   | Claim Status
    A1      | 77      | 3/20/2026  | Heron | -60.00   | {0}    | ({1})     | Paid
    A2      | 77      | 3/20/2026  | Heron | -70.00   | {2}    | ({1})     | Denied
"""


def test_amounts_below_zero_are_turned(told):
    it = told(REMITS.format("CO-45", "40.00", "PR-3"))
    assert it.value("adjustment", "amount").negate
    assert it.value("remit_claim", "paid_amount").negate


def test_codes_with_and_without_their_group(told):
    together = told(REMITS.format("CO-45", "40.00", "PR-3"))
    assert together.of("Adj Cd") == {"adjustment.group_and_carc_code"}
    alone = told(REMITS.format("45", "40.00", "3"))
    assert alone.of("Adj Cd") == {"adjustment.carc_code"}
    assert "adjustment.group_code" in alone.proposal.missing


def test_words_of_theirs_become_our_codes(told):
    it = told(REMITS.format("CO-45", "40.00", "PR-3"))
    assert it.value("remit_claim", "status_code").codes["DENIED"] == "4"
    assert any("what their words mean" in finding for finding in it.proposal.findings)


def test_of_a_claim_and_an_account_in_payments_the_account_is_ours(told):
    text = REMITS.format("CO-45", "40.00", "PR-3").replace("Claim Status", "Claim Number")
    it = told(text.replace("Paid\n", "T1\n").replace("Denied\n", "T2\n"))
    assert it.of("Account") == {"remit_claim.patient_control_number"}
    assert it.of("Claim Number") == {"remit_claim.payer_claim_number"}


def test_a_total_of_adjustments_is_no_adjustment(told):
    it = told("""
        Account | Check # | Check Date | Payer | Paid  | Adjustments
        A1      | 77      | 3/20/2026  | Heron | 60.00 | 40.00
    """)
    assert not it.of("Adjustments")
    assert not it.proposal.missing


def test_what_is_needed_and_not_there_is_to_be_filled_in(told):
    text = LINES.format("3/14/2026", "3/20/2026", "3/1/2026", "3/2/2026")
    it = told(text.replace("Date Billed", "Foo        "))
    assert it.proposal.missing == ("claim.submission_date",)
    assert it.loaded().status == "unreadable"
    assert "FILL IN" in it.loaded().problem


def test_two_columns_of_one_meaning_are_a_tie(told):
    text = LINES.format("3/14/2026", "3/20/2026", "3/1/2026", "3/2/2026")
    it = told(text.replace("| POS", "| Bill Date").replace("| 11", "| 3/22/2026"))
    assert "claim.submission_date: TIE: it may be Bill Date" in it.proposal.findings
    assert "# claim.submission_date" in it.proposal.toml


def test_a_name_that_its_cells_contradict_is_not_believed(told):
    text = LINES.format("3/14/2026", "3/20/2026", "3/1/2026", "3/2/2026")
    it = told(text.replace("99213", "visit").replace("99214", "visit").replace("85025", "lab"))
    assert not it.of("CPT")
    assert "its name says CPT or HCPCS, its cells do not (0%)" in it.proposal.toml


def test_cells_alone_tell_what_is_of_one_form(told):
    it = told("""
        Claim # | Bill Date | DOS       | Payer | Foo   | Total Charge | POS
        A1      | 3/20/2026 | 3/14/2026 | Heron | N39.0 | 20.00        | 11
        A2      | 3/20/2026 | 3/14/2026 | Heron | E11.9 | 20.00        | 11
    """)
    assert it.of("Foo") == {"claim_diagnosis.diagnosis_code"}


def test_a_log_of_write_offs(told):
    it = told("""
        Acct # | Write Off Date | Write Off Amt | Write Off Reason
        A1     | 3/20/2026      | 12.00         | small
    """)
    assert it.file.parts[0].grain == "row"
    assert it.of("Acct #") == {"write_off.patient_control_number"}
    assert it.loaded().extract_rows == 1


def test_rows_of_one_line_are_adjustments_and_its_payment_counts_once(told):
    it = told("""
        Acct | Paid Dt   | Payer | Line # | CPT   | DOS       | Chg    | Paid  | Adj Cd | Adj Amt
        A1   | 3/2/2026  | Heron | 1      | 99213 | 3/14/2026 | 100.00 | 50.00 | CO-45  | 30.00
        A1   | 3/2/2026  | Heron | 1      | 99213 | 3/14/2026 | 100.00 | 50.00 | PR-3   | 20.00
        A1   | 3/2/2026  | Heron | 2      | 85025 | 3/14/2026 | 40.00  | 10.00 | CO-45  | 30.00
        A2   | 3/2/2026  | Heron | 1      | 99214 | 3/14/2026 | 90.00  | 70.00 | CO-45  | 20.00
    """)  # fmt: skip
    assert it.file.parts[0].grain == "denial"
    trial = try_map(it.proposal_map(), it.path)
    amounts = {table: str(amount) for _, table, _, amount in trial.loaded.iter_rows()}
    assert (amounts["remit_line"], amounts["adjustment"]) == ("130.00", "100.00")
    assert trial.is_clean


def test_an_amount_that_all_lines_of_a_claim_repeat_is_to_be_looked_at(told):
    rows = [
        f"C{n} | 3/20/2026 | 3/14/2026 | {cpt} | {n}00.00 | Heron | 11"
        for n in range(1, 5)
        for cpt in ("99213", "85025")
    ]
    head = "Claim No | Date Billed | DOS | CPT | Charge | Payer | POS"
    it = told("\n".join([head, *rows]))
    said = "claim_line.billed_amount: CHECK: it is the same in all rows of a claim"
    assert any(finding.startswith(said) for finding in it.proposal.findings)


def test_a_last_line_of_totals_is_no_row(told):
    it = told(
        LINES.format("3/14/2026", "3/20/2026", "3/1/2026", "3/2/2026") + "TOTAL | | | 3 |270.00"
    )
    assert (it.file.controls.trailer, it.file.controls.rows) == ("TOTAL", 4)
    report = it.loaded()
    assert (report.records, report.extract_rows) == (3, 3)
    assert it.of("Chg") == {"claim_line.billed_amount"}


def test_of_a_trailer_only_the_word_is_shown(told):
    more = "Total DOE JANE | | | |270.00"
    it = told(LINES.format("3/14/2026", "3/20/2026", "3/1/2026", "3/2/2026") + more)
    assert it.file.controls.trailer == "Total"
    assert "DOE" not in it.proposal.toml + str(it.proposal.to_dict())


def test_one_file_of_an_archive(tmp_path):
    rows = "Claim No,DOS,Date Billed,CPT,Chg,Payer\nA1,3/14/2026,3/20/2026,99213,9.00,Heron\n"
    path = tmp_path / "month.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, rows)
    with pytest.raises(
        UnreadableFileError, match=r"holds 2 files: name one of them, as .*month.zip"
    ):
        propose(path)
    assert propose(path / "b.csv").sampled.source.name == "month.zip/b.csv"
    with pytest.raises(UnreadableFileError, match="holds no such file"):
        propose(path / "c.csv")


def test_titles_with_all_delimiters_above_the_names(tmp_path):
    rows = "".join(f'A{n},3/14/2026,3/20/2026,99213,"1,009.00",Heron\n' for n in range(9))
    names = '"Claim No","DOS","Date Billed","CPT","Chg","Payer"\n'
    path = tmp_path / "claims.csv"
    path.write_text(f"Monthly report,,,,,\nPeriod:,3/2026,,,,\n,,,,,\n{names}{rows}Totals,,,,,\n")
    proposal = propose(path)
    (file,) = parse_map(proposal.toml).files
    assert (file.header_row, file.controls.trailer) == (4, "Totals")
    assert file.parts[0].columns["claim_line", "billed_amount"].names == ("Chg",)

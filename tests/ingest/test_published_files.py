"""Published files, drawn small: recognised by content, read to rows, refused when broken."""

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from analytics.errors import UnreadableFileError
from analytics.ingest.published import read, read_file

DAY = dt.date
MCE = "code,start_date,end_date,flags\n"
ORDER = (
    "00001 A00     0 Cholera                                                      Cholera\r\n"
    "00002 A000    1 Cholera due to one                                           Cholera due\r\n"
)
PAIRS = (
    "A notice\r\nColumn1/Column2 Edits\t\t\t\t\t\t\r\n\tColumn 2\t\t\t\t\t\r\n"
    "11111\t22222\t\t20200101\t*\t1\tone reason\r\n"
    '11111\t33333\t*\t19960101\t19960101\t9\tanother "reason"\r\n'
)
UNITS = (
    '"A notice\n\nof many lines"\n"HCPCS/\nCPT Code",Practitioner Services MUE Values,'
    "MUE Adjudication Indicator,MUE Rationale\n11111,2,3 Date of Service Edit: Clinical,why\n"
)
ADD_ONS = (
    "A notice\nAOC_Edit_Type,Add-On_Code,AOC_DelDT,Primary_Code,Primary_Code_DelDT,"
    "AOC_Edit_EffDT,AOC_Edit_DelDT,Special_Notes\n1,11111,,22222,2024366,2013001,,\n"
    "2,33333,,CCCCC,,2013032,2020060,note\n"
)


def rows(text: str, name: str) -> list[dict]:
    release = read(text.encode(), name)
    assert release is not None
    return release.rows.to_dicts()


def fails(text: str, name: str) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read(text.encode(), name)
    return str(caught.value)


def test_codes_of_the_editor_have_days_and_lists():
    release = read(f"{MCE}A000,20151001,20200930,\nA000,20201001,,male|adult\n".encode(), "x_v43_1")
    assert release is not None
    assert (release.kind, release.name) == ("mce_diagnosis", "43.1")
    assert (release.starts, release.ends) == (DAY(2015, 10, 1), DAY(2026, 9, 30))
    assert release.rows.rows() == [
        ("A000", DAY(2015, 10, 1), DAY(2020, 9, 30), []),
        ("A000", DAY(2020, 10, 1), None, ["male", "adult"]),
    ]


GROUPS = (
    '"TABLE 5 - LIST OF MEDICARE SEVERITY DIAGNOSIS-RELATED GROUPS (MS-DRGs) - FY 2026"\r\n'
    "MS-DRG\tFY 2026 Post-Acute DRG\tMDC\tTYPE\tMS-DRG Title\tWeights\r\n"
    "1\tNo\tPRE\tSURG\tONE OR TWO W MCC\t1.5\r\n"
    "002\tNo\tPRE\tSURG\tONE WITHOUT MCC\t1.5\r\n"
    '003\tNo\tPRE\tSURG\t"THREE, WITHOUT A DEVICE WITH CC"\t1.5\r\n'
    "004\tNo\tPRE\tSURG\tTHREE W CC/MCC\t1.5\r\n"
    "005\tNo\tPRE\tSURG\tTHREE W/O CC/MCC\t1.5\r\n"
    "006\tNo\tPRE\tSURG\tFOUR WITH MCC OR FIVE\t1.5\r\n"
    "007\tNo\tPRE\tSURG\tSIX\t1.5\r\n"
    "A note below the table\r\n"
)
MAJOR = "TABLE 6I - COMPLETE MCC LIST\nDiagnosis Code\tDescription\nA40.0\tOne\nA409\tTwo\nA note\n"


def test_groups_have_the_tier_their_title_names():
    release = read(GROUPS.encode(), "FY 2026 Final Rule Table 5.txt")
    assert release is not None
    assert (release.kind, release.name) == ("ms_drg", "2026")
    assert (release.starts, release.ends) == (DAY(2025, 10, 1), DAY(2026, 9, 30))
    assert [(one["drg_code"], one["tier"]) for one in release.rows.to_dicts()] == [
        ("001", "MCC"), ("002", None), ("003", "CC"), ("004", "CC_OR_MCC"), ("005", None),
        ("006", None), ("007", None),
    ]  # fmt: skip


@pytest.mark.parametrize(("table", "kind"), [("6I", "mcc_diagnosis"), ("6J", "cc_diagnosis")])
def test_lists_of_complications(table, kind):
    release = read(MAJOR.replace("6I", table).encode(), f"CMS Table {table} - FY 2026.txt")
    assert release is not None
    assert release.kind == kind
    assert release.rows["code"].to_list() == ["A400", "A409"]


@pytest.mark.parametrize(
    ("title", "name", "year"),
    [
        # The title comes first, then the name of the file, then that of its archive.
        (" - FY 2026", "CMS-1785-F Table 5.txt", "2026"),
        ("", "t5_FY2025.txt", "2025"),
        ("", "fy-2024-table-5.zip/CMS-1785-F Table 5.txt", "2024"),
        (" - FY 2026", "fy-2024-table-5.zip/FY 2025 Table 5.txt", "2026"),
    ],
)
def test_the_year_of_groups_is_told_by_title_or_name(title, name, year):
    release = read(GROUPS.replace(" - FY 2026", title).encode(), name)
    assert release is not None
    assert release.name == year


def test_groups_of_no_year_are_refused():
    with pytest.raises(UnreadableFileError, match="which fiscal year it is of"):
        read(GROUPS.replace(" - FY 2026", "").encode(), "Table 5.txt")


def test_without_a_version_the_latest_change_tells_the_year():
    release = read(f"{MCE}A000,20151001,,\nA001,20231001,,\n".encode(), "mine.csv")
    assert release is not None
    assert (release.name, release.ends) == ("from 2023-10-01", DAY(2024, 9, 30))


def test_small_tables_of_the_editor():
    [status] = rows("code,start_date,end_date\n1,19801001,\n", "status.csv")
    assert status == {"code": "01", "start_date": DAY(1980, 10, 1), "end_date": None}
    head = "age_group,start_age,end_age,start_date,end_date\n"
    [age] = rows(f"{head}Adult,15,124,19840301,\n", "ages.csv")
    assert (age["age_group"], age["start_age"], age["end_age"]) == ("adult", 15, 124)


def test_an_order_file_holds_headings_too():
    release = read(ORDER.encode(), "icd10cm_order_2026.txt")
    assert release is not None
    assert (release.kind, release.starts) == ("icd10cm_code", DAY(2025, 10, 1))
    assert release.rows["is_billable"].to_list() == [False, True]
    assert release.rows["long_title"].to_list() == ["Cholera", "Cholera due"]
    april = read(ORDER.encode(), "icd10cm-order-April-1-2026.txt")
    assert april is not None
    assert (april.name, april.starts) == ("2026-04", DAY(2026, 4, 1))


def test_addenda_tell_what_changed():
    text = (
        f"Delete:      1 B880    {'Other':60} Other\r\n"
        f"Revise from: 0 A77     {'Old':60} Old\r\n"
        "\r\nCodes\r\n  1 addition\r\n"
    )
    told = rows(text, "icd10cm_order_addenda_2026.txt")
    assert [(r["change"], r["code"], r["is_billable"]) for r in told] == [
        ("delete", "B880", True), ("revise_from", "A77", False),
    ]  # fmt: skip


def test_pairs_have_spans_and_indicators():
    first, second = rows(PAIRS, "ccioph-v321r0-f1.txt")
    assert (first["setting"], first["end_date"], first["modifier_indicator"]) == (
        "hospital",
        None,
        "1",
    )
    assert (second["is_before_1996"], second["end_date"]) == (True, DAY(1996, 1, 1))
    release = read(PAIRS.encode(), "ccipra-v321r0-f1.txt")
    assert release is not None
    assert (release.name, release.starts, release.ends) == (
        "32.1", DAY(2026, 4, 1), DAY(2026, 6, 30),
    )  # fmt: skip


def test_units_and_add_ons():
    [units] = rows(UNITS, "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv")
    assert (units["max_units"], units["adjudication_indicator"]) == (2, "3")
    listed, open_ = rows(ADD_ONS, "AOC_V2026Q3-MCR.csv")
    assert listed["primary_end_date"] == DAY(2024, 12, 31)
    assert (open_["primary_code"], open_["end_date"]) == ("CCCCC", DAY(2020, 2, 29))


def test_a_long_title_goes_over_several_records():
    head = "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,COV,BETOS,ADD DT,ACT EFF DT,"
    text = (
        f"{head}TERM DT,ACTION CD\nG0001,0010,3,One,short,C,T1A,20010101,20010101,20041231,N\n"
        "G0001,0020,4,and two,,,,,,,\n   A1,0010,7,Modifier,mod,,,20010101,20010101,,N\n"
    )
    code, modifier = rows(text, "HCPC2026_OCT_ANWEB.csv")
    assert (code["long_title"], code["end_date"]) == ("One and two", DAY(2004, 12, 31))
    assert (modifier["code"], modifier["is_modifier"]) == ("A1", True)


def test_records_of_320_bytes_are_read_by_place():
    first = "G0001001003" + "One".ljust(80) + "short".ljust(28)
    first = first.ljust(229) + "C".ljust(27) + "T1A".ljust(12) + "2001010120020202        N"
    second = "G0001002004" + "and two".ljust(80)
    [code] = rows(f"* a notice\n{first}\n{second}\n", "HCPC2019_CONTR_ANWEB.txt")
    assert code["long_title"] == "One and two"
    assert (code["coverage_code"], code["betos_code"]) == ("C", "T1A")
    assert (code["add_date"], code["effective_date"]) == (DAY(2001, 1, 1), DAY(2002, 2, 2))
    assert (code["end_date"], code["action_code"]) == (None, "N")


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (f"{MCE}A000,20151001,,\nA001,2015-13-01,,\n", "x.csv", "unreadable start_date"),
        (f"{MCE}A000,20151001,,\n,20151001,,\n", "x.csv", "1 of 2 rows have no code of their kind"),
        (f"{MCE}A000,20151001,20140101,\n", "x.csv", "no span"),
        (ORDER, "my_codes.txt", "does not say which year"),
        (ORDER + ORDER, "icd10cm_order_2026.txt", "an order number out of turn, first row 3"),
        (PAIRS.replace("\t1\t", "\t7\t"), "ccipra-v321r0-f1.txt", "no pair, date or indicator"),
        (PAIRS, "pairs.txt", "ccipra-v322r0"),
        (PAIRS, "ccipra-v999r0-f1.txt", "ccipra-v322r0"),
        (PAIRS.replace("20200101", "20260401"), "ccipra-v312r0-f1.txt", "edits from 2026-04-01"),
        (UNITS, "MUE_Eff_13-45-2026.csv", "no day of a calendar"),
        (GROUPS.replace("Title", "Name"), "FY 2026 Table 5.txt", "no column of titles"),
        (GROUPS.replace("\n1\t", "\nx\t"), "FY 2026 Table 5.txt", "no MS-DRG, first row 1"),
        (MAJOR.replace("A409", "4"), "FY 2026 Table 6I.txt", "no code, first row 2"),
        (MAJOR.replace("Code", "Name"), "FY 2026 Table 6I.txt", "names its columns"),
        (UNITS.replace("11111,2", "11111,x"), "Eff_07-01-2026.csv", "unreadable max_units"),
    ],
)
def test_what_is_broken_is_refused(text, name, said):
    assert said in fails(text, name)


def test_pairs_are_read_as_a_spreadsheet_saves_them_too():
    plain = rows(PAIRS, "ccipra-v321r0-f1.txt")
    commas = PAIRS.replace("\t", ",").replace('another "reason"', '"another ""reason"""')
    assert rows(commas, "ccipra-v321r0-f1.csv") == plain
    release = read(PAIRS.encode("utf-16"), "ccipra-v321r0-f1.txt")
    assert release is not None
    assert release.rows.to_dicts() == plain


def test_what_is_none_is_none(tmp_path):
    with pytest.raises(UnreadableFileError, match="is a folder"):
        list(read_file(tmp_path))
    assert read(b"HCPCS,MOD,PROCSTAT,CARRIER\n0633T,TC,C,01112\n", "OPPSCAP_Oct.csv") is None
    assert read(b"code,name\nA000,x\n", "other.csv") is None
    (tmp_path / "other.csv").write_text("code,name\n")
    with pytest.raises(UnreadableFileError, match="no published file known"):
        list(read_file(tmp_path / "other.csv"))
    (tmp_path / "AOC_V2026Q3-MCR.xlsx").write_bytes(b"PK")
    with pytest.raises(UnreadableFileError, match="save its sheet as CSV"):
        list(read_file(tmp_path / "AOC_V2026Q3-MCR.xlsx"))
    with pytest.raises(UnreadableFileError, match="no such file"):
        list(read_file(tmp_path / "none.csv"))


def test_of_an_archive_the_published_files_are_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "cms.zip", "w") as archive:
        archive.writestr("layout.pdf", b"%PDF")
        archive.writestr("icd10cm_order_2026.txt", ORDER)
    [(name, content, release)] = read_file(tmp_path / "cms.zip")
    assert (name, release.kind) == ("cms.zip/icd10cm_order_2026.txt", "icd10cm_code")
    assert content == ORDER.encode()


LISTS = [
    ('"ccs_diagnosis_category","description"\n"2","One"\n', "acute_diagnosis_ccs.csv",
     ("hwr_acute_diagnosis_ccs", "2", None)),
    ("icd_10_pcs,description\n0DTJ4ZZ,One\n", "x__potentially_planned_icd_10_pcs.csv",
     ("hwr_potentially_planned_icd_10_pcs", "0DTJ4ZZ", None)),
    ("ccs_diagnosis_category,description,exclusion_category\n11,One,Cancer\n",
     "exclusion_ccs_diagnosis_category.csv",
     ("hwr_exclusion_ccs_diagnosis_category", "11", "Cancer")),
    ("icd_10_pcs,description,ccs_code_and_description,specialty_cohort\n0DTJ4ZZ,One,CCS 80: X,S\n",
     "surgery_gynecology_cohort.csv", ("hwr_surgery_gynecology_cohort", "0DTJ4ZZ", "80")),
    ("'ICD-10-CM CODE','CCS CATEGORY','TEXT'\n'A000 ','135 ','One'\n", "ccs_dx_icd10cm_2019_1.csv",
     ("ccs_diagnosis", "A000", "135")),
    ("'ICD-10-PCS CODE','CCS CATEGORY','TEXT'\n'0DTJ4ZZ','80','One'\n", "ccs_pr_icd10pcs_2020.csv",
     ("ccs_procedure", "0DTJ4ZZ", "80")),
    ("sas_format,label,code,code_description\nACSASTD,Text,J45.20,Asthma\n",
     "pqi_v2024_value_sets.csv", ("pqi_ACSASTD", "J4520", None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "row"), LISTS, ids=[one[1] for one in LISTS])
def test_lists_of_measures(text, name, row):
    release = read(text.encode(), name)
    assert release is not None
    assert (release.kind, release.starts, release.ends) == ("measure_code", DAY(2015, 10, 1), None)
    assert release.rows.rows() == [row]


def test_a_list_of_no_known_name_is_refused():
    text = "icd_10_cm,description\nA000,One\n"
    assert "which list it is" in fails(text, "codes.csv")
    assert "no code" in fails(text.replace("A000", "A-00"), "acute_diagnosis_icd_10_cm.csv")


CHANCES = (
    "icd10,edcnnpa,edcnpa,epct,noner,injury,psych,alcohol,drug\nA000,0.25,0,0.5,0.25,0,0,0,0\n"
)


def test_chances_of_emergency_visits():
    (row,) = rows(CHANCES, "johnston_icd10.csv")
    assert row["code"] == "A000"
    told = {name: float(share) for name, share in row.items() if name != "code" and share}
    assert told == {
        "non_emergent_share": 0.25, "primary_care_share": 0.5, "not_preventable_share": 0.25,
    }  # fmt: skip
    assert "chances above one" in fails(CHANCES.replace("0.5", "0.9"), "johnston_icd10.csv")


SHARED = Path(__file__).parents[3] / "shared" / "reference"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared folder is not there")
@pytest.mark.parametrize("name", ["hwr/acute_diagnosis_icd_10_cm", "hwr/surgery_gynecology_cohort",
                                  "ed/johnston_icd10", "pqi/pqi_v2024_value_sets"])  # fmt: skip
def test_published_lists_are_read_whole(name):
    path = SHARED / f"{name}.csv"
    ((_, content, release),) = read_file(path)
    assert len(release.rows) == len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) - 1

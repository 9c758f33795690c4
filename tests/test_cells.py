"""CSV files as spreadsheets leave them: what makes no difference, and what is refused."""

import io

import pytest

from analytics import cells, codes, contracts
from analytics.errors import UnreadableFileError
from analytics.ingest import side

NO_BREAK, NO_WIDTH, MARK = "\u00a0", "\u200b", "\ufeff"


def read(text):
    return cells.read(text.encode(), "my.csv").drop(cells.LINE).rows(named=True)


@pytest.mark.parametrize(
    "text",
    [
        "name,day\nBlue Cross,1\n",
        f"{MARK}name,day\nBlue Cross,1\n",
        "name,day\r\nBlue Cross,1\r\n",
        '"name","day"\r\n"Blue Cross","1"\r\n',
        "Name, DAY \n Blue Cross ,1\t\n",
        f"name{NO_BREAK},day\nBlue{NO_BREAK}Cross{NO_BREAK},1\n",
        f"name,day\n{NO_WIDTH}Blue Cro{NO_WIDTH}ss,1{MARK}\n",
        f"{MARK}{NO_WIDTH}name,day\nBlue\u2003Cross,\u2002001\n".replace("001", "1"),
        'name,day\n"Blue\nCross",1\n',
        'name,day\n"Blue \r\n Cross",1\n',
        "name,day,,\nBlue Cross,1,,\n",
    ],
)
def test_what_a_spreadsheet_adds_means_nothing(text):
    assert read(text) == [{"name": "Blue Cross", "day": "1"}]


def test_a_row_is_known_by_the_line_it_begins_on():
    found = cells.read(b'"na\nme",day\n"a\nb\nc",1\n\nd,"2\n3"\ne,4\n', "my.csv")
    assert found[cells.LINE].to_list() == [3, 6, 7, 9]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,day,name\nx,1,y\n", "line 1: column name is named twice"),
        ("name,day, NAME\nx,1,y\n", "line 1: column name is named twice"),
        ("name,,day\nx,y,1\n", "line 1: column 2 has no name"),
        ("", "is it empty"),
        ("\n\n", "is it empty"),
        ('name,day\n"x,1\n', "a quote not closed"),
        ("name,day\nx,1,2\n", "more cells in a line"),
    ],
)
def test_what_would_be_guessed_is_refused(text, said):
    with pytest.raises(UnreadableFileError, match=r"my\.csv") as caught:
        read(text)
    assert said in str(caught.value)


@pytest.mark.parametrize("table", side.TABLES)
def test_every_side_table_is_read_so(table):
    needed = side.NEEDED[table]
    values = {"amount": "1", "method_code": "FEE", "rate_amount": "1", "payer_name": "Blue Cross"}
    names = [*needed, *(("rate_amount",) if table == "contract_rate" else ())]
    row = [values.get(n, "2026-01-01" if n.endswith("_date") else "1234567893") for n in names]
    plain = f"{','.join(names)}\n{','.join(row)}\n"
    odd = MARK + plain.upper().replace("BLUE CROSS", f'"blue{NO_BREAK}cross{NO_WIDTH}"')
    found = [
        side.read(io.BytesIO(text.encode()), table) for text in (plain, odd.replace("\n", "\r\n"))
    ]
    assert [one.rejected.height for one in found] == [0, 0]
    kept = [[str(cell).lower() for cell in one[table].row(0)] for one in found]
    assert kept[0] == kept[1]
    with pytest.raises(UnreadableFileError, match="named twice"):
        side.read(io.BytesIO(f"{needed[0]},{needed[0].upper()}\n1,2\n".encode()), table)
    with pytest.raises(UnreadableFileError, match=f"needs the columns .*{needed[0]}"):
        side.read(io.BytesIO(b"SMITHFIELD,1950-01-01\n"), table)


def test_a_rule_is_found_for_a_payer_named_with_an_odd_space():
    rows = codes.shipped("prompt_pay_rule").filter(jurisdiction="AL")
    text = rows.write_csv().replace("AL,state", f"Blue{NO_BREAK}Cross{NO_WIDTH},payer")
    found = codes.read("prompt_pay_rule", (MARK + text).encode(), "my.csv")
    assert found["jurisdiction"].to_list() == ["BLUE CROSS"]


@pytest.mark.parametrize(
    "text",
    [
        f'{MARK}sharing_rate = "0.5"\nsides = "one"\n',
        f'sharing_rate{NO_BREAK}= "0.5"\r\nsides = "one{NO_WIDTH}"\r\n',
    ],
)
def test_the_terms_of_a_contract_are_read_so(tmp_path, text):
    (tmp_path / "my.toml").write_bytes(text.encode())
    assert contracts.read_terms(tmp_path / "my.toml").sharing_rate == contracts.terms.decimal(
        "", 0.5
    )

"""The map language: what each form says, and what is said of a mistake."""

import re
from pathlib import Path

import pytest

from analytics.maps import MapError, parse_map

DOCS = Path(__file__).parents[2] / "docs" / "maps.md"
HEAD = '[[file]]\nname = "w"\npattern = "w*.csv"\n[file.columns]\n'
WRITE_OFF = (
    'write_off.patient_control_number = "Acct"\n'
    'write_off.write_off_date = "Day"\n'
    'write_off.amount = "Amt"\n'
)


def part(text):
    return parse_map(text).files[0].parts[0]


def test_the_examples_of_the_page_are_maps():
    blocks = re.findall(r"```toml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    whole = [b for b in blocks if b.startswith("[[file]]")]
    assert len(whole) == 4
    for block in whole:
        assert parse_map(block).files


def test_a_name_alone_is_a_column():
    value = part(HEAD + WRITE_OFF).columns["write_off", "amount"]
    assert (value.kind, value.names) == ("column", ("Amt",))


@pytest.mark.parametrize(
    ("entry", "kind", "names"),
    [
        ('["Mod 1", "Mod 2"]', "group", ("Mod 1", "Mod 2")),
        ('"Mod{n}"', "group", ("Mod{n}",)),
        ('{ first_of = ["A", "B"] }', "first_of", ("A", "B")),
        ('{ constant = "25" }', "constant", ()),
    ],
)
def test_the_forms_of_an_entry(entry, kind, names):
    text = HEAD.replace("[file.columns]", 'grain = "line"\n[file.columns]') + LINE
    value = part(text + f"claim_line.modifiers = {entry}\n").columns["claim_line", "modifiers"]
    assert (value.kind, value.names) == (kind, names)


@pytest.mark.parametrize("said", ['"PMT"', "{}", "{ Type = [] }", "{ Type = [1] }"])
def test_where_of_a_value_names_columns_and_words(said):
    text = HEAD + WRITE_OFF + f'write_off.reason = {{ column = "Why", where = {said} }}\n'
    with pytest.raises(MapError, match=r"line 8.*where"):
        parse_map(text)


def test_where_of_a_value_is_read_by_the_file():
    text = HEAD + WRITE_OFF + 'write_off.reason = { column = "Why", where = { Type = "wo" } }\n'
    assert part(text).columns["write_off", "reason"].where == {"Type": ("WO",)}
    assert "Type" in part(text).names


LINE = """
claim.patient_control_number = "Acct"
claim.claim_type = { constant = "professional" }
claim.submission_date = "Sent"
claim_line.procedure_code = "CPT"
claim_line.billed_amount = "Amt"
claim_line.service_from_date = "DOS"
payer.payer_name = "Payer"
"""


def test_theirs_in_a_map_are_known_without_case():
    entry = 'write_off.reason = { column = "R", map = { small = "SMALL" }, other = "OTHER" }\n'
    value = part(HEAD + WRITE_OFF + entry).columns["write_off", "reason"]
    assert (value.codes, value.other) == ({"SMALL": "SMALL"}, "OTHER")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "says no [[file]]"),
        ("files = 1\n", "did you mean 'file'"),
        (HEAD.replace("pattern", "patern") + WRITE_OFF, "line 3, [[file]] 1 patern: no such"),
        (HEAD + WRITE_OFF.replace("amount", "amont"), "line 7, [[file]] 1 columns.write_off.amont"),
        (HEAD + WRITE_OFF.replace("write_off.", "writeoff."), "did you mean 'write_off'"),
        (HEAD + WRITE_OFF.replace('"Amt"', "5"), "in quotes"),
        (HEAD + WRITE_OFF.replace('"Amt"', '["A", "B"]'), "side by side cannot fill write_off"),
        (HEAD + WRITE_OFF.replace('"Amt"', '{ column = "A", date = "MDY" }'), "is no date"),
        (HEAD + WRITE_OFF.replace('"Day"', '{ column = "A", date = "USA" }'), "MDY, DMY, YMD"),
        (HEAD + WRITE_OFF.replace('"Day"', '{ column = "A", negate = true }'), "is no amount"),
        (HEAD + WRITE_OFF.replace('"Amt"', '{ column = "A", sum = true }'), "nothing of it is add"),
        (HEAD + WRITE_OFF.replace('"Amt"', '{ column = "A", constant = "1" }'), "say one of"),
        (HEAD + WRITE_OFF.replace('"Amt"', '{ column = "A", other = "1" }'), "give a map"),
        (HEAD + WRITE_OFF.replace('"Amt"', '{ column = "A", part = 2 }'), "piece of a split"),
        (HEAD + WRITE_OFF.replace("write_off.amount", "#"), "needs write_off.amount"),
        (HEAD + LINE, "needs grain"),
        ('mode = "replace_period"\n', "says no [[file]]"),
        (HEAD.replace("[file.c", 'mode = "replace_period"\n[file.c') + WRITE_OFF, "go together"),
        (HEAD.replace("[file.c", 'delimiter = "||"\n[file.c') + WRITE_OFF, "is one character"),
        (HEAD.replace("[file.c", 'encoding = "no-8"\n[file.c') + WRITE_OFF, "is no encoding"),
        (HEAD.replace("[file.c", "header_row = 0\n[file.c") + WRITE_OFF, "from 1"),
        (HEAD.replace("[file.c", 'grain = "lines"\n[file.c') + WRITE_OFF, "is one of claim, line"),
        (HEAD + WRITE_OFF + HEAD + WRITE_OFF, "another [[file]] has this name"),
        (HEAD + WRITE_OFF + "[file.controls]\nrows = 2\n", "says where totals are"),
        (HEAD + WRITE_OFF + '[file.controls]\ntrailer = "T"\nrows = "N"\n', "has no names"),
        (HEAD + WRITE_OFF + '[file.keys]\nclaim = ["A"]\n', "no table with a key"),
        (HEAD.replace("[file.c", 'grain = "claim"\n[file.c') + LINE, "else grain = 'line'"),
        ("[[file]\n", "is no TOML"),
    ],
)
def test_a_mistake_is_told_with_its_place(text, said):
    with pytest.raises(MapError, match=re.escape(said)):
        parse_map(text, "map.toml")


def test_all_mistakes_are_told_together():
    with pytest.raises(MapError) as error:
        parse_map(HEAD + WRITE_OFF.replace("amount", "amont") + "x.y = 1\n", "map.toml")
    assert [line.split(":")[0] for line in str(error.value).splitlines()] == [
        "map.toml, line 7, [[file]] 1 columns.write_off.amont",
        "map.toml, line 7, [[file]] 1 columns.write_off",
        "map.toml, line 8, [[file]] 1 columns.x",
    ]


def test_groups_of_a_table_have_one_length():
    text = HEAD.replace("[file.columns]", 'grain = "line"\n[file.columns]') + LINE
    text += 'claim_diagnosis.diagnosis_code = ["D1", "D2"]\nclaim_diagnosis.kind = ["K1"]\n'
    with pytest.raises(MapError, match="has 1 columns where others have 2"):
        parse_map(text)


def test_files_are_known_by_their_names():
    found = parse_map(HEAD + WRITE_OFF)
    names = ["w1.csv", "W.CSV.gz", "box.zip/in/w2.csv", "v.csv"]
    assert [len(found.of(name)) for name in names] == [1, 1, 1, 0]


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000 + "]" * 5000, HEAD + ".".join(["a"] * 3000) + " = 1\n"]
)
def test_a_map_nested_without_end_is_refused(text):
    with pytest.raises(MapError, match=r"too deep|no such table"):
        parse_map(text)


def test_of_very_many_mistakes_some_are_told():
    wrong = "".join(f"write_off.c{n} = 'x'\n" for n in range(20_000))
    with pytest.raises(MapError, match="and 180 or more"):
        parse_map(HEAD + wrong)


@pytest.mark.parametrize("said", ["../x.ctl", "/dev/zero", "a\\b"])
def test_a_control_file_is_beside_its_extract(said):
    with pytest.raises(MapError, match="without folders"):
        parse_map(HEAD + WRITE_OFF + f"[file.controls]\nfile = '{said}'\nrows = 'n'\n")


def test_the_line_of_names_is_one_that_a_file_may_have():
    text = HEAD.replace("[file.columns]", f"header_row = {10**30}\n[file.columns]")
    with pytest.raises(MapError, match="is the line with the names"):
        parse_map(text + WRITE_OFF)


@pytest.mark.parametrize("said", ['"\\u0000"', '";"'])
def test_a_quote_that_no_text_can_have(said):
    settings = f"delimiter = ';'\nquote = {said}\n[file.columns]"
    with pytest.raises(MapError, match=r"line 5, .* quote: is"):
        parse_map(HEAD.replace("[file.columns]", settings) + WRITE_OFF)

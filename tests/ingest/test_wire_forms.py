"""One content written in many ways gives the same rows."""

import codecs
import re
from functools import cache

import pytest
from wire import Wire, interchange, set_
from worlds import claims, everything, reading, remits, stays

PLAIN = Wire()
SEGMENTS = everything()
TEXT = PLAIN.write(SEGMENTS)


@cache
def expected(text: str = TEXT) -> dict[str, list[str]]:
    return reading([text.encode()])


def same(text: str | bytes, content: str = TEXT) -> bool:
    raw = text.encode() if isinstance(text, str) else text
    found, stated = reading([raw]), expected(content)
    for name in stated:
        assert found[name] == stated[name], name
    return set(found) == set(stated)


WIRES = {
    "one line": Wire(line_end=""),
    "CRLF behind terminator": Wire(line_end="\r\n"),
    "blank lines": Wire(line_end="\n\n \n"),
    "blanks around": Wire(line_end="  \n\t "),
    "newline alone": Wire(terminator="\n", line_end=""),
    "CRLF alone": Wire(terminator="\r\n", line_end=""),
    "CR alone": Wire(terminator="\r", line_end=""),
    "other": Wire("|", ">", "!", "'", "\n"),
    "control": Wire("\x1d", "\x1f", "\x1e", "\x1c", ""),
    "low control": Wire("\x02", "\x01", "\x03", "\x04", "\n"),
    "tab": Wire("\t", ">", "!", "~", ""),
    "comma": Wire(",", ";", "!", "|", ""),
    "plus": Wire("+", ":", "!", "'", ""),
    "regex": Wire("^", "\\", "[", "?", ""),
    "caret component": Wire("*", "^", "|", "~", ""),
}


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
def test_any_delimiters(wire):
    assert same(wire.write(SEGMENTS))


@pytest.mark.parametrize("name", ["control", "newline alone", "regex"])
def test_any_delimiters_in_chunks(name):
    assert reading([WIRES[name].write(SEGMENTS).encode()], 1500) == expected()


@pytest.mark.parametrize("chunk", [8 << 20, 1500])
def test_other_delimiters_in_each_interchange(chunk):
    parts = [remits(), claims(), stays(), remits(1)]
    wires = [Wire(), Wire("|", ">", "!", "'", "\n"), WIRES["control"], WIRES["newline alone"]]
    mixed = "".join(wire.write(part) for wire, part in zip(wires, parts, strict=True))
    plain = "".join(PLAIN.write(part) for part in parts)
    assert reading([mixed.encode()], chunk) == reading([plain.encode()])


def wrapped(text: str, width: int, end: str = "\n") -> str:
    return end.join(text[i : i + width] for i in range(0, len(text), width))


ENCODED = {
    "UTF-8 with BOM": TEXT.encode("utf-8-sig"),
    "UTF-16 LE": TEXT.encode("utf-16-le"),
    "UTF-16 BE": TEXT.encode("utf-16-be"),
    "UTF-16 LE with BOM": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "UTF-16 BE with BOM": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
}


@pytest.mark.parametrize("text", ENCODED.values(), ids=ENCODED)
def test_any_encoding(text):
    assert same(text)
    assert reading([text], 2001) == expected()


ONE_LINE = Wire(line_end="").write(SEGMENTS)
FORMS = {
    "wrapped at 80": wrapped(ONE_LINE, 80),
    "wrapped at 80, CRLF": wrapped(ONE_LINE, 80, "\r\n"),
    "wrapped at 80, last line ended": wrapped(ONE_LINE, 80) + "\n",
    "wrapped at 72": wrapped(ONE_LINE, 72),
    "lower-case ids": re.sub(r"^\w+", lambda m: m[0].lower(), TEXT, flags=re.MULTILINE),
    "no last terminator": TEXT.rstrip("~\n"),
    "^Z": TEXT + "\x1a",
    "NULs": TEXT + "\0" * 1000,
    "^Z and blanks": TEXT + " \r\n\x1a\0\0",
    "leading blanks": " \r\n\n\t" + TEXT,
    "empty segments": TEXT.replace("~\n", "~~~\n"),
    "ISA trimmed": re.sub(r" +(?=\*)", "", TEXT),
    "ISA overlong": TEXT.replace("SENDER   ", "SENDER            "),
    "blank before ISA's terminator": re.sub(r"(ISA.*:)~", r"\1 ~", TEXT),
    "extra elements": re.sub(r"(?<!:)~", "*~", TEXT),
    "line end in CLP": TEXT.replace("CLP*", "\nCLP*").replace("SVC*", "\r\n\r\nSVC*"),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_forms_that_real_files_have(text):
    assert same(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("*300*180*20*", "*+300*0180.*20.00*"),
        ("*75.5*0**12*", "*+75.50*0.0**12*"),
        ("*75.5*0**12*", "*0075.5*.0**12*"),
        ("AMT*I*1.50", "AMT*I*+1.5"),
        ("CLP*R2*22*-50*-50*", "CLP*R2*22*-050.*-50.000*"),
        ("CLP*R1*", "CLP* R1 *"),
    ],
)
def test_ways_to_write_an_amount(old, new):
    text = PLAIN.write(remits())
    assert old in text
    assert same(text.replace(old, new), text)


def test_names_in_latin_1_and_utf_8_are_the_same():
    text = PLAIN.write(remits()).replace("DOE*JANE", "DOÉ*JOSÉ")
    assert same(text.encode("latin-1"), text)
    assert "DOÉ" in "".join(expected(text)["patient"])


def test_sets_without_envelope_give_the_same_rows():
    bare = [s for s in remits() if s.split("*")[0] not in ("ISA", "GS", "GE", "IEA")]
    text = "".join(s + "~\n" for s in bare)
    found, stated = reading([text.encode()]), expected(PLAIN.write(remits()))
    for name in ("remit", "remit_claim", "remit_line", "adjustment", "remark"):
        assert without_positions(found[name]) == without_positions(stated[name])


def without_positions(rows: list[str]) -> list[str]:
    return sorted(re.sub(r"\('(record_no|\w+_id)', \d+\)", "", row) for row in rows)


def test_sets_of_two_types_in_one_group_are_read_each_as_its_own():
    mixed = interchange(
        [s for part in (remits(1)[2:-2], claims()[2:-2], remits(1)[2:-2]) for s in part]
    )
    found = reading([PLAIN.write(mixed).encode()])
    assert len(found["remit_claim"]) == 8
    assert len(found["claim"]) == 6


def test_isa_in_a_name_is_data():
    body = "BPR*I*5*C*CHK************20260215\nTRN*1*X*1512345678\nN1*PR*ISA\nN1*PE*ISA*XX*1\n"
    text = PLAIN.write(interchange(set_("835", body + "LX*1\nCLP*ISA*1*5*5\nNM1*QC*1*ISA*ISA")))
    found = reading([text.encode()])
    assert len(found["remit_claim"]) == 1
    assert "'last_name', 'ISA'" in found["patient"][0]

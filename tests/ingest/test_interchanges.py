"""Interchanges of many files put behind one another, wrapped, encoded and cut in any way."""

import codecs
import re
from io import BytesIO

import pytest
from wire import PAYMENT, Wire, interchange, rules, said, set_
from worlds import claims, everything, reading, remits, stays

from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.interchanges import runs
from analytics.ingest.x12.read import Reader
from analytics.ingest.x12.text import blocks

ONE = Wire(line_end="")
PLAIN, LINES = Wire(), Wire(terminator="\n", line_end="")
OTHER, CONTROL = Wire("|", ">", "!", "'", ""), Wire("\x1d", "\x1f", "\x1e", "\x1c", "")
PARTS = [remits(1), claims(), stays()]
TEXT = "".join(PLAIN.write(part) for part in PARTS)
A, B, C = (ONE.write(part) for part in PARTS)
BLOCKS = [13, 61, 997]  # end everywhere: in an ISA, a line end, a character
READ: dict[str, dict[str, list[str]]] = {}


def wrapped(text: str, width: int, end: str = "\n") -> str:
    return end.join(text[i : i + width] for i in range(0, len(text), width))


def long_lines_wrapped(text: str, width: int) -> str:
    return "\n".join(wrapped(line, width) for line in text.split("\n"))


def same(raw: str | bytes, text: str = TEXT) -> bool:
    """Whether the bytes say the same as the text, and are told apart alike in all blocks."""
    if text not in READ:
        READ[text] = reading([text.encode()])
    raw = raw.encode() if isinstance(raw, str) else raw
    found = reading([raw], 4000)
    for name, rows in READ[text].items():
        assert found.pop(name) == rows, name
    whole = told_apart(raw, 8 << 20)
    return not found and all(told_apart(raw, size) == whole for size in BLOCKS)


def told_apart(raw: bytes, size: int) -> list[tuple[Delimiters, bytes]]:
    """The text that is delimited in each way."""
    found: list[tuple[Delimiters, bytes]] = []
    ended = True
    for run in runs(blocks(BytesIO(raw), size)):
        before = b"" if ended else found.pop()[1]
        found.append((run.delimiters, before + run.text))
        ended = run.ends
    return found


LONG = TEXT.replace("SOMETHING", "X" * 150)
WRAPS = {
    # An ISA has its separators at places 3 to 103, ISA16 at 104, and ends at 105.
    **{f"at {n}": wrapped(A + B + C, n) for n in (21, 52, 79, 104, 105, 106, 107, 1000)},
    "at 80 with CR": wrapped(A + B + C, 80, "\r"),
    "at 35 with CRLF": wrapped(A + B + C, 35, "\r\n"),
    "long lines only": long_lines_wrapped(TEXT, 80),
    "each at its own width": "\n".join([wrapped(A, 80), wrapped(B, 72), wrapped(C, 60)]),
    "one of three": A + wrapped(B, 80) + "\n" + PLAIN.write(PARTS[2]),
    "between lines that end segments": LINES.write(PARTS[0]) + wrapped(B, 80) + "\n" + C,
    "before lines that end segments": wrapped(A, 80) + "\n" + LINES.write(PARTS[1]) + C,
    "with other delimiters": wrapped(A + OTHER.write(PARTS[1]) + CONTROL.write(PARTS[2]), 80),
    "without last terminators": "\n".join(wrapped(t.rstrip("~"), 80) for t in (A, B, C)),
    "nor line ends between": "".join(wrapped(t.rstrip("~"), 72) for t in (A, B, C)),
}


@pytest.mark.parametrize("text", WRAPS.values(), ids=WRAPS)
def test_wrapped_lines(text):
    assert same(text)


def test_lines_of_which_only_the_longest_are_wrapped_and_the_isa_is_not():
    assert same(long_lines_wrapped(LONG, 120), LONG)


SECOND = OTHER.write(PARTS[1])
JOINED = {
    "no terminator": A.rstrip("~") + B.rstrip("~") + C,
    "no terminator, other delimiters": A.rstrip("~") + SECOND.rstrip("'") + C,
    "lines, no last line end": LINES.write(PARTS[0]).rstrip() + SECOND + C,
    "^Z and NULs": A + "\x1a" + B + "\x1a\0\0\0" + C + "\x1a",
    "marks of byte order": "\ufeff" + A + "\ufeff" + B + "\ufeff\ufeff" + C,
    "lower-case ids": A + re.sub(r"(ISA|GS|ST)\|", lambda m: m[0].lower(), SECOND) + C,
    "blanks before": " \n" * 50_000 + TEXT,
    "NULs before": "\0" * 100_000 + TEXT,
    "no ISA16": TEXT.replace("*P*:~", "*P*~"),
    "nor its separator": TEXT.replace("*P*:~", "*P~"),
    "no ISA16 in the second": A
    + Wire("|", ":", "!", "'", "").write(PARTS[1]).replace("P|:'", "P|'")
    + C,
}


@pytest.mark.parametrize("text", JOINED.values(), ids=JOINED)
def test_files_put_behind_one_another(text):
    assert same(text)


NAMED = TEXT.replace("DOE*JANE", "DOÉ*JOSÉ")
ENCODED = {
    **{name: NAMED.encode(name) for name in ("utf-8-sig", "utf-16", "utf-32", "utf-16-le")},
    **{name: NAMED.encode(name) for name in ("utf-16-be", "utf-32-le", "utf-32-be", "latin-1")},
    "utf-16-be with mark": codecs.BOM_UTF16_BE + NAMED.encode("utf-16-be"),
    "utf-32-be with mark": codecs.BOM_UTF32_BE + NAMED.encode("utf-32-be"),
    "half a character at the end": NAMED.encode("utf-16") + b"\n",
    "one letter of Latin-1": NAMED.encode().replace("JOSÉ".encode(), b"JOS\xc9", 1),
    "wrapped Latin-1": wrapped(NAMED.replace("\n", ""), 80).encode("latin-1"),
    "wrapped by letters": wrapped(NAMED.replace("\n", ""), 80).encode(),
}


@pytest.mark.parametrize("raw", ENCODED.values(), ids=ENCODED)
def test_encodings_with_letters_beyond_ascii(raw):
    assert same(raw, NAMED)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32-be"])
def test_text_beyond_latin_1(encoding):
    text = TEXT.replace("DOE*JANE", "日本*😀")
    assert same(text.encode(encoding), text)


SET = "".join(s + "~" for s in set_("835", PAYMENT + "LX*1\nCLP*A*1*150*150**12*P"))


@pytest.mark.parametrize("cut", range(len(SET) - 30, len(SET), 5))
@pytest.mark.parametrize("wire", [ONE, OTHER, LINES])
def test_a_file_cut_off_anywhere_does_not_swallow_the_next(wire, cut):
    """The ISA of the next file stands inside the last segment of the one before."""
    first = ONE.write(interchange(set_("835", PAYMENT), control=8)[:2]) + SET[:cut]
    last = said(first + wire.write(remits(1)))["transaction_set"].row(-1, named=True)
    assert (last["isa_control_number"], last["claim_count"]) == ("000000001", 4)


@pytest.mark.parametrize("before", ["CLP*LOST*1*5*5~SE*9*1~GE*1*1~IEA*1*1~", "To whom it may:"])
def test_what_stands_before_the_first_interchange_is_said_to_be_left_out(before):
    found = said(before + TEXT)
    assert rules(found)[0] == ("transaction_set", "segments_outside_sets")
    assert len(found["remit_claim"]) == 4


def test_a_set_without_envelope_before_an_interchange_has_its_own_delimiters():
    found = said(OTHER.write(remits(1)[2:-2]) + TEXT)
    assert len(found["remit_claim"]) == 8


@pytest.mark.parametrize("width", [25, 72, 80])
@pytest.mark.parametrize("begins", [0, 30])
def test_sets_without_envelope_may_be_wrapped_too(width, begins):
    bare = ONE.write(remits(1)[1:])  # its ISA is lost, or the file begins within it
    text = A[begins : len(A) - len(bare)] * bool(begins) + bare
    assert same(wrapped(text, width), text)


def test_a_line_end_in_a_value_of_a_file_that_is_not_wrapped_stays():
    text = PLAIN.write(remits(1)).replace("CLP*R2*22*-50*-50*", "CLP*R2*22*-5\n0*-50*")
    assert ("remit_claim", "amount_unreadable") in rules(said(text), "rejected")


def test_a_note_that_looks_like_an_isa_is_data():
    note = "NTE*ADD*SEE ISA*00*X*00*Y*ZZ*A*ZZ*B*C*D*E*F*G*H*P*:"
    found = said(TEXT.replace("NTE*ADD*SOMETHING", note))
    assert len(found["transaction_set"]) == 3
    assert len(found["claim"]) == len(said(TEXT)["claim"])


def test_many_interchanges_with_delimiters_in_turn_are_read_together():
    """Each alone would be a chunk of its own, and cost as much as a large one."""
    one = interchange(set_("835", PAYMENT + "LX*1\nCLP*A*1*150*150**12*P"))
    found = said((ONE.write(one) + OTHER.write(one)) * 200)
    assert len(found["remit_claim"]) == len(found["transaction_set"]) == 400
    assert not len(found.rejected)


def test_a_terminator_put_in_makes_no_chunk_of_its_own():
    text = (A.rstrip("~") + A).encode()
    assert len(list(Reader().extracts([(0, lambda: BytesIO(text))]))) == 1


def test_an_unknown_level_inside_a_claim_ends_neither_claim_nor_chunk():
    text = PLAIN.write(claims()).replace("LX*2~", "HL*99*1*PT*0~\nLX*2~")
    assert reading([text.encode()], 650) == reading([text.encode()])


def test_blocks_of_a_few_bytes():
    text = PLAIN.write(everything()).encode()
    assert reading([text], 61) == reading([text])

"""Ways to break a file: each of the same seed is the same."""

import gzip
from collections.abc import Callable
from random import Random

from marked import CELLS

Break = Callable[[bytes, Random], bytes]


def _divider(content: bytes) -> bytes:
    return b"~\n" if content.startswith(b"ISA") else b"\n"


def _parts(content: bytes) -> tuple[bytes, list[bytes]]:
    divider = _divider(content)
    return divider, content.split(divider)


def _between(content: bytes) -> bytes:
    head = content.split(_divider(content), 1)[0]
    return max((b"*", b",", b"\t", b"|"), key=head.count)


def cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(1, len(content))]


def drop(content: bytes, random: Random) -> bytes:
    divider, parts = _parts(content)
    del parts[random.randrange(len(parts))]
    return divider.join(parts)


def drop_first(content: bytes, random: Random) -> bytes:  # noqa: ARG001
    """Without its header: the first row of values stands where names are looked for."""
    divider, parts = _parts(content)
    return divider.join(parts[1:])


def twice(content: bytes, random: Random) -> bytes:
    divider, parts = _parts(content)
    parts.insert(random.randrange(len(parts)), random.choice(parts))
    return divider.join(parts)


def whole_twice(content: bytes, random: Random) -> bytes:  # noqa: ARG001
    return content + content


def move(content: bytes, random: Random) -> bytes:
    divider, parts = _parts(content)
    parts.insert(random.randrange(len(parts)), parts.pop(random.randrange(len(parts))))
    return divider.join(parts)


def shuffle(content: bytes, random: Random) -> bytes:
    divider, (first, *rest) = _parts(content)
    random.shuffle(rest)
    return divider.join([first, *rest])


def misplace(content: bytes, random: Random) -> bytes:
    """A patient's value in places of others: amounts, days, codes, ids, names of columns."""
    divider, parts = _parts(content)
    mark = _between(content)
    for _ in range(3):
        at = random.randrange(len(parts))
        cells = parts[at].split(mark)
        cells[random.randrange(len(cells))] = random.choice(CELLS).replace(", ", " ").encode()
        parts[at] = mark.join(cells)
    return divider.join(parts)


def shift(content: bytes, random: Random) -> bytes:
    """A cell too many or too few: all behind it stand in the wrong column."""
    divider, parts = _parts(content)
    mark = _between(content)
    for at in range(random.randrange(len(parts)), len(parts)):
        cells = parts[at].split(mark)
        if len(cells) > 2 and random.random() < 0.5:
            del cells[random.randrange(1, len(cells))]
        else:
            cells.insert(random.randrange(len(cells)), b"x")
        parts[at] = mark.join(cells)
    return divider.join(parts)


def column_lost(content: bytes, random: Random) -> bytes:
    """The header names a column less than the rows have."""
    divider, (first, *rest) = _parts(content)
    mark = _between(content)
    names = first.split(mark)
    del names[random.randrange(len(names))]
    return divider.join([mark.join(names), *rest])


def other_marks(content: bytes, random: Random) -> bytes:
    mark = _between(content)
    return content.replace(mark, random.choice([b";", b"|", b"^", b" ", mark + mark]))


def quotes(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    return content[:at] + random.choice([b'"', b'""', b'"\n', b"'", b'\\"']) + content[at:]


def bytes_lost(content: bytes, random: Random) -> bytes:
    made = bytearray(content)
    for _ in range(random.randrange(1, 12)):
        made[random.randrange(len(made))] = random.choice(b"\x00\xff\x80*~:^\n,|0Z")
    return bytes(made)


def encoding(content: bytes, random: Random) -> bytes:
    text = content.decode("utf-8", "replace").replace("ZQXLAST", "ZQXL\u00c4ST")
    kind = random.choice(["utf-16", "utf-16-le", "utf-32", "latin-1", "cp037"])
    return text.encode(kind, "replace")


def half_encoded(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    return content[:at] + b"\xff\xfe\xe9" + content[at:]


def packed_and_harmed(content: bytes, random: Random) -> bytes:
    made = bytearray(gzip.compress(content, mtime=0))
    made[random.randrange(10, len(made))] ^= 0x55
    return bytes(made)


def one_line(content: bytes, random: Random) -> bytes:  # noqa: ARG001
    return content.replace(b"\n", b"")


def numbers_as_words(content: bytes, random: Random) -> bytes:
    """Amounts and days that are words of a person."""
    word = random.choice(CELLS).encode()
    for number in (b"100", b"20260103", b"2026-03-01", b"2025-01-01", b"$100.00", b"80.00"):
        if random.random() < 0.6:
            content = content.replace(number, word.replace(b", ", b" "))
    return content


WAYS: dict[str, Break] = {
    made.__name__: made
    for made in (
        cut, drop, drop_first, twice, whole_twice, move, shuffle, misplace, shift, column_lost,
        other_marks, quotes, bytes_lost, encoding, half_encoded, packed_and_harmed, one_line,
        numbers_as_words,
    )
}  # fmt: skip


def broken(name: str, content: bytes, way: str, seed: int) -> bytes:
    """The file broken in that way; the same arguments give the same bytes."""
    return WAYS[way](content, Random(f"{name} {way} {seed}")) or b" "  # noqa: S311

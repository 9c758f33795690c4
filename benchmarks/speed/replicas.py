"""Many claims from few: a sample's files again and again, each time of other people and claims."""

import re
import shutil
from pathlib import Path

# Numbers of claims, payments and authorizations, and members: letters, then seven digits or more.
_NUMBER = re.compile(rb"(?<![A-Za-z0-9])([A-Z]{2,5})(?=\d{7})")
_BATCH = re.compile(rb"(BHT\W\d{4}\W\d\d\W|TRN\W2\W|TRN\W1\WR)(?=\d{12})")
_SENDER = re.compile(rb"SAMPLESENDER(?:  (?= )|(?! ))")  # ISA06 keeps its length
_RECEIVER = re.compile(rb"SAMPLERECEIVER")  # who sends acknowledgements; it keeps its length
_OWN = ("appeal.csv", "write_off.csv", "patient_payment.csv", "eligibility.csv")


def base(folder: str, claims: int) -> None:
    """The sample that all are made from."""
    from analytics import sample

    sample.write(Path(folder), claims=claims, with_truth=False)
    for name in ("extracts", "broken"):  # they hold some of its claims once more
        shutil.rmtree(Path(folder) / name, ignore_errors=True)


def replica(source: str, target: str, number: int) -> int:
    """Writes the files of `source` under other numbers; tells their bytes.

    Maps and rates are those of all, and are in the first one only.
    """
    size = 0
    for path in sorted(Path(source).rglob("*")):
        name = path.relative_to(source)
        if path.suffix == ".edi" or path.name in _OWN:
            text = _renumbered(path.read_bytes(), b"%02d" % number)
        elif path.suffix == ".csv" and number == 1:
            text = path.read_bytes()
        else:
            continue
        (Path(target) / name).parent.mkdir(parents=True, exist_ok=True)
        size += (Path(target) / name).write_bytes(text)
    return size


def _renumbered(text: bytes, mark: bytes) -> bytes:
    text = _NUMBER.sub(rb"\g<1>" + mark, text)
    text = _BATCH.sub(rb"\g<1>" + mark, text)
    text = _RECEIVER.sub(b"SAMPLERECEIV" + mark, text)
    return _SENDER.sub(b"SAMPLESENDER" + mark, text)


STEPS = {"base": base, "replica": replica}

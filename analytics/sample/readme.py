"""The notes that go with a sample."""

from pathlib import Path

README = """# Sample data

All people, members, providers, payers and amounts in this folder are invented. Names are made of
words that nobody bears, member numbers start with `SMP`, and provider numbers belong to nobody.
It was made by the generator in `analytics/sample` (`revcycle sample`): the same arguments give
the same bytes.

| path | what it is |
|---|---|
| `837/` | claims sent: one file a month for professional (837P) and institutional (837I) claims |
| `835/` | answers: Medicare one file a payment, other payers one file a month |
| `277/`, `999/` | what a clearinghouse said of the claims sent, a file a month |
| `eligibility.csv` | who was covered when, by which payer |
| `roster.csv` | providers in the network |
| `payer_map.csv` | payers as named in the files, and the name to report under |
| `provider_map.csv` | names, specialties and facilities of most providers |
| `contract_rate.csv` | what payers agreed to allow; one agreed nothing |
| `write_off.csv` | what the office gave up, most of it denied |
| `appeal.csv` | denials appealed, and the decisions |
| `patient_payment.csv` | what patients paid of their share, and what went back to them |
| `extracts/` | parts of it as exports of other systems, each with the column map that loads it |
| `truth.json` | the right answers, from the generator's own events |
| `broken/` | small damaged files and what to expect of each |

`.revcycleignore` lists what is left out when this folder is loaded: `broken/`, `extracts/`
(they repeat what the X12 files say), `truth.json` and this page.

One payer denies one procedure with one modifier far more than others do, from some month on: find
it, or have `revcycle show coding_patterns` find it, then look under `planted_pattern` in
`truth.json`.

"""
IGNORED = "broken/\nextracts/\ntruth.json\nREADME.md\n"


def write(folder: Path, claims: int, seed: int) -> None:
    """Writes README.md and the list of names that loading leaves out."""
    made = f"Made with {claims:,} claims and seed {seed}.\n"
    (folder / "README.md").write_text(README + made, "utf-8")
    (folder / ".revcycleignore").write_text(IGNORED, "utf-8")

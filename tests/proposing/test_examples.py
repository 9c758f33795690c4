"""The page's examples are those of the sample, and so are its commands."""

import re
from pathlib import Path

from analytics.maps import read_map
from analytics.proposing import propose
from analytics.trial import try_map

ROOT = Path(__file__).parents[2]
EXTRACTS = ROOT / "sample_data" / "extracts"
PAGE = (ROOT / "docs" / "maps.md").read_text()
FILES = {p.stem: p for p in EXTRACTS.iterdir() if p.suffix != ".toml"}


def test_what_the_page_quotes_of_the_maps_is_in_them():
    examples = PAGE[PAGE.index("## Three examples") :]
    blocks = re.findall(r"```toml\n(.*?)```", examples, re.DOTALL)
    quoted = [line for block in blocks for line in block.splitlines()]
    said = "\n".join(path.read_text() for path in EXTRACTS.glob("*.toml"))
    assert len(quoted) > 10
    assert not [line for line in quoted if line not in said]


def test_every_column_that_a_map_of_the_sample_names_is_found_by_the_proposal():
    """The proposal of each agrees with the map made by hand, but for few columns."""
    for name, path in FILES.items():
        (own,) = read_map(EXTRACTS / f"{name}.toml").files
        by_hand = {n: target for target, v in own.parts[0].columns.items() for n in v.names}
        proposal = propose(path)
        guessed = {
            entry.reading.column.name: entry.target for entry in proposal.entries if entry.reading
        }
        both = by_hand.keys() & guessed.keys()
        right = [n for n in both if by_hand[n] == guessed[n]]
        assert len(right) >= 0.9 * len(by_hand), (name, by_hand.items() - guessed.items())
        assert proposal.shape.grain == own.parts[0].grain


def test_a_trial_says_what_a_load_would():
    trial = try_map(EXTRACTS / "denial_log.toml", EXTRACTS)
    assert trial.report.files[0].extract_rows == 104
    rows = {table: n for _, table, n, _ in trial.loaded.iter_rows()}
    assert (rows["remit_claim"], rows["adjustment"]) == (48, 104)
    assert set(trial.unnamed) == {"billing_export.csv", "remittance_export.txt"}
    assert not trial.is_clean
    assert try_map(EXTRACTS / "denial_log.toml", FILES["denial_log"]).is_clean


def test_a_trial_names_what_is_kept_out_by_rule_and_column(tmp_path):
    text = FILES["denial_log"].read_text().replace("$212.50\tOA-18\t$212.50", "$212.50\tOA-18\tx")
    (tmp_path / "denial_log.tsv").write_text(text)
    trial = try_map(EXTRACTS / "denial_log.toml", tmp_path)
    found = trial.rejected.filter(rule="amount_unreadable").to_dicts()
    assert [(row["column_name"], row["first_row"]) for row in found] == [("Denied Amt", 2)]

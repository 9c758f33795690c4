"""Every public sample is loaded, or named here with the reason why it cannot be."""

from pathlib import Path

import pytest

from analytics.database import Database
from analytics.loader import load

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not DATA.exists(), reason="the shared folder is not there")
NOT_LOADED = {
    "INDEX.md": "a list of the others",
    "cclf_": "layouts of CCLF, no records",
    "SYNTHETIC_CLM_ANSI_SGNTR.csv": "sets of reason codes, no claims",
    "Claim.ndjson": "claims before adjudication, without money paid",
    "ClaimResponse.ndjson": "what became of such claims, in codes",
    "-Sample.json": "records of CMS's own store (IDR), which no payer delivers; of random codes",
    "sample-u-bcarrier.txt": "its row has fewer columns than its header, as it was published",
}


@needs_shared
@pytest.mark.long
def test_every_sample_is_loaded_or_named():
    paths = [path for path in sorted(DATA.rglob("*")) if path.is_file()]
    with Database() as db:
        report = load(db, paths)
    used = {"loaded", "already loaded"}
    left = sorted(f.name for f in report.files if f.outcome not in used)
    assert len(report.files) == len(paths)
    named = {name for name in left for part in NOT_LOADED if part in name}
    assert set(left) == named
    idle = {part for part in NOT_LOADED if not any(part in name for name in left)}
    assert not idle

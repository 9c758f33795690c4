from pathlib import Path

import pytest

from analytics import sample

CLAIMS = 2500


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sample")
    sample.write(target, claims=CLAIMS, seed=11)
    return target

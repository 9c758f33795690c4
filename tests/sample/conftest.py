from pathlib import Path

import pytest
from sample_lives import tale

from analytics import sample
from analytics.sample.story import Story

CLAIMS = 2500


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sample")
    sample.write(target, claims=CLAIMS, seed=11)
    return target


@pytest.fixture
def story() -> Story:
    """A claim sent and not yet answered."""
    return tale()

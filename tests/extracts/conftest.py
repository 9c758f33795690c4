"""A database and a folder for each test."""

import pytest
from extract_worlds import World


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)

"""What reading does to Python's memory is undone when it ends."""

import gc
from io import BytesIO

import pytest
from wire import Wire
from worlds import everything

from analytics.ingest.x12.read import Reader


@pytest.fixture
def reading():
    text = Wire().write(everything()).encode()
    return Reader().extracts([(0, lambda: BytesIO(text))])


def test_nothing_stays_out_of_the_search_for_circles(reading):
    assert gc.get_freeze_count() == 0
    next(reading)
    assert gc.get_freeze_count() > 0
    assert not list(reading)
    assert gc.get_freeze_count() == 0


def test_nor_where_reading_is_given_up(reading):
    next(reading)
    reading.close()
    assert gc.get_freeze_count() == 0


def test_what_others_froze_stays_frozen(reading):
    gc.freeze()
    try:
        list(reading)
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()

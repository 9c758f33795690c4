"""Facts as they stand, to be held against others."""

from analytics import facts


def told(db):
    """Every fact as it stands."""
    return {name: db.sql(f"FROM {name} ORDER BY ALL") for name in sorted(facts.NAMES)}


def assert_same(found, expected):
    for name, frame in expected.items():
        assert found[name].equals(frame), name

"""How long records are kept: rules with their sources, legal holds, and what stands where."""

from analytics.retention.holds import holds, place, release
from analytics.retention.rules import Rules, RulesError, read_rules, shipped_text
from analytics.retention.standing import status

__all__ = [
    "Rules",
    "RulesError",
    "holds",
    "place",
    "read_rules",
    "release",
    "shipped_text",
    "status",
]

"""How long records are kept: rules and their sources, legal holds, what stands where, purges."""

from analytics.retention.certificate import certificate, certificates, in_words
from analytics.retention.holds import holds, place, release
from analytics.retention.plan import Plan, plan
from analytics.retention.purging import Purged, purge
from analytics.retention.rules import Rules, RulesError, read_rules, shipped_text
from analytics.retention.standing import status

__all__ = [
    "Plan",
    "Purged",
    "Rules",
    "RulesError",
    "certificate",
    "certificates",
    "holds",
    "in_words",
    "place",
    "plan",
    "purge",
    "read_rules",
    "release",
    "shipped_text",
    "status",
]

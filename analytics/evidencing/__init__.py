"""The audit pull: all that the files say of one claim, in one page that bears who looks at it.

A claim is found by its number, its facts are asked for, and its segments read again from the
files; what names people in them is hidden unless it is asked for.
"""

from analytics.evidencing.claims import SeveralClaimsError
from analytics.evidencing.gathering import Evidence, evidence, gather
from analytics.evidencing.saving import FORMATS, save

__all__ = ["FORMATS", "Evidence", "SeveralClaimsError", "evidence", "gather", "save"]

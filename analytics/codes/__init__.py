"""The code maps: what adjustment, remark and provider-level codes mean.  Data, not program.

Maps come with the library, in our own words; a user can export one, edit it and load it.
"""

from analytics.codes.file import CodeMapError, read
from analytics.codes.shipped import MAPS, CodeMap, shipped, version_of
from analytics.codes.store import HELD, described, in_use, put, refresh

__all__ = [
    "HELD",
    "MAPS",
    "CodeMap",
    "CodeMapError",
    "described",
    "in_use",
    "put",
    "read",
    "refresh",
    "shipped",
    "version_of",
]

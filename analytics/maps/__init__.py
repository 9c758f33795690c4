"""Column maps: what the columns of a user's extract are in our tables, written in TOML.

The language is told in docs/maps.md.
"""

from analytics.maps.language import Controls, FileMap, Map, Part, Value
from analytics.maps.problems import MapError
from analytics.maps.reading import parse_map, read_map

__all__ = ["Controls", "FileMap", "Map", "MapError", "Part", "Value", "parse_map", "read_map"]

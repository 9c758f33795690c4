"""A de-identified copy of a database, in which metrics still run."""

from analytics.deidentifying.copying import Treated
from analytics.deidentifying.declared import areas_of, unequal
from analytics.deidentifying.making import Deidentified, deidentify
from analytics.deidentifying.plan import Dates, Level
from analytics.deidentifying.told import beware, page, summary, text, to_dict

__all__ = [
    "Dates",
    "Deidentified",
    "Level",
    "Treated",
    "areas_of",
    "beware",
    "deidentify",
    "page",
    "summary",
    "text",
    "to_dict",
    "unequal",
]

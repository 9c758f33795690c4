"""The queries of a report's head, its list of inputs and its checks: constants of modules."""

import re

from analytics import copies, reconcile, reference
from analytics.report import inputs

_OF_MAPS = {(reference, name) for name in ("_SIDE", "_PUBLISHED", "_HELD")}  # `reference list`
QUERIES = {
    f"{module.__name__}{name}": query
    for module in (reconcile, reference, copies, inputs)
    for name, query in vars(module).items()
    if isinstance(query, str)
    and re.match(r"\s*(SELECT|WITH)\b", query)
    and (module, name) not in _OF_MAPS
}

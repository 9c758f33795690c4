"""A metric as studies take it: itself, or its name in the catalogue."""

from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics._metric import Metric


def named(metric: Metric | str) -> Metric:
    """The metric, looked up in the catalogue where its name is given.

    Raises `UnknownNameError` for a name that is not there, `BadQueryError` for what is neither.
    """
    from analytics.metrics import CATALOGUE  # here: the catalogue stands beside the studies

    if isinstance(metric, str):
        if metric not in CATALOGUE:
            raise UnknownNameError("metric", metric, CATALOGUE)
        return CATALOGUE[metric]
    if not isinstance(metric, Metric):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise BadQueryError("give a metric, or its name in the catalogue: revcycle metrics")
    return metric

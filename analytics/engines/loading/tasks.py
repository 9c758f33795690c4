"""Work in the tasks of a Spark session: one piece of work a task, what each says brought back."""

import pickle
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from analytics.engines import spark_modules
from analytics.errors import DatabaseError

_Work = TypeVar("_Work")
_RAISED = re.compile(r"^([\w.]*(?:Error|Exception))(?::|$)", re.MULTILINE)  # in a traceback


def run(session: Any, items: Sequence[_Work], work: Callable[[_Work], Any]) -> list[Any]:
    """What `work` says of each item, in their order.

    A task that is lost runs again, perhaps twice at a time: of each item one answer is taken.  So
    work writes under names of its own, and what counts is what the answers name.
    Raises DatabaseError where Spark gives up.
    """
    if not items:
        return []

    def told(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        for batch in batches:
            numbers: list[int] = batch.column(0).to_pylist()
            said = [pickle.dumps((n, work(items[n]))) for n in numbers]
            yield pa.RecordBatch.from_pydict({"said": pa.array(said, pa.binary())})

    numbers = session.range(0, len(items), 1, len(items))
    try:
        found = numbers.mapInArrow(told, "said BINARY").toArrow()
    except spark_modules.errors().PySparkException as error:
        raise DatabaseError(f"reading failed on the cluster: {_kind(error)}") from None
    # As Spark's own results are: only our tasks wrote them.
    answers = dict(pickle.loads(said) for said in found.column("said").to_pylist())  # noqa: S301
    return [answers[n] for n in range(len(items))]


def _kind(error: Any) -> str:
    """What failed, without the message: that may quote a value."""
    raised = _RAISED.findall(str(error))
    if "ModuleNotFoundError" in raised:
        return "this library is missing on a worker (PYSPARK_PYTHON names its Python)"
    return raised[-1] if raised else str(error.getCondition() or type(error).__name__)

"""A session of Spark for as long as a command or report needs one."""

import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analytics.engines.address import Address
from analytics.engines.tables import quiet
from analytics.errors import AnalyticsError, DatabaseError

# Of a session of ours: Spark's pages tell queries with their values to who asks.
_SETTINGS = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}


@contextmanager
def session(engine: str) -> Generator[Any]:
    """A session at an address (`address.FORMS`), ended afterwards.

    Its settings are Spark's own: `spark-defaults.conf` in SPARK_CONF_DIR, and for a Connect server
    SPARK_CONNECT_AUTHENTICATE_TOKEN.  Where this process has a session of the same master, its
    context is used, with views of its own, and goes on.

    Raises AnalyticsError where the address is of no form or nothing answers there, pyspark or Java
    is missing, or this process runs another Spark; DatabaseError where Spark does not start.
    """
    address = Address.of(engine)
    _check(address)
    with ExitStack() as stack:
        try:
            made = _connected(address) if address.is_connect else _classic(address, stack)
        except AnalyticsError:
            raise
        except Exception as error:  # noqa: BLE001  # of Py4J, gRPC or Spark, which are extras
            # Its words may hold the address with a token, or be a page of Java.
            told = type(error).__name__
            raise DatabaseError(f"Spark does not start at {address.shown}: {told}") from None
        if address.is_connect:
            stack.callback(_stop, made)
        yield made


def _check(address: Address) -> None:
    needed = ("pyspark", "grpc") if address.is_connect else ("pyspark",)
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise AnalyticsError(
            f"Spark needs {missing[0]}, which is not installed: pip install 'revcycle[spark]'"
        )
    java = os.environ.get("JAVA_HOME")
    is_there = Path(java, "bin").exists() if java else shutil.which("java")
    if not address.is_connect and not is_there:
        raise AnalyticsError(
            f"Spark at {address.shown} needs Java 17 or later on this machine: install it, or ask a"
            " server by sc://"
        )
    address.reach()


def _connected(address: Address) -> Any:
    made = import_module("pyspark.sql.connect.session").SparkSession
    with quiet():
        session = made.builder.remote(address.text).create()
        session.version  # noqa: B018  # asks the server: a wrong token is told now
    return session


def _classic(address: Address, stack: ExitStack) -> Any:
    made = import_module("pyspark.sql").SparkSession
    running = import_module("pyspark").SparkContext._active_spark_context  # noqa: SLF001  # only there
    if running is not None:
        if running.master != address.text:
            raise AnalyticsError(
                f"this process runs Spark at {Address(running.master).shown}: ask that one, or end"
                " it first"
            )
        return made(running).newSession()
    place = stack.enter_context(tempfile.TemporaryDirectory(prefix="rc-spark-"))
    builder = made.builder.master(address.text).appName("revcycle")
    for key, value in {**_SETTINGS, "spark.sql.warehouse.dir": place}.items():
        builder = builder.config(key, value)
    if not address.places:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # of tasks, which are ours
    with _speechless():
        session = builder.getOrCreate()
    stack.callback(_stop, session)
    return session


def _stop(session: Any) -> None:
    """End it; where its Java is gone, as a kernel's that is told to end, nothing is left to do."""
    with quiet(), suppress(Exception):
        session.stop()


@contextmanager
def _speechless() -> Generator[None]:
    """A program started meanwhile says nothing here, ever: what Java logs quotes rows."""
    kept, interrupt = [os.dup(number) for number in (1, 2)], signal.getsignal(signal.SIGINT)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in (1, 2):
            os.dup2(nowhere, number)
        yield
    finally:
        for number, before in zip((1, 2), kept, strict=True):
            os.dup2(before, number)
            os.close(before)
        os.close(nowhere)
        if interrupt and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, interrupt)  # Spark's own would not let a kernel end

"""A Spark master, workers and a Connect server, each a process of its own on loopback."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from small import JVM

PATIENCE = 120  # seconds for a process to say that it is ready


@dataclass
class Cluster:
    """Processes by name; `url` is what a thin client asks, `master` what a classic one does."""

    folder: Path
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    url: str = ""
    master: str = ""

    def start(self, name: str, *command: str) -> None:
        """Start a Java class of Spark's, in a group of its own with all it starts."""
        import pyspark

        run = Path(pyspark.__file__).parent / "bin" / "spark-class"
        with (self.folder / f"{name}.log").open("w") as log:
            self.processes[name] = subprocess.Popen(
                [run, *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=os.environ
                | {
                    "SPARK_LOCAL_IP": "127.0.0.1",
                    "SPARK_DAEMON_MEMORY": "1g" if name == "server" else "256m",
                    "SPARK_DAEMON_JAVA_OPTS": f"{JVM} -Dspark.master.rest.enabled=false",
                },
            )

    def wait(self, name: str, words: str) -> None:
        """Wait until the process has said these words."""
        end = time.monotonic() + PATIENCE
        while words not in (said := (self.folder / f"{name}.log").read_text()):
            assert self.processes[name].poll() is None, f"{name} has ended: {said[-2000:]}"
            assert time.monotonic() < end, f"{name} is not ready: {said[-2000:]}"
            time.sleep(0.2)

    def kill(self, name: str) -> None:
        """End a process and what it has started, at once: they can say nothing more."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def cluster(folder: Path, settings: dict[str, str]) -> Iterator[Cluster]:
    """A master, two workers of one core each, and a server whose queries run there."""
    made = Cluster(folder)
    try:
        master, port = free_port(), free_port()
        address = f"spark://127.0.0.1:{master}"
        web = ("--webui-port", "0")
        made.start("master", _MASTER, "--host", "127.0.0.1", "--port", str(master), *web)
        made.wait("master", "New state: ALIVE")
        for name in ("one", "two"):
            size = ("-c", "1", "-m", "768m", "-d", str(folder / name))
            made.start(name, _WORKER, "--host", "127.0.0.1", *web, *size, address)
        for name in ("one", "two"):
            made.wait(name, "Successfully registered with master")
        said = {**settings, "spark.connect.grpc.binding.port": str(port)}
        listed = [word for key, value in said.items() for word in ("--conf", f"{key}={value}")]
        made.start("server", _SUBMIT, "--master", address, *listed, "--class", _SERVER, _INSIDE)
        made.wait("server", "Spark Connect server started")
        made.master = address
        made.url = f"sc://127.0.0.1:{port}"
        yield made
    finally:
        for name in list(made.processes):
            made.kill(name)


_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"
_SUBMIT = "org.apache.spark.deploy.SparkSubmit"
_SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
_INSIDE = "spark-internal"  # the class comes with Spark


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]

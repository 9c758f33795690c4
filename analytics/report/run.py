"""Runs a notebook in a fresh kernel of this very interpreter, and says plainly what failed."""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

import analytics
from analytics import suppression
from analytics.errors import AnalyticsError, UnknownNameError
from analytics.report.parameters import injected

START = "from analytics import kernel as _kernel\n_kernel.start({!r})"
MOST_OF_A_SOCKET_PATH = 80  # systems allow about 100 letters in all
# Messages of these say what is wrong with the program; of others, they may quote a row.
PLAIN = {"AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "SyntaxError"}


class ReportError(AnalyticsError):
    """A report could not be made."""


class ThisInterpreter(KernelSpecManager):
    """Kernels that run where the library runs, whatever kernels are installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The one kernel there is, under any name."""
        launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        options = ["--HistoryManager.enabled=False", "--log-level=CRITICAL"]
        return KernelSpec(argv=[*launch, *options], display_name=kernel_name, language="python")


def read(source: Path) -> Any:
    """The notebook in a file.  Raises `ReportError` where there is none."""
    if not source.is_file():
        raise ReportError(f"no such notebook: {source}")
    try:
        return nbformat.read(source, as_version=4)  # pyright: ignore[reportUnknownVariableType]
    except (ValueError, AttributeError, nbformat.ValidationError):
        raise ReportError(f"{source} is not a Jupyter notebook") from None


def run(
    book: Any,
    source: Path,
    *,
    timeout: int,
    small_cells: str = suppression.HIDE,
    progress: Callable[[int, int], None] | None = None,
) -> Any:
    """The notebook with its outputs, those of few people as `small_cells` says.

    Raises:
        ReportError: A cell failed, took longer than `timeout` seconds, or the kernel died.
    """
    book.cells.insert(0, injected(START.format(small_cells)))
    book.cells.append(injected("_kernel.end()"))
    watch = _Watch(book, source.name, progress)
    with tempfile.TemporaryDirectory(prefix="rc-") as private:
        client = _client(book, source, Path(private), timeout)
        client.on_cell_start, client.on_cell_executed = watch.started, watch.executed
        try:
            # The manager is ours, so the client ends its kernel only when told to.
            _wait(client.async_execute(env=_environment(Path(private)), cleanup_kc=True))
        except CellExecutionError as error:
            message = f"failed: {error.ename}{_safe(error.ename, error.evalue)}"
            raise ReportError(f"{watch.where} {message}") from None
        except CellTimeoutError:
            raise ReportError(f"{watch.where} took longer than {timeout} seconds") from None
        except DeadKernelError:
            raise ReportError(
                f"{watch.where}: the process died, often of too little memory"
            ) from None
    return book


@dataclass(slots=True)
class _Watch:
    """Follows the run: tells progress, and remembers which cell is running."""

    book: Any
    notebook: str
    progress: Callable[[int, int], None] | None
    done: int = 0
    place: int = 0

    def started(self, *, cell_index: int, **_: Any) -> None:
        self.place = cell_index

    def executed(self, **_: Any) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, sum(cell.cell_type == "code" for cell in self.book.cells))

    @property
    def where(self) -> str:
        """The running cell: its number in the file and the heading it stands under."""
        before = [c for c in self.book.cells[: self.place + 1] if not _is_injected(c)]
        prose = [cell.source for cell in before if cell.cell_type == "markdown"]
        headings = re.findall(r"(?m)^#+ (.+)$", "\n".join(prose))
        under = f" (under {headings[-1]!r})" if headings else ""
        return f"{self.notebook}: cell {len(before)}{under}"


def _is_injected(cell: Any) -> bool:
    return "injected" in cell.metadata.get("tags", ())


def _wait(work: Coroutine[Any, Any, Any]) -> None:
    """Runs `work` to its end in a thread of its own: a notebook's loop is running in the main one.

    There the client cannot catch signals either, which it does not survive: an interrupt reaches
    the caller as ever, once the kernel has ended.
    """
    started: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = []

    async def followed() -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        started.append((asyncio.get_running_loop(), task))
        await work

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(asyncio.run, followed())
        try:
            future.result()
        except KeyboardInterrupt:
            for loop, task in started:
                with suppress(RuntimeError):  # it has ended: the kernel was interrupted as well
                    loop.call_soon_threadsafe(task.cancel)
            raise


def _client(book: Any, source: Path, private: Path, timeout: int) -> NotebookClient:
    manager = AsyncKernelManager(
        kernel_spec_manager=ThisInterpreter(), connection_file=str(private / "kernel.json")
    )
    if os.name == "posix" and len(str(private)) < MOST_OF_A_SOCKET_PATH:
        # Sockets in a private folder: no ports to race for when several reports run at once.
        manager.transport, manager.ip = "ipc", str(private / "s")

    def limit(cell: Any) -> int | None:
        return None if _is_injected(cell) else timeout

    return NotebookClient(
        book,
        km=manager,
        timeout_func=limit,
        resources={"metadata": {"path": str(source.resolve().parent)}},
    )


def _environment(private: Path) -> dict[str, str]:
    """The caller's, with this library importable and no settings or history of the user's."""
    package = str(Path(analytics.__file__).resolve().parents[1])
    known = [
        str(Path(p).resolve()) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p
    ]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(dict.fromkeys([package, *known])),
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(private),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _safe(name: str, message: str) -> str:
    """The message's first line, if it is ours or about the program: others may quote a row."""
    ours = {kind.__name__ for kind in _all_kinds(AnalyticsError)}
    if name not in PLAIN | ours:
        return " (message withheld: it may quote data; run the notebook to see it)"
    return f": {message.strip().splitlines()[0][:300]}" if message.strip() else ""


def _all_kinds(kind: type) -> set[type]:
    return {kind, UnknownNameError}.union(*map(_all_kinds, kind.__subclasses__()))

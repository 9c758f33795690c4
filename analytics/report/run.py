"""Runs a notebook in a fresh kernel of this very interpreter, and says plainly what failed."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

import analytics
from analytics.errors import AnalyticsError, UnknownNameError

START = "from analytics.report import kernel as _kernel\n_kernel.start()"
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


def run(
    book: Any,
    source: Path,
    *,
    timeout: int,
    progress: Callable[[int, int], None] | None = None,
) -> Any:
    """The notebook with its outputs.

    Raises:
        ReportError: A cell failed, took longer than `timeout` seconds, or the kernel died.
    """
    book.cells.insert(0, nbformat.v4.new_code_cell(START, metadata={"tags": ["injected"]}))
    with tempfile.TemporaryDirectory(prefix="rc-") as private:
        client = _client(book, source, Path(private), timeout)
        _report_progress(client, book, progress)
        try:
            client.execute(env=_environment(Path(private)))
        except CellExecutionError as error:
            raise ReportError(_failed(book, source, error.ename, error.evalue)) from None
        except CellTimeoutError:
            message = f"took longer than {timeout} seconds"
            raise ReportError(f"{source.name}: {_where(book)} {message}") from None
        except DeadKernelError:
            message = "the process died; often too little memory"
            raise ReportError(f"{source.name}: {_where(book)}: {message}") from None
    return book


def _client(book: Any, source: Path, private: Path, timeout: int) -> NotebookClient:
    manager = AsyncKernelManager(
        kernel_spec_manager=ThisInterpreter(), connection_file=str(private / "kernel.json")
    )
    if os.name == "posix":
        # Sockets in a private folder: no ports to race for when several reports run at once.
        manager.transport, manager.ip = "ipc", str(private / "s")
    return NotebookClient(
        book,
        km=manager,
        timeout=timeout,
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


def _report_progress(
    client: NotebookClient, book: Any, progress: Callable[[int, int], None] | None
) -> None:
    total = sum(cell.cell_type == "code" for cell in book.cells)
    done = 0

    def executed(**_: Any) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    client.on_cell_executed = executed


def _failed(book: Any, source: Path, name: str, message: str) -> str:
    return f"{source.name}: {_where(book)} failed: {name}{_safe(name, message)}"


def _safe(name: str, message: str) -> str:
    """The message's first line, if it is ours or about the program: others may quote a row."""
    ours = {kind.__name__ for kind in _all_kinds(AnalyticsError)}
    if name not in PLAIN | ours:
        return " (message withheld: it may quote data; run the notebook to see it)"
    return f": {message.strip().splitlines()[0][:300]}" if message.strip() else ""


def _all_kinds(kind: type) -> set[type]:
    return {kind, UnknownNameError}.union(*map(_all_kinds, kind.__subclasses__()))


def _where(book: Any) -> str:
    """The cell that ran last, by its number in the file and the heading it stands under."""
    cells = [cell for cell in book.cells if "injected" not in cell.metadata.get("tags", ())]
    ran = [i for i, cell in enumerate(cells) if cell.get("execution_count") or cell.get("outputs")]
    last = max(ran, default=0)
    headings = [
        line.lstrip("# ")
        for cell in cells[: last + 1]
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]
    return f"cell {last + 1}" + (f" (under {headings[-1]!r})" if headings else "")

"""Commands run in processes of their own, to be killed, starved of room or kept from writing.

A process that has imported all forks for each command: to start Python anew takes longer than
most of them do.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import analytics

_SERVER = """
import json, os, resource, signal, sys, time, traceback
import analytics.cli, analytics.report
main = analytics.cli.main
print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child:
        began = time.monotonic()
        if asked["after"] is not None:
            time.sleep(asked["after"])
            os.kill(child, signal.SIGKILL)  # one that has ended is a zombie until waited for
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        took = time.monotonic() - began
        try:
            os.killpg(child, signal.SIGKILL)  # what it left running, as the kernel of a report
        except ProcessLookupError:
            pass
        print(json.dumps([code, took]), flush=True)
        continue
    os.setsid()
    os.chdir(asked["folder"])
    os.umask(0o022)
    os.environ.update(asked["environment"])
    said = os.open(asked["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(said, 1)
    os.dup2(said, 2)
    if asked["most"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["most"], asked["most"]))
    sys.argv = ["revcycle", *asked["words"]]
    code = 1
    try:
        main()
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code (below 0: the signal), what it said, its seconds."""

    code: int
    said: str
    seconds: float


class Server:
    """The process that forks; `folder` is where commands run and say what they say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = os.environ | {"PYTHONPATH": str(Path(analytics.__file__).parents[1])}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVER],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=path,
        )  # fmt: skip
        assert self._line() == "ready"

    def run(
        self,
        *words: object,
        after: float | None = None,
        most: int = 0,
        folder: Path | None = None,
        **environment: str,
    ) -> Ended:
        """Run a command; kill it `after` seconds; no file of it grows beyond `most` bytes."""
        said = self.folder / "said.txt"
        asked = {
            "words": [str(word) for word in words], "said": str(said), "most": most, "after": after,
            "folder": str(folder or self.folder), "environment": environment,
        }  # fmt: skip
        assert self._process.stdin
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code, seconds = json.loads(self._line())
        return Ended(code, said.read_text(errors="replace"), seconds)

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()
        self._process.wait(10)

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

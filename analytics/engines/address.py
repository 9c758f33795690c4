"""Where Spark is, as a command writes it: this machine, a standalone master, a Connect server."""

import re
import socket
from contextlib import closing
from dataclasses import dataclass

from analytics.errors import AnalyticsError

FORMS = "local[2] (this machine), spark://host:7077 (a master), sc://host:15002 (Spark Connect)"
CONNECT_PORT = 15002  # where none is given
_PATIENCE = 10.0  # seconds for a machine to take a call
_HOST = r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])"
_LOCAL = re.compile(r"local(?:\[(?:\d+|\*)(?:, ?\d+)?\])?")
_MASTER = re.compile(rf"spark://{_HOST}:\d+(?:,{_HOST}:\d+)*")
_CONNECT = re.compile(rf"sc://{_HOST}(?::\d+)?(?:/(?:;[!-~]*)?)?")


@dataclass(frozen=True, slots=True)
class Address:
    """An address of Spark's, checked; `Address.of` makes one of a text."""

    text: str

    @classmethod
    def of(cls, text: str) -> "Address":
        """Raises AnalyticsError, without the text, which may hold a token, for one of no form."""
        if not any(form.fullmatch(text) for form in (_LOCAL, _MASTER, _CONNECT)):
            raise AnalyticsError(f"that is no address of Spark: write {FORMS}")
        return cls(text)

    @property
    def is_connect(self) -> bool:
        """Whether a thin client asks a server, and no Java is needed here."""
        return self.text.startswith("sc://")

    @property
    def shown(self) -> str:
        """The address without what a server is told beside it, such as a token."""
        return self.text.partition("/;")[0].rstrip("/")

    @property
    def places(self) -> list[tuple[str, int]]:
        """Host and port of each machine that may answer; none for this one."""
        if self.text.startswith("local"):
            return []
        listed = self.shown.partition("://")[2].split(",")
        return [_place(one) for one in listed]

    def reach(self) -> None:
        """Raise AnalyticsError unless one of its machines takes a call: Spark would wait long."""
        for place in self.places:
            try:
                with closing(socket.create_connection(place, _PATIENCE)):
                    return
            except OSError:
                continue
        if self.places:
            raise AnalyticsError(f"nothing answers at {self.shown}: is Spark running there?")


def _place(text: str) -> tuple[str, int]:
    host, sign, port = text.rpartition(":")
    if not sign or not port.isdecimal():
        host, port = text, str(CONNECT_PORT)
    return host.strip("[]"), min(int(port), 65535)

"""Whether small cells are hidden: a switch of the process, as a kernel runs one notebook."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from analytics.errors import AnalyticsError, UnknownNameError

SMALL = 10  # groups of 1 to this many are not shown: CMS cell size policy (11 is the first shown)
HIDE, STRICT, SHOW = "hide", "strict", "show"
HOW = (HIDE, STRICT, SHOW)
_USUAL = ""  # nobody asked: an analyst at work, whose tables hide what counts few and no more
_state = {"how": _USUAL}


@dataclass(frozen=True, slots=True)
class Told:
    """What a report or export says of its small cells, and why if they are shown."""

    how: str = HIDE
    reason: str | None = None

    @property
    def text(self) -> str:
        """One line for a reader."""
        few = f"1 to {SMALL}"
        if self.how == SHOW:
            return f"Groups of {few} people are shown. Reason: {self.reason}"
        parts = ", and parts of a rate of so few," if self.how == STRICT else ""
        return f"Groups of {few} people{parts} are hidden, with what would tell them."

    @property
    def manifest(self) -> dict[str, str | int | None]:
        """The same for a manifest."""
        return {"how": self.how, "smallest_shown": SMALL + 1, "reason": self.reason}


def asked(how: str | None, reason: str | None) -> Told:
    """What was asked for, checked.

    Raises UnknownNameError for another way, AnalyticsError for small cells shown without a reason,
    or a reason without them.
    """
    how, reason = how or HIDE, " ".join((reason or "").split()) or None
    if how not in HOW:
        raise UnknownNameError("way with small cells", how, HOW)
    if how == SHOW and not reason:
        raise AnalyticsError(
            "small cells are shown for a reason only: say it with --reason (without names: it is "
            "written in the manifest and on the page)"
        )
    if how != SHOW and reason:
        raise AnalyticsError("--reason is for small cells that are shown: add --small-cells show")
    return Told(how, reason)


def use(how: str) -> None:
    """From now on this process writes for others to read, with small cells so."""
    _state["how"] = how


@contextmanager
def using(how: str) -> Generator[None]:
    """The same for a while."""
    before = in_use()
    use(how)
    try:
        yield
    finally:
        use(before)


def in_use() -> str:
    """The way with small cells; blank where nobody asked."""
    return _state["how"]


def is_released() -> bool:
    """Whether what is shown is for others, so that people are counted and not claims alone."""
    return in_use() in (HIDE, STRICT)

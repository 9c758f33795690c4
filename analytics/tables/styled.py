"""How tables look where no page styles them: in a notebook, on light paper and on dark."""

from importlib import resources

_state = {"in_report": False}  # of this process: a report's kernel runs one notebook


def for_report() -> None:
    """Leave looks to the page from now on: a report has a style sheet of its own."""
    _state["in_report"] = True


def in_report() -> bool:
    """Whether a page styles what is shown."""
    return _state["in_report"]


def dressed(html: str) -> str:
    """The markup with its style, where no page has one."""
    return html if in_report() else f'<div class="revcycle"><style>{_css()}</style>{html}</div>'


def _css() -> str:
    text = resources.files("analytics.tables").joinpath("notebook.css").read_text("utf-8")
    return " ".join(text.split())

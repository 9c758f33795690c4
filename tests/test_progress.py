"""Where a bar is shown, and where none is: what is stored of a notebook has no trace of it."""

import sys
from types import SimpleNamespace

import pytest

from analytics import progress


class Page:
    """Stands for IPython: what a cell was told to show, one after the other."""

    def __init__(self, *, kernel: bool = True) -> None:
        self.seen: list[str] = []
        shell = SimpleNamespace(kernel=object()) if kernel else SimpleNamespace()
        self.get_ipython = lambda: shell
        self.display = SimpleNamespace(HTML=str, display=self.show)

    def show(self, html: str, *, display_id: bool) -> "Page":
        assert display_id
        self.seen.append(html)
        return self

    def update(self, html: str) -> None:
        self.seen.append(html)


@pytest.fixture
def page(monkeypatch) -> Page:
    page = Page()
    monkeypatch.setitem(sys.modules, "IPython", page)
    monkeypatch.setattr(progress, "_OFTEN", 0)
    return page


def test_a_cell_shows_a_bar_and_keeps_nothing_of_it(page):
    with progress.shown("loading", None) as tell:
        tell(1, 4, "<b>.835")
    assert page.seen[1] == (
        '<label>loading <progress value="1" max="4"></progress></label> 25% &lt;b&gt;.835'
    )
    assert page.seen[-1] == ""


def test_a_bar_goes_where_the_work_fails_too(page):
    with pytest.raises(ZeroDivisionError), progress.shown("loading", None):
        _ = 1 / 0
    assert page.seen[-1] == ""


def test_a_page_is_not_told_more_often_than_it_can_be_read(page, monkeypatch):
    monkeypatch.setattr(progress, "_OFTEN", 60)
    with progress.shown("loading", None) as tell:
        for done in range(1000):
            tell(done, 1000, "")
    assert len(page.seen) == 2


@pytest.mark.parametrize("wanted", [None, True])
def test_a_report_has_no_bar(page, monkeypatch, wanted):
    monkeypatch.setitem(progress._state, "silent", True)
    with progress.shown("loading", wanted) as tell:
        tell(1, 4, "")
    assert page.seen == []


def test_silence_where_it_is_asked_for(page, capsys):
    with progress.shown("loading", False) as tell:
        tell(1, 4, "")
    assert page.seen == []
    assert capsys.readouterr() == ("", "")


def test_a_script_that_nobody_watches_prints_nothing(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    with progress.shown("loading", None) as tell:
        tell(1, 4, "")
    assert capsys.readouterr() == ("", "")


def test_a_bar_on_the_error_stream_where_it_is_asked_for(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    with progress.shown("loading", True) as tell:
        tell(1, 4, "one.835")
    out, err = capsys.readouterr()
    assert out == ""
    assert err, "rich ends its line where there is no terminal to draw on"


def test_a_function_of_ones_own_is_told_all():
    told = []
    with progress.shown("loading", lambda *now: told.append(now)) as tell:
        tell(1, 4, "one.835")
    assert told == [(1, 4, "one.835")]

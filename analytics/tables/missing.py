"""A sentence where a table would be, when what it needs is not loaded."""

from collections.abc import Callable

from analytics.errors import AnalyticsError, BadQueryError, DatabaseError, UnknownNameError
from analytics.tables.markup import Html, marked


def either(make: Callable[[], Html], caption: str) -> Html:
    """What `make` gives; where it lacks a file or an extra, a sentence that says which.

    Mistakes in what was asked, and of the database, are raised as ever.
    """
    try:
        return make()
    except (BadQueryError, DatabaseError, UnknownNameError):
        raise
    except AnalyticsError as error:
        return sentence(f"{caption}: not told. {error}")


def sentence(text: str) -> Html:
    """A note that stands for a table."""
    return Html(f'<div class="table"><p class="note">{marked(text)}</p></div>')

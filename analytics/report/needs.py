"""What reports need beyond the library's own dependencies: named plainly where it is missing."""

from analytics.errors import AnalyticsError

try:
    import jinja2  # noqa: F401  # pyright: ignore[reportUnusedImport]
    import mistune  # noqa: F401  # pyright: ignore[reportUnusedImport]
    import nbclient  # noqa: F401  # pyright: ignore[reportUnusedImport]
    import nbformat  # noqa: F401  # pyright: ignore[reportUnusedImport]
except ModuleNotFoundError as missing:
    raise AnalyticsError(
        f"reports need {missing.name}, which is not installed: pip install 'revcycle[notebook]'"
    ) from None

"""Makes the pages of the documentation that code tells of itself: metrics, figures, facts, tables.

`python -m pages FOLDER` writes them, with those written by hand, as the source of a site.
"""

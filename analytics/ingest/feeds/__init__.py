"""Claims feeds of payers and others, known by what is in them."""

from analytics.ingest.feeds.feed import Feed, Part
from analytics.ingest.feeds.recognise import HEAD, recognised

__all__ = ["HEAD", "Feed", "Part", "recognised"]

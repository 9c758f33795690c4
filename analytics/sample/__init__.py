"""An invented sample of claims and remittances, with the answers a reader should find in it."""

from analytics.sample.generate import SampleReport, write

__all__ = ["SampleReport", "write"]

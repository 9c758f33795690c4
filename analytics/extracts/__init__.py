"""Extracts of any kind into the core tables, by a column map."""

from analytics.extracts.history import is_new, same_bytes
from analytics.extracts.loading import Ready, ready

__all__ = ["Ready", "is_new", "ready", "same_bytes"]

"""Bytes to frames.  Nothing here knows a database."""

"""Published reference files, known by what is in them: MCE, ICD-10, DRG, NCCI, HCPCS, MPFS ..."""

from analytics.ingest.published.reading import read, read_file, releases_in
from analytics.ingest.published.release import Release

__all__ = ["Release", "read", "read_file", "releases_in"]

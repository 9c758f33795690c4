"""What is loaded and computed, written as files for other tools."""

from analytics.exporting.files import ENDINGS, export_frame, export_table
from analytics.exporting.folder import export_parquet
from analytics.exporting.tuva import TUVA, export_tuva

__all__ = ["ENDINGS", "TUVA", "export_frame", "export_parquet", "export_table", "export_tuva"]

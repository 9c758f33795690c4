"""What is loaded and computed, written as files for other tools."""

from analytics.exporting.files import ENDINGS, export_frame, export_table
from analytics.exporting.folder import export_parquet
from analytics.exporting.sheets import Table, sheet_names, write_sheets
from analytics.exporting.tuva import TUVA, export_tuva

__all__ = [
    "ENDINGS",
    "TUVA",
    "Table",
    "export_frame",
    "export_parquet",
    "export_table",
    "export_tuva",
    "sheet_names",
    "write_sheets",
]

"""The workbooks that tests of loading extracts make are made here too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "extracts"))

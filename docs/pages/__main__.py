"""`python -m pages FOLDER`: the source of the site, with examples on the shipped sample."""

import sys
from pathlib import Path

import analytics as rc
from pages import site, written


def main() -> None:
    """Write the source of the site into the folder named."""
    if len(sys.argv) != 2:
        raise SystemExit("name the folder to write into")
    with rc.Database() as db:
        rc.load(db, written.ROOT / "sample_data")
        db.build()
        count = site.write(Path(sys.argv[1]), db)
    sys.stdout.write(f"{count} files in {sys.argv[1]}\n")


if __name__ == "__main__":
    main()

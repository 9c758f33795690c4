"""``python -m analytics``: the command `revcycle`."""

from analytics.cli import main

main()

"""A column map proposed from a file: its columns told by their names and by what is in them.

Nothing of the file is said but the names of its columns and the shapes of its cells.
"""

from analytics.proposing.proposal import Proposal, propose

__all__ = ["Proposal", "propose"]

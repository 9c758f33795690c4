"""Contracts that share savings and losses: their terms, and what comes of a year under them.

Terms are data: a dataclass, read from a TOML file of a contract or from the tracks that ship.
"""

from analytics.contracts.amounts import ContractError
from analytics.contracts.contract import (
    ContractYear,
    contract_terms,
    contract_year,
    contract_years,
)
from analytics.contracts.file import mssp_terms, read_terms
from analytics.contracts.rows import contract_rows, terms_of
from analytics.contracts.savings import SharedSavings, shared_savings
from analytics.contracts.terms import Terms

__all__ = [
    "ContractError",
    "ContractYear",
    "SharedSavings",
    "Terms",
    "contract_rows",
    "contract_terms",
    "contract_year",
    "contract_years",
    "mssp_terms",
    "read_terms",
    "shared_savings",
    "terms_of",
]

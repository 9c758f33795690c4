"""The facts of contracts that share savings: their people, their dollars and their years."""

from collections.abc import Mapping

from analytics.fact import Fact

_CONTRACT: Mapping[str, str] = {
    "contract_name": "What the contract is called",
    "payer_name": "Payer of the members' cover; null for any",
    "line_of_business": "Kind of their cover; null for any",
}

contract_scope = Fact(
    name="contract_scope",
    grain="contract that shares savings, with whose dollars it is about",
    key=("contract_name",),
    dimensions=_CONTRACT,
    needs=("contract",),
)
contract_month = Fact(
    name="contract_month",
    grain="contract and month in which anybody is covered under it",
    key=("contract_name", "month"),
    dimensions={"contract_name": _CONTRACT["contract_name"], "month": "Month of cover"},
    needs=("contract_scope", "member_month"),
)
contract_cost = Fact(
    name="contract_cost",
    grain="contract, month of service and month in which claims became known",
    key=("contract_name", "month", "known_month"),
    amount="expenditure_amount",
    dimensions={
        "contract_name": _CONTRACT["contract_name"],
        "month": "Month of the last day of service",
        "known_month": "Month the claim was processed or first answered; null where not told",
    },
    needs=("contract_scope", "incurred_claim"),
)
contract_year = Fact(
    name="contract_year",
    grain="contract and performance year",
    key=("contract_name", "year"),
    amount="expenditure_amount",
    dimensions={**_CONTRACT, "year": "First day of the performance year"},
    needs=("contract_scope",),
)
CONTRACTS: tuple[Fact, ...] = (contract_scope, contract_month, contract_cost, contract_year)

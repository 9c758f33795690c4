"""Which metrics and studies stand on one page: by the module that declares them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

import polars as pl

from analytics.metrics import CATALOGUE, STUDIES, Metric


@dataclass(frozen=True, slots=True)
class Family:
    """A page of metrics and the studies about them."""

    slug: str
    title: str
    declaring: str  # modules of analytics.metrics that declare its metrics
    studying: str  # those of its studies

    @property
    def metrics(self) -> list[Metric]:
        """Its metrics, in the order of the catalogue."""
        modules = [import_module(f"analytics.metrics.{name}") for name in self.declaring.split()]
        own = {id(one) for module in modules for one in vars(module).values()}
        return [metric for metric in CATALOGUE.values() if id(metric) in own]

    @property
    def studies(self) -> Mapping[str, Callable[..., pl.DataFrame]]:
        """Its studies by name, in the order of the catalogue of studies."""
        own = {f"analytics.metrics.{name}" for name in self.studying.split()}
        return {name: study for name, study in STUDIES.items() if study.__module__ in own}


FAMILIES = (
    Family(
        "denials",
        "Denials and rejections",
        "denials first_denials remit_denials denial_ends open_denials",
        "denials bridge cohorts worklist alerts drivers comparison",
    ),
    Family(
        "coding",
        "Coding",
        "coding coded inpatient audits",
        "edit_coverage patterns denial_ratios peers",
    ),
    Family("days", "Days to answer and payment", "lag", "curves cash scorecard"),
    Family(
        "receivables",
        "Receivables and cash",
        "aged collections",
        "rollforward reconciliation completion forecast",
    ),
    Family("prompt-pay", "Prompt pay", "prompt_pay", "legal_days prompt_pay_worklist"),
    Family(
        "contract-rates",
        "Contract rates",
        "underpayment",
        "underpayment_worklist contract_rate_use",
    ),
    Family(
        "members",
        "Members: cost and care",
        "value utilisation readmissions preventive",
        "completed prevention contracts savings member_cost risk_scores",
    ),
    Family("quality", "Quality gaps", "quality", "quality_gaps"),
)

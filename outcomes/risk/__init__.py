"""The risk group of a patient by each protocol's rule, with the rule beside it."""

from __future__ import annotations

from outcomes.risk.by_patient import (
    RISK_COLUMNS,
    Finding,
    findings,
    risk_rows,
    risks_by_patient,
)
from outcomes.risk.protocol import Kmt2a, Known, Protocol, Risk, RiskGroup, evaluate
from outcomes.risk.protocols import PROTOCOLS

__all__ = [
    "PROTOCOLS",
    "RISK_COLUMNS",
    "Finding",
    "Kmt2a",
    "Known",
    "Protocol",
    "Risk",
    "RiskGroup",
    "evaluate",
    "findings",
    "risk_rows",
    "risks_by_patient",
]

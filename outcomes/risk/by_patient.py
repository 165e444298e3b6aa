"""Risk groups of a cohort: clinical table and integrated results to one answer a protocol."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from fusion_caller.integrated import Confidence, Status
from outcomes.clinical.cohort import limit_column
from outcomes.risk.protocol import Kmt2a, Known, Risk, evaluate
from outcomes.risk.protocols import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from outcomes.clinical.cohort import Cohort, Results

RISK_COLUMNS = (
    "patient",
    "protocol",
    "version",
    "group",
    "needs",
    "does_not_apply",
    "inputs",
    "assumed",
    "source",
)
_KMT2A = {
    Status.REARRANGED: Kmt2a.REARRANGED,
    Status.PARTNER_UNKNOWN: Kmt2a.REARRANGED,
    Status.PTD: Kmt2a.PTD,
    Status.NOT_REARRANGED: Kmt2a.NOT_REARRANGED,
}
_NUMBERS = ("age_months", "wbc_e9_per_l", "mrd_fcm_tp2_percent")
_CATEGORIES = ("disease", "prednisone_response")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the integrated result says of a patient's KMT2A; None where it does not decide."""

    kmt2a_status: Kmt2a | None = None
    kmt2a_partner: str | None = None

    @classmethod
    def of(cls, status: str | None, partner: str | None, confidence: str | None) -> Self:
        """Read a status of `patients.tsv`; a partner that assays do not agree on is not known."""
        kmt2a = _KMT2A.get(Status(status)) if status in set(Status) else None
        named = kmt2a is Kmt2a.REARRANGED and confidence != Confidence.CONFLICTING
        return cls(kmt2a_status=kmt2a, kmt2a_partner=(partner or None) if named else None)


def findings(results: Results) -> dict[str, Finding]:
    """What a table of integrated results says, by patient in its order."""
    columns = ("patient", "status", "partner", "confidence")
    return {
        patient: Finding.of(status, partner, confidence)
        for patient, status, partner, confidence in zip(
            *(results.data[column] for column in columns), strict=True
        )
    }


def risks_by_patient(cohort: Cohort, found: Mapping[str, Finding]) -> dict[str, tuple[Risk, ...]]:
    """Group every patient by every protocol.

    Args:
        cohort: The clinical table.
        found: The integrated result of each patient.

    Returns:
        One answer a protocol, in the order of `PROTOCOLS`, for each patient of either: those with
        an integrated result in their order, then the others. Nothing is known of what is missing.
    """
    clinical = _clinical(cohort)
    patients = dict.fromkeys((*found, *clinical))
    return {
        patient: tuple(
            evaluate(protocol, _known(clinical.get(patient, {}), found.get(patient, Finding())))
            for protocol in PROTOCOLS.values()
        )
        for patient in patients
    }


def risk_rows(risks: Mapping[str, Iterable[Risk]]) -> Iterator[dict[str, object]]:
    """Rows of `risk.tsv`; one of `group`, `needs` and `does_not_apply` is filled."""
    for patient, of_patient in risks.items():
        for risk in of_patient:
            yield {
                "patient": patient,
                "protocol": risk.protocol.name,
                "version": risk.protocol.version,
                "group": risk.group,
                "needs": risk.needs,
                "does_not_apply": risk.does_not_apply,
                "inputs": risk.inputs,
                "assumed": risk.assumed,
                "source": risk.protocol.source,
            }


def _clinical(cohort: Cohort) -> dict[str, dict[str, Any]]:
    """What the clinical table says of each patient, None where a cell is empty."""
    columns = (*_NUMBERS, *_CATEGORIES, limit_column("mrd_fcm_tp2_percent"))
    return {
        patient: dict(zip(columns, map(_given, cells), strict=True))
        for patient, cells in zip(
            cohort.data["patient"],
            cohort.data[[*columns]].itertuples(index=False, name=None),
            strict=True,
        )
    }


def _given(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _known(clinical: Mapping[str, Any], found: Finding) -> Known:
    limit = clinical.get(limit_column("mrd_fcm_tp2_percent"))
    return Known(
        kmt2a_status=found.kmt2a_status,
        kmt2a_partner=found.kmt2a_partner,
        below={} if limit is None else {"mrd_fcm_tp2_percent": limit},
        **{column: clinical.get(column) for column in (*_NUMBERS, *_CATEGORIES)},
    )

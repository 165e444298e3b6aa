"""Which combinations of assay results occur, and in how many patients."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.detection import verdicts_by_assay
from fusion_caller.records import Assay, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion_caller.integrated import Evidence, PatientResult

_ORDER = tuple(Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intersection:
    """One combination: the result of every assay, and the number of patients who have it."""

    results: Mapping[Assay, Verdict]
    patients: int


def intersections(
    evidence: Iterable[Evidence], patients: Sequence[PatientResult]
) -> tuple[Intersection, ...]:
    """Count the combinations, the most frequent first; the counts add up to the patients.

    An assay that there is no row of was not done. Nothing in the result identifies a patient.
    """
    verdicts = verdicts_by_assay(evidence)
    counts = Counter(
        tuple(verdicts.get(assay, {}).get(patient.patient, Verdict.NOT_DONE) for assay in Assay)
        for patient in patients
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], [*map(_ORDER.index, item[0])]))
    return tuple(
        Intersection(results=dict(zip(Assay, results, strict=True)), patients=number)
        for results, number in ordered
    )

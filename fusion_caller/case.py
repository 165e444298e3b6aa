"""One patient's evidence from all assays, with the questions that the rules of integration ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.assays import read_result
from fusion_caller.gene_names import paralogues_of
from fusion_caller.integrated import Evidence
from fusion_caller.knowledge import partners
from fusion_caller.records import Assay, Verdict
from fusion_caller.rna_evidence import describe, read_rna
from fusion_caller.visibility import cannot_see

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.records import AssayReading, AssayReport
    from fusion_caller.rna_evidence import RnaSeq

# Which assay's name is taken where assays name different partners: sequence before primers.
_NAMING_ORDER = (Assay.RNA_SEQ, Assay.SPLIT_RT_PCR, Assay.QRT_PCR, Assay.RT_PCR, Assay.FISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One patient: the RNA-seq, if there is any, and the evidence of every assay."""

    patient: str
    rna: RnaSeq | None
    evidence: tuple[Evidence, ...]

    def verdict(self, assay: Assay) -> Verdict:
        """The strongest verdict among an assay's results."""
        verdicts = {item.reading.verdict for item in self.evidence if item.assay is assay}
        order = (Verdict.POSITIVE, Verdict.INCONCLUSIVE, Verdict.NEGATIVE, Verdict.NOT_UNDERSTOOD)
        return next((v for v in order if v in verdicts), Verdict.NOT_DONE)

    def with_verdict(self, verdict: Verdict) -> tuple[Assay, ...]:
        """The assays whose strongest verdict this is."""
        return tuple(assay for assay in Assay if self.verdict(assay) is verdict)

    def naming(self) -> dict[str, tuple[Assay, ...]]:
        """Partners by the assays that name them, in the order of trust; paralogues count as one."""
        named: dict[str, dict[Assay, None]] = {}
        for assay in _NAMING_ORDER:
            for item in self.evidence:
                if item.assay is assay and item.reading.partner:
                    family = paralogues_of(item.reading.partner)
                    known = next((g for g in family if g in partners()), item.reading.partner)
                    named.setdefault(known, {})[assay] = None
        return {partner: tuple(assays) for partner, assays in named.items()}

    def reading(self, assay: Assay) -> AssayReading:
        """An assay's reading with its strongest verdict."""
        verdict = self.verdict(assay)
        readings = (item.reading for item in self.evidence if item.assay is assay)
        return next(reading for reading in readings if reading.verdict is verdict)

    def panel(self, assay: Assay) -> str:
        """The panel that an assay was done with, empty where it is not stated."""
        return next((item.panel for item in self.evidence if item.assay is assay), "")


def make_case(patient: str, rna: RnaSeq | None, reports: Sequence[AssayReport]) -> Case:
    """Read a patient's assay rows and RNA-seq into one case."""
    evidence = [
        Evidence(
            patient=patient,
            assay=report.assay,
            panel=report.panel,
            date=report.date,
            reported=report.result,
            reading=read_result(report),
            could_not_see=cannot_see(report.assay, report.panel),
            file=report.file,
            line=report.line,
        )
        for report in sorted(reports, key=lambda r: (list(Assay).index(r.assay), r.line))
    ]
    if rna is not None:
        lead = rna.lead
        evidence.append(
            Evidence(
                patient=patient,
                assay=Assay.RNA_SEQ,
                panel=", ".join(rna.callers),
                date="",
                reported=describe(rna),
                reading=read_rna(rna),
                could_not_see=cannot_see(Assay.RNA_SEQ, ""),
                file=lead.file if lead else "",
                line=lead.line if lead else None,
            )
        )
    return Case(patient=patient, rna=rna, evidence=tuple(evidence))

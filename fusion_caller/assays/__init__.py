"""What a laboratory's karyotype, FISH, RT-PCR and sequencing results mean for KMT2A."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.assays.fish import read_fish
from fusion_caller.assays.karyotype import read_karyotype
from fusion_caller.assays.panel_table import read_panels
from fusion_caller.assays.rt_pcr import read_rt_pcr
from fusion_caller.assays.sequencing import read_sequencing
from fusion_caller.assays.sheet import AssaySheet, read_assays
from fusion_caller.knowledge import Material
from fusion_caller.laboratory import Laboratory
from fusion_caller.records import Assay

if TYPE_CHECKING:
    from fusion_caller.records import AssayReading, AssayReport

__all__ = [
    "AssaySheet",
    "read_assays",
    "read_fish",
    "read_karyotype",
    "read_panels",
    "read_result",
    "read_rt_pcr",
    "read_sequencing",
]


def read_result(report: AssayReport, *, laboratory: Laboratory | None = None) -> AssayReading:
    """Say what one row of the assay table means; a text that is not understood never raises.

    Args:
        report: The row.
        laboratory: The choices of the laboratory that wrote it.
    """
    laboratory = laboratory or Laboratory()
    if report.assay is Assay.KARYOTYPE:
        return read_karyotype(report.result)
    if report.assay is Assay.FISH:
        return read_fish(
            report.result,
            cutoff=laboratory.fish_cutoff,
            cutoffs=laboratory.fish_cutoffs,
            probe=report.panel,
        )
    panel = laboratory.panels.get(report.panel)
    if report.assay in (Assay.RNA_SEQ, Assay.DNA_SEQ):
        genomic = panel and panel.material is Material.DNA and report.assay is Assay.DNA_SEQ
        return read_sequencing(report.result, report.assay, panel=panel if genomic else None)
    # Split and quantitative RT-PCR test single junctions; only a multiplex RT-PCR has a panel.
    return read_rt_pcr(report.result, panel=panel if report.assay is Assay.RT_PCR else None)

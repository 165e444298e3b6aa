"""What a laboratory's karyotype, FISH and RT-PCR results mean for KMT2A."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.assays.fish import read_fish
from fusion_caller.assays.karyotype import read_karyotype
from fusion_caller.assays.rt_pcr import panel_targets, read_rt_pcr
from fusion_caller.assays.sheet import AssaySheet, not_understood, read_assays
from fusion_caller.laboratory import Laboratory
from fusion_caller.records import Assay

if TYPE_CHECKING:
    from fusion_caller.records import AssayReading, AssayReport

__all__ = [
    "AssaySheet",
    "panel_targets",
    "read_assays",
    "read_fish",
    "read_karyotype",
    "read_result",
    "read_rt_pcr",
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
        return read_fish(report.result, cutoff=laboratory.fish_cutoff)
    if report.assay in (Assay.RNA_SEQ, Assay.DNA_SEQ):
        return not_understood(report.result, "the calls of RNA-seq by way of the sample sheet")
    # Split and quantitative RT-PCR test single junctions; only a multiplex RT-PCR has a panel.
    panel = report.panel if report.assay is Assay.RT_PCR else ""
    return read_rt_pcr(report.result, panel=panel)

"""What MultiQC shows of a results folder: files of custom content, written into `multiqc/`."""

from __future__ import annotations

from html import escape
from importlib.metadata import version
from platform import python_version
from typing import TYPE_CHECKING

from fusion_caller.call_tables import read_fusions
from workflows.multiqc.content import PARENT
from workflows.multiqc.sections import sections
from workflows.report.results_in import ResultsIn

if TYPE_CHECKING:
    from workflows.results import ResultsFolder

_FOLDER = "multiqc/"
_FUSIONS = "calls/kmt2a.tsv"


def write_multiqc(results: ResultsFolder, *, mark: str = "") -> None:
    """Write a file for each section that has something to show, and the versions.

    Called before the manifest is written, which then lists the files.

    Args:
        results: The folder, with its tables in it.
        mark: A mark on everything, such as 'synthetic data'.
    """
    tables = ResultsIn(folder=results.staging, manifest={})
    fusions = results.staging / _FUSIONS
    about = (
        "KMT2A fusions, reconciled with the laboratory's other assays by <code>kmt2a</code>; the "
        "whole is in its own <code>report.html</code>."
    )
    if mark:
        about += f" <strong>{escape(' '.join(mark.split()))}</strong>"
    found = sections(
        read_fusions(fusions) if fusions.exists() else (),
        patients=tables.table("reconciled/patients.tsv"),
        detection=tables.table("reconciled/detection.tsv"),
        aside=tables.table("calls/set_aside.tsv"),
    )
    for section in found:
        results.write_text(_FOLDER + section.file, section.text(about))
    # In the group of the sections' name, which MultiQC then shows beside it.
    versions = f'{PARENT}:\n  kmt2a: "{version("kmt2a")}"\n  Python: "{python_version()}"\n'
    results.write_text(f"{_FOLDER}kmt2a_mqc_versions.yml", versions)

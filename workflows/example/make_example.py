"""Make the synthetic example: `python -m workflows.example.make_example TARGET_DIR`.

Everything follows from the tables in `source/`; nothing is drawn at random, so the same source
gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_caller.records import Source
from workflows.example.assay_results import ASSAY_COLUMNS, assay_rows
from workflows.example.caller_files import caller_text
from workflows.example.clinical_rows import CLINICAL_COLUMNS, clinical_row
from workflows.example.rna_calls import (
    RNA_CALLERS,
    SOURCE_FOLDER,
    PlannedPatient,
    calls_of,
    planned_patients,
    read_cohort,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SAMPLESHEET_COLUMNS = ("patient", "sample", "source", "file", "file_2")
_TEXTS = {"README.md": "synthetic_readme.md", "analysis.yaml": "analysis.yaml"}


def example_files() -> dict[str, bytes]:
    """Every file of the synthetic example by its path in the folder."""
    planned = planned_patients()
    cohort = read_cohort()
    files = {name: (SOURCE_FOLDER / original).read_bytes() for name, original in _TEXTS.items()}
    files["samplesheet.csv"] = _csv(SAMPLESHEET_COLUMNS, _samplesheet(planned))
    files["assays.csv"] = _csv(ASSAY_COLUMNS, assay_rows(cohort))
    files["clinical.csv"] = _csv(CLINICAL_COLUMNS, map(clinical_row, cohort))
    for patient in planned:
        for caller in RNA_CALLERS:
            files[_file_name(patient, caller)] = _caller_file(patient, caller)
    return files


def _samplesheet(planned: Sequence[PlannedPatient]) -> list[dict[str, str]]:
    return [
        {
            "patient": patient.patient,
            "sample": _sample(patient),
            "source": caller if caller == patient.explicit_source else "auto",
            "file": _file_name(patient, caller),
            "file_2": "",
        }
        for patient in planned
        for caller in RNA_CALLERS
    ]


def _sample(patient: PlannedPatient) -> str:
    return f"{patient.patient}-RNA"


def _file_name(patient: PlannedPatient, caller: Source) -> str:
    suffix = "txt" if caller is Source.FUSIONCATCHER else "tsv"
    gzipped = ".gz" if patient.compressed == caller else ""
    return f"calls/{caller}/{patient.patient}.{suffix}{gzipped}"


def _caller_file(patient: PlannedPatient, caller: Source) -> bytes:
    text = caller_text(
        caller,
        calls_of(patient, caller),
        sample=_sample(patient),
        star_fusion_format=patient.star_fusion_format,
    )
    return _gzipped(text.encode()) if patient.compressed == caller else text.encode()


def _gzipped(content: bytes) -> bytes:
    """Compress without a time or a file name, which would differ from run to run."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as stream:
        stream.write(content)
    return buffer.getvalue()


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def write_example(target: Path) -> None:
    """Write the synthetic example into a folder, which is made if it does not exist."""
    for name, content in example_files().items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def main() -> None:
    """Read the command line and write the example."""
    parser = argparse.ArgumentParser(description="Make the synthetic example.")
    parser.add_argument("target", type=Path, metavar="TARGET_DIR", help="the folder to write into")
    write_example(parser.parse_args().target)


if __name__ == "__main__":
    main()

"""STAR's `Chimeric.out.junction` through `kmt2a detect`: the same files as from reads.

The table has positions and no bases, so genes are named by coordinates only, and nothing in it says
how deeply KMT2A was read: where it shows no fusion, the sample is left open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.assign import assign
from fusion_caller.call_tables import CALL_COLUMNS, FILE_COLUMNS, call_rows, file_rows
from fusion_caller.errors import InputError
from fusion_caller.placing import Genes, place_file
from fusion_caller.readers import read_caller_file
from fusion_caller.reads.detection import Answer
from fusion_caller.records import Source
from workflows.fusions import write_fusions, write_set_aside
from workflows.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fusion_caller.records import Kmt2aFusion, SampleFusions

_NO_SEQUENCE = "the table of junctions holds positions and no bases: there are no reads to show"
_OPEN = (
    "not evaluable: no chimeric alignment joins KMT2A to something, and a table of junctions does "
    "not say how deeply KMT2A was read; give the FASTQ or BAM"
)


def run_junctions(files: tuple[Path, ...], output: Path, *, sample: str) -> tuple[str, ...]:
    """Write what a table of junctions says of KMT2A.

    Args:
        files: The table, alone.
        output: The folder to write to.
        sample: The sample, which stands for the patient too.

    Returns:
        What to tell the user, line by line.

    Raises:
        InputError: If the table is damaged, or is not alone.
    """
    path = files[0]
    if len(files) > 1:
        raise InputError(
            f"expected one table of junctions, found it with {files[1]} beside it",
            file=str(path),
            remedy="give the files of a sample one by one",
        )
    read = read_caller_file(path, source=Source.CHIMERIC_JUNCTION, patient=sample, sample=sample)
    file = place_file(read, Genes(), stated=None)
    samples = assign([file])
    events = [event for one in samples for event in one.events]
    with ResultsFolder(output) as results:
        results.write_table("calls.tsv", CALL_COLUMNS, call_rows([file]))
        results.write_table("files.tsv", FILE_COLUMNS, file_rows([file]))
        write_fusions(results, samples, folder="")
        write_set_aside(results, file.set_aside, folder="")
        with results.open_text("evidence.txt") as stream:
            stream.writelines(_evidence(events))
        results.write_json("detect.json", _as_json(path, sample, samples, file.n_rows))
    told = [_label(event) for event in events] or [_OPEN]
    return (*told, f"{file.n_rows:,} chimeric alignments: {output / 'evidence.txt'}")


def _label(event: Kmt2aFusion) -> str:
    reads = event.reads[0]
    flags = f"; {', '.join(event.flags)}" if event.flags else ""
    exons = "::".join(exon or "?" for exon in (event.kmt2a_exon, event.partner_exon))
    return (
        f"{event.fusion} {event.duplicated_exons or exons}: {reads.split_reads or 0} reads across "
        f"the join, {reads.spanning_fragments or 0} fragments around it{flags}"
    )


def _evidence(events: list[Kmt2aFusion]) -> Iterator[str]:
    for event in events:
        yield f"{_label(event)}\n"
        yield f"  {event.breakpoint_5prime or '?'} to {event.breakpoint_3prime or '?'}\n"
        yield f"  {_NO_SEQUENCE}\n\n"


def _as_json(
    path: Path, sample: str, samples: tuple[SampleFusions, ...], n_rows: int
) -> dict[str, object]:
    events = [event for one in samples for event in one.events]
    return {
        "sample": sample,
        "files": [str(path)],
        "chimeric_alignments": n_rows,
        "answer": Answer.FOUND if events else Answer.NOT_EVALUABLE,
        "sentence": "" if events else _OPEN,
        "calls": [
            {
                "name": event.fusion,
                "kind": event.kind,
                "fragments_across": event.reads[0].split_reads,
                "fragments_around": event.reads[0].spanning_fragments,
                "reasons": [str(flag) for flag in event.flags],
            }
            for event in events
        ],
    }

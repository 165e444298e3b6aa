"""A finished nf-core/rnafusion results folder: which of its files to read for which sample.

Folders and names are those of releases 2.x, 3.0 and 4.x (`docs/output.md`, `conf/modules.config`).
Any of them may be absent, packed or empty.

- Each caller's own file is read once, in its fullest form: STAR-Fusion writes the same predictions
  with coding effect, abridged, and with the names of all reads.
- fusion-report's list and the variant file repeat what the callers found, so that their calls would
  count as another caller's. They are read only for a sample of which no caller's file is left.
- STAR's chimeric junctions are what STAR-Fusion and Arriba made their calls of, and are read only
  where nothing else is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.records import Source
from fusion_caller.samplesheet import SampleFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PACKED = ".gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Output:
    """A caller's files: the folders they may be in, what follows the sample's name, best first."""

    source: Source
    folders: tuple[str, ...]
    endings: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.folders[0]}/<sample>{self.endings[0]}"


_CALLERS = (
    _Output(
        source=Source.STAR_FUSION,
        folders=("starfusion",),
        endings=(
            ".starfusion.abridged.coding_effect.tsv",
            ".starfusion.abridged.tsv",
            ".starfusion.fusion_predictions.tsv",
        ),
    ),
    _Output(source=Source.ARRIBA, folders=("arriba",), endings=(".arriba.fusions.tsv",)),
    _Output(
        source=Source.FUSIONCATCHER,
        folders=("fusioncatcher",),
        endings=(".fusioncatcher.fusion-genes.txt", ".fusion-genes.txt"),
    ),
    _Output(
        source=Source.FUSION_INSPECTOR,
        folders=("fusioninspector", "fusioninspector/*"),
        endings=(".FusionInspector.fusions.abridged.tsv", ".FusionInspector.fusions.tsv"),
    ),
    _Output(source=Source.PIZZLY, folders=("pizzly",), endings=(".pizzly.txt",)),
    _Output(
        source=Source.SQUID,
        folders=("squid",),
        endings=(".squid.fusions.annotated.txt", ".squid.fusions_sv.txt"),
    ),
)
_AGGREGATES = (
    _Output(
        source=Source.FUSION_REPORT,
        folders=("fusionreport/*", "fusionreport"),
        endings=(".fusions.csv", ".fusionreport.tsv"),
    ),
    _Output(
        source=Source.VCF,
        folders=("vcf", "vcf_collect", "megafusion"),
        endings=("_fusion_data.vcf", ".vcf"),
    ),
)
_ALIGNMENTS = (
    _Output(
        source=Source.CHIMERIC_JUNCTION,
        folders=("star", "star_for_starfusion"),
        endings=(".Chimeric.out.junction",),
    ),
)
# What is read of a sample is the first of these of which it has anything; of aggregates, the best.
_RANKS: tuple[tuple[_Output, ...], ...] = (
    _CALLERS,
    *((aggregate,) for aggregate in _AGGREGATES),
    _ALIGNMENTS,
)


def find_rnafusion(folder: Path) -> tuple[SampleFile, ...]:
    """The files to read of a results folder, by sample, numbered in that order.

    The patient has the sample's name.

    Raises:
        InputError: If the folder holds no file that is known, or a sample's name cannot be one.
    """
    by_rank = [_by_sample(folder, outputs) for outputs in _RANKS]
    samples = sorted({sample for found in by_rank for sample in found})
    if not samples:
        looked_for = ", ".join(str(output) for outputs in _RANKS for output in outputs)
        raise InputError(
            "expected the results folder of nf-core/rnafusion, found none of its files",
            file=str(folder),
            remedy=f"looked for {looked_for}, plain or packed",
        )
    chosen = [
        (sample, source, path)
        for sample in samples
        for source, path in next(found[sample] for found in by_rank if sample in found).items()
    ]
    return tuple(
        SampleFile(
            patient=_identifier(sample, path),
            sample=sample,
            source=source,
            name=str(path),
            path=path,
            line=number,
        )
        for number, (sample, source, path) in enumerate(chosen, start=1)
    )


def _by_sample(folder: Path, outputs: Sequence[_Output]) -> dict[str, dict[Source, Path]]:
    """The best file of each caller for each sample."""
    found: dict[str, dict[Source, Path]] = {}
    for output in outputs:
        ranked = sorted(_files(folder, output), key=lambda one: (one[0], one[1], str(one[2])))
        for sample, _, path in ranked:
            found.setdefault(sample, {}).setdefault(output.source, path)
    return found


def _files(folder: Path, output: _Output) -> Iterator[tuple[str, int, Path]]:
    """The sample, the rank of the form, and the file, for all files of a caller."""
    for pattern in output.folders:
        for place in folder.glob(pattern):
            # A link whose file is gone is listed too: reading it says so, and no sample is lost.
            for path in place.iterdir() if place.is_dir() else ():
                name = path.name.removesuffix(_PACKED)
                rank = next((i for i, end in enumerate(output.endings) if name.endswith(end)), None)
                if rank is not None and not name.startswith(".") and not path.is_dir():
                    yield name.removesuffix(output.endings[rank]), rank, path


def _identifier(sample: str, path: Path) -> str:
    try:
        return check_identifier(sample, what="sample")
    except BadValueError as error:
        raise InputError(error.problem, file=str(path), remedy="rename the file") from None

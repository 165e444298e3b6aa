"""A finished nf-core/rnafusion results folder: which of its files to read for which sample.

Folders and names are those of releases 2.x, 3.0 and 4.x (`docs/output.md`, `conf/modules.config`).
Any of them may be absent, packed or empty.

- Each caller's own file is read once, in its fullest form: STAR-Fusion writes the same predictions
  with coding effect, abridged, and with the names of all reads.
- fusion-report's list and the variant file repeat what the callers found, so that their calls would
  count as another caller's. They are read only for a sample of which no caller's file is left.
- STAR's chimeric junctions and its alignments are what STAR-Fusion and Arriba made their calls of.
  They are read only where nothing else is left, and then both: the junctions may hold reads that
  the alignments do not, and only the alignments tell whether a fusion would have been seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from os.path import realpath
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.records import Assay, Source
from fusion_caller.samplesheet import SampleFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PACKED = ".gz"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


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
    _Output(
        source=Source.BAM,
        folders=("star", "star_for_starfusion", "star_for_arriba"),
        endings=(".Aligned.sortedByCoord.out.bam", ".Aligned.out.bam"),
    ),
)
# What is read of a sample is the first of these of which it has anything; of aggregates, the best.
_RANKS: tuple[tuple[_Output, ...], ...] = (
    _CALLERS,
    *((aggregate,) for aggregate in _AGGREGATES),
    _ALIGNMENTS,
)


def find_rnafusion(folder: Path) -> tuple[SampleFile, ...]:
    """The files to read of a results folder on disk, by sample.

    Raises:
        InputError: If the folder holds no file that is known, or a sample's name cannot be one.
    """
    return choose_rnafusion(_names(folder), folder=str(folder))


def choose_rnafusion(names: Iterable[str], *, folder: str) -> tuple[SampleFile, ...]:
    """The files to read of a results folder, by sample, chosen from a list of its files.

    The patient has the sample's name. The entries' line is 0, since no sheet lists them.

    Args:
        names: Paths relative to the folder, in any order; anything may be among them.
        folder: The folder as a path or a URI.

    Raises:
        InputError: If none of them is known, or a sample's name cannot be one.
    """
    paths = sorted({PurePosixPath(name) for name in names}, key=str)
    by_rank = [_by_sample(paths, outputs) for outputs in _RANKS]
    samples = sorted({sample for found in by_rank for sample in found})
    if not samples:
        looked_for = ", ".join(str(output) for outputs in _RANKS for output in outputs)
        raise InputError(
            "expected the results folder of nf-core/rnafusion, found none of its files",
            file=folder,
            remedy=f"looked for {looked_for}, plain or packed",
        )
    return tuple(
        _entry(folder, path, sample, source)
        for sample in samples
        for source, path in next(found[sample] for found in by_rank if sample in found).items()
    )


def _entry(folder: str, path: PurePosixPath, sample: str, source: Source) -> SampleFile:
    on_disk = "://" not in folder
    name = str(Path(folder) / path) if on_disk else f"{folder.rstrip('/')}/{path}"
    try:
        check_identifier(sample, what="sample")
    except BadValueError as error:
        raise InputError(error.problem, file=name, remedy="rename the file") from None
    return SampleFile(
        patient=sample, sample=sample, source=source, name=name, path=Path(name), line=0
    )


def _names(folder: Path) -> Iterator[str]:
    """The files in the folders that are looked into, relative to the results folder."""
    for pattern in {pattern for outputs in _RANKS for one in outputs for pattern in one.folders}:
        for place in folder.glob(pattern):
            # A link whose file is gone is listed too: reading it says so, and no sample is lost.
            for path in place.iterdir() if place.is_dir() else ():
                if not path.is_dir():
                    yield path.relative_to(folder).as_posix()


def _by_sample(
    paths: Sequence[PurePosixPath], outputs: Sequence[_Output]
) -> dict[str, dict[Source, PurePosixPath]]:
    """The best file of each caller for each sample."""
    found: dict[str, dict[Source, PurePosixPath]] = {}
    for output in outputs:
        ranked = sorted(_files(paths, output), key=lambda one: (one[0], one[1], str(one[2])))
        for sample, _, path in ranked:
            found.setdefault(sample, {}).setdefault(output.source, path)
    return found


def _files(
    paths: Iterable[PurePosixPath], output: _Output
) -> Iterator[tuple[str, int, PurePosixPath]]:
    """The sample, the rank of the form, and the path, for all files of a caller."""
    for path in paths:
        name = path.name.removesuffix(_PACKED)
        rank = next((i for i, end in enumerate(output.endings) if name.endswith(end)), None)
        if rank is None or name.startswith(".") or not _is_in(path, output.folders):
            continue
        yield name.removesuffix(output.endings[rank]), rank, path


def _is_in(path: PurePosixPath, folders: Iterable[str]) -> bool:
    """Whether a path lies directly in one of the folders, of which `*` is any one folder."""
    parts = path.parent.parts
    wanted = (folder.split("/") for folder in folders)
    return any(
        len(parts) == len(want) and all(w in ("*", p) for w, p in zip(want, parts, strict=True))
        for want in wanted
    )


def add_rnafusion(
    sheet: Sequence[SampleFile], found: Sequence[SampleFile], *, name: str
) -> tuple[SampleFile, ...]:
    """A sample sheet and the files of a results folder as one sheet, the sheet's rows first.

    A sample of the folder that the sheet lists, by its name or by one of the folder's files, is
    that sample: its patient, date and time point are the sheet's. A file in both is taken once.

    Args:
        sheet: The rows of the sheet.
        found: The files of the folder.
        name: How messages call the sheet.

    Raises:
        InputError: If the sheet lists files of one sample of the folder as two samples, or as
            genomic DNA.
    """
    listed = {_place(path, file): row for row in sheet for _, file, path in row.files}
    by_name = {row.sample: row for row in reversed(sheet)}
    owners: dict[str, SampleFile] = {}
    for entry in found:
        for row in (by_name.get(entry.sample), listed.get(_place(entry.path, entry.name))):
            if row is not None and row.sample:
                _check_owner(owners.setdefault(entry.sample, row), row, name)
    return (
        *sheet,
        *(
            _owned(entry, owners.get(entry.sample))
            for entry in found
            if _place(entry.path, entry.name) not in listed
        ),
    )


def _place(path: Path, name: str) -> str:
    """A file whatever it is called; one that lies elsewhere than on a disk has its address."""
    place = str(Path(name)) if "://" in name else str(path)
    # As a path `s3://bucket` has become `s3:/bucket`.
    return place if _ADDRESS.match(place) else realpath(place)


def _check_owner(owner: SampleFile, row: SampleFile, name: str) -> None:
    if (row.patient, row.sample) != (owner.patient, owner.sample):
        first, second = sorted((owner.line, row.line))
        raise InputError(
            f"the sample of line {first} and this one are one in the results folder",
            file=name,
            line=second,
            column="sample",
            remedy="give both rows the same sample, or read one of the two without the folder",
        )
    if row.assay is not Assay.RNA_SEQ:
        raise InputError(
            f"expected {Assay.RNA_SEQ} for a sample of the results folder, found {row.assay}",
            file=name,
            line=row.line,
            column="assay",
            remedy="give what was read of DNA a sample of its own",
        )


def _owned(entry: SampleFile, owner: SampleFile | None) -> SampleFile:
    if owner is None:
        return entry
    return replace(
        entry,
        patient=owner.patient,
        sample=owner.sample,
        date=owner.date,
        timepoint=owner.timepoint,
    )

"""The sample sheet: which file belongs to which sample of which patient."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os.path import normpath
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.nfcore_sheet import OPTIONAL, REQUIRED, OwnRow, is_nfcore, own_rows
from fusion_caller.own_columns import read_own_table
from fusion_caller.records import Assay, SampleFusions, Source, Timepoint
from fusion_caller.tables import columns_of_header, read_head
from fusion_caller.timepoints import read_day, read_timepoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

AUTO = "auto"
_REQUIRED = ("patient", "sample", "source", "file")
_OPTIONAL = ("file_2", "assay", "date", "timepoint")
# In the sheet of a task: what the user's own sheet calls the files that were staged for it.
LISTED = ("listed_as", "listed_as_2")
COLUMNS = (*_REQUIRED, *_OPTIONAL, *LISTED)
FILE_COLUMNS = ("file", "file_2")
_ASSAYS = (Assay.RNA_SEQ, Assay.DNA_SEQ)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """One row of the sample sheet; patient and sample are empty for a cohort table.

    `source` is None where the caller is to be recognised from the content. `name` is the file as
    written in the sheet, `path` the same seen from the sheet's folder; `name_2` and `path_2` are
    the second reads of pairs, empty and None where there are none. `assay` says whether RNA or
    genomic DNA was read, `date` (YYYY-MM-DD) and `timepoint` when the sample was taken.
    `line` is 0 where no sheet lists the file, `columns` are what it calls `file` and `file_2`.
    `more_lanes` are the other rows of the same sample's reads; see `with_lanes`.
    """

    patient: str
    sample: str
    source: Source | None
    name: str
    path: Path
    line: int
    name_2: str = ""
    path_2: Path | None = None
    assay: Assay = Assay.RNA_SEQ
    date: str = ""
    timepoint: Timepoint = Timepoint.UNKNOWN
    columns: tuple[str, str] = FILE_COLUMNS
    more_lanes: tuple[SampleFile, ...] = ()

    @property
    def rows(self) -> tuple[SampleFile, ...]:
        """The row itself and those of the other lanes."""
        return self, *self.more_lanes

    @property
    def files(self) -> tuple[tuple[str, str, Path], ...]:
        """Column, name and path of each of its files, those of the other lanes included."""
        both = (
            zip(row.columns, (row.name, row.name_2), (row.path, row.path_2), strict=True)
            for row in self.rows
        )
        return tuple(
            (column, name, path) for row in both for column, name, path in row if path is not None
        )


def with_lanes(sheet: Sequence[SampleFile]) -> tuple[SampleFile, ...]:
    """The rows of a sheet, those of one sample's reads as one: they are its lanes."""
    reads: dict[tuple[str, str], int] = {}
    kept: list[SampleFile] = []
    for entry in sheet:
        owner = entry.patient, entry.sample
        if entry.source is Source.FASTQ and owner in reads:
            first = kept[reads[owner]]
            kept[reads[owner]] = replace(first, more_lanes=(*first.more_lanes, entry))
            continue
        if entry.source is Source.FASTQ:
            reads[owner] = len(kept)
        kept.append(entry)
    return tuple(kept)


def read_samplesheet(
    path: Path, *, name: str | None = None, folder: Path | None = None
) -> tuple[SampleFile, ...]:
    """Read `patient,sample,source,file[,file_2,assay,date,timepoint]`; `source` may be `auto`.

    A sheet of nf-core is read too; see `fusion_caller.nfcore_sheet`.

    Args:
        path: The sheet.
        name: How messages call it; as given if absent.
        folder: What the files are relative to; the sheet's own folder if absent.

    Raises:
        InputError: With file, line and column.
    """
    name = name or str(path)
    folder = path.parent if folder is None else folder
    sheet = tuple(_sample_file(row, folder, name) for row in _own_rows(path, name))
    _check_owners(sheet, name)
    return sheet


def _own_rows(path: Path, name: str) -> Iterator[OwnRow]:
    head = read_head(path, name=name, lines=1)
    if is_nfcore(columns_of_header(head[0] if head else "")):
        table = read_own_table(path, name=name, required=REQUIRED, optional=OPTIONAL)
        for row in table.rows:
            yield from own_rows(row, name=name)
        return
    table = read_own_table(path, name=name, required=_REQUIRED, optional=(*_OPTIONAL, *LISTED))
    yield from (OwnRow(row=row, columns=FILE_COLUMNS) for row in table.rows)


def _check_owners(sheet: tuple[SampleFile, ...], name: str) -> None:
    """Refuse a file or a sample that is listed for two: that is how samples are swapped."""
    files: dict[str, SampleFile] = {}
    samples: dict[str, SampleFile] = {}
    for entry in sheet:
        for column, _, path in entry.files:
            first = files.setdefault(normpath(path), entry)
            if first is not entry:
                raise InputError(
                    f"the same file is listed in line {first.line} too",
                    file=name,
                    line=entry.line,
                    column=column,
                    remedy="remove one of the rows",
                )
        owner = samples.setdefault(entry.sample, entry)
        if owner.sample and _taken(owner) != _taken(entry):
            raise InputError(
                f"the sample of line {owner.line} has another assay, date or timepoint there",
                file=name,
                line=entry.line,
                column="sample",
                remedy="give all files of a sample the same, or the samples names of their own",
            )
        if owner.patient != entry.patient:
            raise InputError(
                f"the sample of line {owner.line} belongs to another patient there",
                file=name,
                line=entry.line,
                column="sample",
                remedy="give each patient's samples names of their own",
            )


def _taken(entry: SampleFile) -> tuple[Assay, str, Timepoint]:
    return entry.assay, entry.date, entry.timepoint


def with_sampling(
    samples: Iterable[SampleFusions], sheet: Iterable[SampleFile]
) -> tuple[SampleFusions, ...]:
    """Say of each sequenced sample what was read and when it was taken, as its sheet does."""
    said = {(entry.patient, entry.sample): entry for entry in sheet}
    done = []
    for sample in samples:
        entry = said.get((sample.patient, sample.sample))
        if entry is not None:
            assay, day, timepoint = _taken(entry)
            sample = replace(sample, assay=assay, date=day, timepoint=timepoint)  # noqa: PLW2901
        done.append(sample)
    return tuple(done)


def _assay(text: str) -> Assay:
    known = {assay.value: assay for assay in _ASSAYS} | {"": Assay.RNA_SEQ}
    if text.lower() not in known:
        raise BadValueError(f"expected {' or '.join(_ASSAYS)} or an empty cell, found '{text}'")
    return known[text.lower()]


def _sample_file(own: OwnRow, folder: Path, name: str) -> SampleFile:
    row = own.row

    def problem(column: str, text: str, remedy: str | None = None) -> InputError:
        return InputError(text, file=name, line=row.line, column=column, remedy=remedy)

    if not row["file"]:
        raise problem("file", "expected a file, found none")
    source = row["source"].lower() or AUTO
    second = row.get("file_2")
    if second and source != Source.FASTQ:
        raise problem(
            "file_2", "only reads come in two files", f"write {Source.FASTQ} as their source"
        )
    if source != AUTO and source not in set(Source):
        known = ", ".join((AUTO, *Source))
        raise problem("source", f"expected one of {known}, found '{row['source']}'")
    if bool(row["patient"]) != bool(row["sample"]):
        empty = "sample" if row["patient"] else "patient"
        raise problem(
            empty,
            "expected patient and sample, or neither of them for a cohort table",
            "fill the empty one",
        )
    # The sample first: a sheet of nf-core has no patient of its own.
    for column in ("sample", "patient"):
        if row[column]:
            try:
                check_identifier(row[column], what=column)
            except BadValueError as error:
                raise problem(column, error.problem) from None
    column = "assay"
    try:
        assay = _assay(row.get("assay"))
        column = "date"
        day = read_day(row.get("date"))
        column = "timepoint"
        timepoint = read_timepoint(row.get("timepoint"))
    except BadValueError as error:
        raise problem(column, error.problem) from None
    return SampleFile(
        assay=assay,
        date=day,
        timepoint=timepoint,
        patient=row["patient"],
        sample=row["sample"],
        source=None if source == AUTO else Source(source),
        name=row.get("listed_as") or row["file"],
        path=folder / row["file"],
        name_2=row.get("listed_as_2") or second,
        path_2=folder / second if second else None,
        line=row.line,
        columns=own.columns,
    )

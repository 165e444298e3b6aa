"""Fusion callers' files to `FusionCall` records; the format is recognised from the header.

To add a caller, write a module with a `Reader` and name it in `READERS`: the columns that make its
header unmistakable, and a pure function from one row to one call. A row whose values cannot be read
is set aside with its line and the reason; a file whose structure is damaged is refused as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.readers import (
    arriba,
    defuse,
    ericscript,
    fusioncatcher,
    jaffa,
    soapfuse,
    star_fusion,
)
from fusion_caller.readers.reader import Origin
from fusion_caller.records import Disposition, FusionCall, SetAside, Source
from fusion_caller.tables import is_empty, read_header, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Reader
    from fusion_caller.tables import Row

_KMT2A = re.compile(r"(?<![A-Za-z0-9])(?:KMT2A|MLL1?)(?![A-Za-z0-9])")

READERS: tuple[Reader, ...] = (
    star_fusion.PREDICTIONS,
    star_fusion.COHORT_PAIRS,
    arriba.FUSIONS,
    fusioncatcher.CANDIDATES,
    jaffa.RESULTS,
    defuse.RESULTS,
    ericscript.RESULTS,
    soapfuse.GENES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerFile:
    """What was read from one file: `n_rows` is the sum of the calls and the refused rows.

    `sample` and `patient` are empty where the file names its own samples.
    """

    file: str
    patient: str
    sample: str
    source: Source
    variant: str
    n_rows: int
    calls: tuple[FusionCall, ...]
    set_aside: tuple[SetAside, ...]


def recognise(columns: Sequence[str]) -> Reader | None:
    """The reader whose unmistakable columns are all in a header, or None."""
    return next((reader for reader in READERS if reader.recognises(columns)), None)


def names_its_samples(path: Path) -> bool:
    """Whether a file says itself which sample a row belongs to.

    Raises:
        InputError: If the file cannot be read.
    """
    if is_empty(path, name=str(path)):
        return False
    reader = recognise(read_header(path, name=str(path)))
    return reader is not None and reader.names_samples


def read_caller_file(
    path: Path,
    *,
    name: str | None = None,
    source: Source | None = None,
    patient: str = "",
    sample: str = "",
) -> CallerFile:
    """Read one caller's file.

    A file with only a header, or an empty one whose source is stated, means that the caller found
    no fusion.

    Args:
        path: The file, plain or gzipped.
        name: How tables and messages call it; the path as given if absent.
        source: The caller, or None to recognise it from the header.
        patient: Whose sample it is; empty for a table that names its samples.
        sample: The sample; empty for a table that names its samples.

    Raises:
        InputError: If the file cannot be read, is no known format, or is not from `source`.
    """
    name = name or str(path)
    if is_empty(path, name=name):
        if source is None:
            raise InputError(
                "the file is empty, so the caller cannot be recognised",
                file=name,
                remedy="name the caller in the column 'source' if it found no fusion",
            )
        return CallerFile(
            file=name,
            patient=patient,
            sample=sample,
            source=source,
            variant="empty file",
            n_rows=0,
            calls=(),
            set_aside=(),
        )
    columns = read_header(path, name=name)
    reader = recognise(columns)
    if reader is None or (source is not None and reader.source is not source):
        raise _not_recognised(name, columns, source, reader)
    if sample and reader.sample_columns:
        raise InputError(
            "this is a cohort table that names its own samples, but a sample is given for it",
            file=name,
            remedy="leave patient and sample empty",
        )
    if not sample and not reader.names_samples:
        raise InputError(
            f"{reader.source} output holds one sample, but the sample sheet names none for it",
            file=name,
            remedy="fill the column 'sample'",
        )
    table = read_table(path, name=name, quoting=False)
    if sample:
        reader.check_one_sample(table)
    calls: list[FusionCall] = []
    refused: list[SetAside] = []
    for row in table.rows:
        origin = Origin(patient=patient, sample=sample, file=name)
        try:
            origin = reader.origin(row, table, patient, sample)
            calls.append(reader.parse_row(row, origin))
        except BadValueError as error:
            refused.append(_refused(row, error, origin))
    return CallerFile(
        file=name,
        patient=patient,
        sample=sample,
        source=reader.source,
        variant=reader.variant,
        n_rows=len(table.rows),
        calls=tuple(calls),
        set_aside=tuple(refused),
    )


def _refused(row: Row, error: BadValueError, origin: Origin) -> SetAside:
    where = f"column '{error.column}': " if error.column else ""
    names_kmt2a = any(_KMT2A.search(value) for value in row.values.values())
    about = "the row names KMT2A; " if names_kmt2a else ""
    return SetAside(
        file=origin.file,
        line=row.line,
        patient=origin.patient,
        sample=origin.sample,
        names_kmt2a=names_kmt2a,
        disposition=Disposition.REFUSED,
        reason=f"{about}{where}{error.problem}",
    )


def _not_recognised(
    name: str, columns: Sequence[str], source: Source | None, found: Reader | None
) -> InputError:
    if found is not None:
        return InputError(
            f"expected {source} output, found {found.source} output",
            file=name,
            line=1,
            remedy="correct the column 'source' or write auto",
        )
    wanted = [reader for reader in READERS if source in (None, reader.source)]
    nearest = max(wanted, key=lambda reader: len(set(reader.signature) & set(columns)))
    missing = [column for column in nearest.signature if column not in columns]
    if missing and len(missing) < len(nearest.signature):
        return InputError(
            f"this looks like {nearest.source} output, but it lacks the column"
            f"{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
            file=name,
            line=1,
        )
    known = ", ".join(dict.fromkeys(reader.source for reader in wanted))
    return InputError(
        f"expected the header of a caller that is known ({known}), found {len(columns)} column"
        f"{'s' if len(columns) > 1 else ''} of another table",
        file=name,
        line=1,
    )

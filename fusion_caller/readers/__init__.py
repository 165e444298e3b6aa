"""Fusion callers' files to `FusionCall` records; the format is recognised from the content.

To add a caller, write a module with a `Reader` (the columns that make its header unmistakable, and
a pure function from one row to one call) or, for what is no table, another `Format`, and name it in
`FORMATS`. A row whose values cannot be read is set aside with its line and the reason; a file whose
structure is damaged is refused as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.errors import InputError
from fusion_caller.knowledge import KMT2A
from fusion_caller.readers import (
    aeron,
    arriba,
    bedpe,
    chimerascan,
    chimeric_junction,
    chimpipe,
    cicero,
    ctat_lr_fusion,
    defuse,
    dragen,
    ericscript,
    fusion_inspector,
    fusion_report,
    fusioncatcher,
    fuzzion2,
    fuzzum,
    infusion,
    jaffa,
    km,
    pizzly,
    prada,
    soapfuse,
    squid,
    star_fusion,
    star_seqr,
    tophat_fusion,
    vcf,
)
from fusion_caller.readers.reader import Content, Origin, Reader, first_row
from fusion_caller.records import Disposition, FusionCall, SetAside, Source
from fusion_caller.tables import BLANKS, check_header, is_empty, read_head

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Format

# Those without a header come last: what they look like is less certain.
FORMATS: tuple[Format, ...] = (
    star_fusion.PREDICTIONS,
    star_fusion.EARLY_ABRIDGED,
    star_fusion.EARLY_FULL,
    star_fusion.COHORT_PAIRS,
    fusion_inspector.FUSIONS,
    arriba.FUSIONS,
    fusioncatcher.CANDIDATES,
    cicero.FUSIONS,
    jaffa.RESULTS,
    pizzly.TABLE,
    pizzly.JSON,
    ctat_lr_fusion.PREDICTIONS,
    dragen.CANDIDATES,
    defuse.RESULTS,
    ericscript.RESULTS,
    squid.VARIANTS,
    squid.ANNOTATED,
    infusion.FUSIONS,
    infusion.DETAILED,
    soapfuse.GENES,
    prada.PAIRS,
    star_seqr.BREAKPOINTS,
    chimerascan.CHIMERAS,
    chimpipe.JUNCTIONS,
    fusion_report.TABLE,
    fusion_report.TABLE_WITH_SCORE,
    fusion_report.NAMES,
    fusion_report.JSON,
    vcf.VARIANTS,
    fuzzion2.HITS,
    fuzzum.SUMMARY,
    fuzzum.NOT_OUTPUT,
    km.PATHS,
    bedpe.PAIRS,
    chimeric_junction.JUNCTIONS,
    tophat_fusion.RESULT,
    tophat_fusion.FUSIONS,
    aeron.FUSIONS,
    bedpe.PAIRS_WITHOUT_HEADER,
)


EMPTY = "empty file"
TOO_FEW_READS = "too few reads of KMT2A to tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerFile:
    """What was read from one file.

    `n_rows` is the sum of the rows in calls (`FusionCall.n_rows`) and of those in none
    (`n_set_aside`); `set_aside` holds the latter and the rows that are in a call but should be
    looked at. `sample` and `patient` are
    empty where the file names its own samples; `build` is empty where nothing in it tells.
    `n_calls_let_go` counts calls that are no longer held, `owners_let_go` lists whose they were
    where the file names its samples.
    """

    file: str
    patient: str
    sample: str
    source: Source
    variant: str
    build: str = ""
    n_rows: int
    calls: tuple[FusionCall, ...]
    set_aside: tuple[SetAside, ...]
    n_calls_let_go: int = 0
    owners_let_go: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be said from the file: no content, or reads too few to tell."""
        return self.variant in (EMPTY, TOO_FEW_READS)

    @property
    def owners(self) -> tuple[tuple[str, str], ...]:
        """Patient and sample of everything in the file, those without a KMT2A call included."""
        own = ((self.patient, self.sample),) if self.sample else self.owners_let_go
        held = ((call.patient, call.sample) for call in self.calls)
        return tuple(dict.fromkeys((*own, *held)))

    @property
    def n_calls(self) -> int:
        """The calls made from the file, those that were let go included."""
        return len(self.calls) + self.n_calls_let_go

    def kmt2a_only(self) -> CallerFile:
        """The file without its calls that have no KMT2A, as a run of many files keeps it."""
        kept = tuple(call for call in self.calls if KMT2A in (call.gene_5prime, call.gene_3prime))
        return replace(
            self,
            calls=kept,
            n_calls_let_go=self.n_calls - len(kept),
            owners_let_go=() if self.sample else self.owners,
        )

    @property
    def n_refused(self) -> int:
        """Rows that could not be read."""
        return sum(row.disposition is Disposition.REFUSED for row in self.set_aside)

    @property
    def n_set_aside(self) -> int:
        """Rows that are in no call: refused, or passed over as no fusion of KMT2A."""
        return sum(
            row.n_rows for row in self.set_aside if row.disposition is not Disposition.FLAGGED
        )


def recognise(head: Sequence[str]) -> Format | None:
    """The format of a file that begins with these lines, or None."""
    return next((known for known in FORMATS if known.recognises(head)), None)


def names_its_samples(path: Path) -> bool:
    """Whether a file says itself which sample a row belongs to.

    Raises:
        InputError: If the file cannot be read.
    """
    if is_empty(path, name=str(path)):
        return False
    found = recognise(read_head(path, name=str(path)))
    if found is vcf.VARIANTS and not vcf.has_samples(path, name=str(path)):
        return False
    return found is not None and found.names_samples


def read_caller_file(
    path: Path,
    *,
    name: str | None = None,
    source: Source | None = None,
    patient: str = "",
    sample: str = "",
) -> CallerFile:
    """Read one caller's file.

    A file with only a header (of fusion-report an empty list) means that the caller found no
    fusion. One without content is read where its source is stated, and is said to be empty.

    Args:
        path: The file, plain or gzipped.
        name: How tables and messages call it; the path as given if absent.
        source: The caller, or None to recognise it from the content.
        patient: Whose sample it is; empty for a table that names its samples.
        sample: The sample; empty for a table that names its samples.

    Raises:
        InputError: If the file cannot be read, is no known format, or is not from `source`.
    """
    name = name or str(path)
    head = read_head(path, name=name)
    if not "".join(head).strip(BLANKS) and is_empty(path, name=name):
        if source is None:
            raise InputError(
                "the file is empty, so the caller cannot be recognised",
                file=name,
                remedy="a caller that ended early leaves such a file: run it again, or remove the "
                "row",
            )
        variant = EMPTY
        content = Content(n_rows=0, calls=(), set_aside=(_nothing(name, patient, sample),))
    else:
        known = recognise(head)
        if known is None and source is Source.FUSION_REPORT and _is_empty_list(head):
            known = fusion_report.JSON
        if known is None or source not in (None, known.source, *known.also):
            raise _not_recognised(name, head, source, known)
        _check_sample(known, sample, name)
        source = source or known.source
        origin = Origin(patient=patient, sample=sample, file=name, source=source)
        variant, content = known.variant, known.read(path, origin)
    return CallerFile(
        file=name,
        patient=patient,
        sample=sample,
        source=source,
        variant=variant,
        n_rows=content.n_rows,
        calls=content.calls,
        set_aside=content.set_aside,
        owners_let_go=() if sample else content.owners,
    )


def _is_empty_list(head: Sequence[str]) -> bool:
    return re.fullmatch(r"\s*\[\s*\]\s*", "".join(head)) is not None


def _nothing(file: str, patient: str, sample: str) -> SetAside:
    """A remark on a file without content: most callers write a header where they find nothing."""
    return SetAside(
        file=file,
        line=1,
        patient=patient,
        sample=sample,
        disposition=Disposition.FLAGGED,
        n_rows=0,
        reason="the file is empty: a caller that ended early writes the same, so it makes no "
        "sample negative",
    )


def _check_sample(known: Format, sample: str, name: str) -> None:
    if sample and known.names_all_samples:
        raise InputError(
            "this is a cohort table that names its own samples, but a sample is given for it",
            file=name,
            remedy="leave patient and sample empty",
        )
    if not sample and not known.names_samples:
        raise InputError(
            f"{known.source} output holds one sample, but the sample sheet names none for it",
            file=name,
            remedy="name the sample: in the column 'sample' of the sheet, or by --sample",
        )


def _not_recognised(
    name: str, head: Sequence[str], source: Source | None, found: Format | None
) -> InputError:
    if found is not None:
        return InputError(
            f"expected {source} output, found {found.source} output",
            file=name,
            line=1,
            remedy="correct the column 'source' or write auto",
        )
    # What is wrong with the header itself comes before what it should be.
    columns = check_header(first_row(head, ""), name)
    wanted = [known for known in FORMATS if source in (None, known.source, *known.also)]
    tables = [known for known in wanted if isinstance(known, Reader) and known.signature]
    if tables:
        nearest = max(tables, key=lambda known: len(set(known.signature) & set(columns)))
        missing = [column for column in nearest.signature if column not in columns]
        if missing and len(missing) < len(nearest.signature):
            return InputError(
                f"this looks like {nearest.source} output, but it lacks the column"
                f"{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
                file=name,
                line=1,
            )
    known_sources = source or ", ".join(dict.fromkeys(known.source for known in wanted))
    return InputError(
        f"expected the output of a caller that is known ({known_sources}), found {len(columns)} "
        f"column{'s' if len(columns) > 1 else ''} of another table",
        file=name,
        line=1,
    )

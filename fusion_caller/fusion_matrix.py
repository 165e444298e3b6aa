"""One table across samples: a row for each fusion, a column for each sample."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fusion_caller.tables import neutralise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fusion_caller.records import Kmt2aFusion, SampleFusions

MATRIX_COLUMNS = ("fusion", "kind", "partner", "samples")


def matrix_columns(samples: Sequence[SampleFusions]) -> tuple[str, ...]:
    """The columns of the table: what the fusion is, how many samples have it, each sample."""
    return (*MATRIX_COLUMNS, *map(_column, sample_names(samples)))


def sample_names(samples: Sequence[SampleFusions]) -> tuple[str, ...]:
    """What each sample is called: by its patient too, where two patients' are called the same."""
    seen = Counter(sample.sample for sample in samples)
    return tuple(
        sample.sample if seen[sample.sample] == 1 else f"{sample.patient}:{sample.sample}"
        for sample in samples
    )


def _column(name: str) -> str:
    """A sample's name as the head of a column, which a spreadsheet must not run as a formula."""
    return f"{name} (sample)" if name in MATRIX_COLUMNS else neutralise(name)


def matrix_rows(samples: Sequence[SampleFusions]) -> Iterator[dict[str, object]]:
    """The rows, the commonest fusion first.

    A cell holds the split reads of the best-supported caller, `yes` where it counts none, and
    nothing where the sample does not have the fusion. Of two events of one name, as with partners
    that are not known, it is the better supported.
    """
    names = matrix_columns(samples)[len(MATRIX_COLUMNS) :]
    found: dict[tuple[str, str, str], dict[str, object]] = defaultdict(dict)
    for name, sample in zip(names, samples, strict=True):
        for event in sample.events:
            found[event.fusion, event.kind, event.partner].setdefault(name, _cell(event))
    for key in sorted(found, key=lambda key: (-len(found[key]), key)):
        row: dict[str, object] = dict(zip(MATRIX_COLUMNS, (*key, len(found[key])), strict=True))
        yield row | {name: found[key].get(name) for name in names}


def _cell(event: Kmt2aFusion) -> object:
    split_reads = event.reads[0].split_reads
    return "yes" if split_reads is None else split_reads

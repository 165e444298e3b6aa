"""Where a caller lists every gene that overlaps a breakpoint: the one of them that is meant.

Overlapping loci hide real fusions (DCPS under a clone's name), so that a gene known to be fused to
KMT2A, or KMT2A itself, comes before the first of the list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.gene_names import resolve_symbol
from fusion_caller.knowledge import KMT2A, mapped_genes, partners

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.records import Breakpoint

# How callers write that there is no gene.
_NO_NAME = ("", ".", "-", "na", "none", "intergenic")


def listed(text: str) -> tuple[str, ...]:
    """The names in a list whose separators are commas or semicolons; none for `NA` and the like."""
    names = (name.strip() for name in re.split("[,;]", text))
    return tuple(name for name in names if name.lower() not in _NO_NAME)


def rank(name: str) -> int:
    """How much a name says: 2 for KMT2A, 1 for a gene known to be fused to it, 0 for another."""
    symbol = resolve_symbol(name)
    return 2 if symbol == KMT2A else int(symbol in partners())


def likeliest(names: Sequence[str]) -> int:
    """The place in a list of the gene that is meant: of highest rank, the first of several."""
    return max(range(len(names)), key=lambda number: rank(names[number]))


def strand_of(symbol: str) -> str:
    """The strand of a gene whose place is packaged, nothing for another."""
    gene = mapped_genes().get(symbol)
    return gene.strand if gene else ""


def holds(symbol: str, place: Breakpoint | None) -> bool | None:
    """Whether a position lies in a gene on either build; None where the gene's place is unknown."""
    gene = mapped_genes().get(symbol)
    if gene is None or place is None:
        return None
    spans = [(gene.start, gene.end)]
    if gene.start_grch37 is not None and gene.end_grch37 is not None:
        spans.append((gene.start_grch37, gene.end_grch37))
    return place.contig == gene.contig and any(a <= place.position <= b for a, b in spans)

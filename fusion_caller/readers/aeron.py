"""AERON `fusion_support.txt`: two columns without a header, for long reads.

The first is the name that AERON's `pick_fusion_exemplar.py` gives a fusion: number, gene and length
aligned on the left of the exemplary read, the same on its right, reads that suggested it. The
second is the number of reads that align across its junction (`fusion_support_sam.py`). There are
neither symbols nor positions; symbols are known for packaged genes. A long read may run against its
transcript, and AERON does not say whether it does: which gene is 5' is not known, its order is
kept.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.knowledge import mapped_genes
from fusion_caller.readers.reader import Reader, count
from fusion_caller.records import ORIENTATION_NOT_KNOWN, FusionCall, Source
from fusion_caller.tables import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_NAME = re.compile(r"fusion_[0-9]+_(\S+)_[0-9]+bp_(\S+)_[0-9]+bp_[0-9]+reads")
_COLUMNS = ("fusion", "support")


@cache
def _symbols() -> dict[str, str]:
    return {_bare(gene.gene_id): gene.symbol for gene in mapped_genes().values() if gene.gene_id}


def _bare(identifier: str) -> str:
    """An identifier without its version."""
    return identifier.partition(".")[0]


def _symbol(identifier: str) -> str:
    """The gene's symbol, or its identifier where it is not packaged."""
    return _symbols().get(_bare(identifier), _bare(identifier))


def _looks_like(cells: Sequence[str]) -> bool:
    return len(cells) == len(_COLUMNS) and bool(_NAME.fullmatch(cells[0]))


def _support(row: Row, origin: Origin) -> FusionCall:
    name = _NAME.fullmatch(row["fusion"])
    if not name:
        raise BadValueError(
            f"expected fusion_<number>_<gene>_<length>bp_<gene>_<length>bp_<number>reads, found "
            f"'{row['fusion']}'",
            column="fusion",
        )
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=_symbol(name[1]),
        gene_3prime=_symbol(name[2]),
        reported_5prime=name[1],
        reported_3prime=name[2],
        gene_id_5prime=name[1],
        gene_id_3prime=name[2],
        split_reads=count(row, "support"),
        event_type=ORIENTATION_NOT_KNOWN,
        # The lengths and the reads that suggested the fusion are in its name only.
        extras={"fusion": row["fusion"]},
        file=origin.file,
        line=row.line,
    )


FUSIONS = Reader(
    source=Source.AERON,
    variant="fusion_support.txt",
    parse_row=_support,
    layout=Layout(columns=_COLUMNS),
    looks_like=_looks_like,
)

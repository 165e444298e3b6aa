"""FusionInspector `finspector.FusionInspector.fusions.tsv`, full, abridged, and annotated.

Columns from FusionInspector's wiki (Outputs Described) and repository. They are STAR-Fusion's with
the breakpoints on FusionInspector's own contigs (`LeftLocalBreakpoint`) and the counter-evidence
besides: `FAR_left` (`FAF_left` before 1.3), `est_J` from 2.3, microhomology from 2.5, coding effect
where it was asked for; before 2.0 the file was `fusion_predictions.final.abridged.FFPM`.
`JunctionReadCount` counts split reads, `SpanningFragCount` pairs around the junction. The left gene
is the 5' one; positions are 1-based and those of the bases kept. FusionInspector joins two
different genes only, so that a tandem duplication is not in it.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_caller.readers.reader import Reader
from fusion_caller.readers.star_fusion import prediction
from fusion_caller.records import Source
from fusion_caller.tables import read_head

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Content, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fusions(Reader):
    """The table, also where a carriage return stands in the middle of each line.

    From 2.5 on, until it was mended, the microhomology columns ended with one, and the annotation
    was put behind it.
    """

    def read(self, path: Path, origin: Origin) -> Content:
        """Read the table; see `Reader.read`."""
        head = read_head(path, name=origin.file, lines=1)
        if not head or not head[0].endswith("\r"):
            return Reader.read(self, path, origin)
        text = "".join(read_head(path, name=origin.file, lines=sys.maxsize))
        with tempfile.TemporaryDirectory() as folder:
            mended = Path(folder) / "fusions.tsv"
            mended.write_text(text.replace("\r\t", "\t"), encoding="utf-8", newline="")
            return Reader.read(self, mended, origin)


FUSIONS = _Fusions(
    source=Source.FUSION_INSPECTOR,
    variant="FusionInspector.fusions.tsv",
    signature=(
        "FusionName",
        "JunctionReadCount",
        "SpanningFragCount",
        "LeftGene",
        "LeftLocalBreakpoint",
        "LeftBreakpoint",
        "RightGene",
        "RightLocalBreakpoint",
        "RightBreakpoint",
    ),
    parse_row=prediction,
    # CTAT-LR-fusion merges FusionInspector's table into its own.
    absent=("num_LR",),
)

"""RT-PCR: which fusions a laboratory names as found, and which as not found.

A panel sees its own targets only, and nested PCR can find a fusion in healthy marrow; what an
assay could not have seen is said elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.assays.fusion_reading import Limits, read_molecular
from fusion_caller.records import Assay

if TYPE_CHECKING:
    from fusion_caller.knowledge import Panel
    from fusion_caller.records import AssayReading

EXPECTED = (
    "fusion names such as KMT2A::AFF1 or MLL-AF4, each with positive or negative, or not done"
)


def read_rt_pcr(text: str, *, panel: Panel | None = None) -> AssayReading:
    """Say which KMT2A fusions an RT-PCR found.

    A name without a verdict counts as found, unless another name in the same result is negative:
    then it is open what the laboratory meant, and the result is not understood. A quantity above
    zero means found, zero means not found. Exons are kept in the laboratory's own numbering.

    Args:
        text: What the laboratory wrote.
        panel: Its panel; None where it is not named or not known, so that its targets are not.
    """
    limits = Limits(panel=panel.id, targets=panel.targets) if panel else Limits(targets=())
    return read_molecular(text, Assay.RT_PCR, limits=limits, expected=EXPECTED)

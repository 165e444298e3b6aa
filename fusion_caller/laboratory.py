"""What a laboratory decides for itself: its cut-off, its panels, what counts as diagnosis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_caller import knowledge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion_caller.knowledge import Panel

# From memory, for want of the laboratory's own: published cut-offs of break-apart probes are 1-10%.
DEFAULT_CUTOFF = 0.05
# A result of a later day is not of the diagnosis sample. Our choice: treatment has begun by then.
DEFAULT_DIAGNOSIS_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """The choices of one laboratory, in force for all of its patients.

    Attributes:
        fish_cutoff: The fraction of abnormal cells from which on a FISH pattern counts.
        diagnosis_days: How many days after diagnosis, or after a patient's first dated result, a
            result still is one of the diagnosis sample.
        own_panels: The laboratory's own RT-PCR panels by identifier; they come before packaged
            ones of the same name.
    """

    fish_cutoff: float = DEFAULT_CUTOFF
    diagnosis_days: int = DEFAULT_DIAGNOSIS_DAYS
    own_panels: Mapping[str, Panel] = field(default_factory=dict)

    @property
    def panels(self) -> dict[str, Panel]:
        """Every panel that an assay table may name."""
        return {**knowledge.panels(), **self.own_panels}

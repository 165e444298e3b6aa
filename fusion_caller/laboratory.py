"""What a laboratory decides for itself: its cut-off, its panels, what counts as diagnosis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_caller import knowledge
from fusion_caller.errors import BadValueError
from fusion_caller.records import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion_caller.knowledge import Panel
    from fusion_caller.rules import RuleBook

# From memory, for want of the laboratory's own: published cut-offs of break-apart probes are 1-10%.
DEFAULT_CUTOFF = 0.05
# An inversion this short leaves both probe ends side by side in an interphase nucleus. USP2, missed
# by break-apart FISH in published cases, lies 0.83 Mb away; the limit itself is our choice.
DEFAULT_CLOSE_INVERSION_BP = 2_000_000
# What banding of leukaemic metaphases resolves surely. From memory: 5-10 Mb at 400-550 bands.
DEFAULT_BAND_RESOLUTION_BP = 10_000_000
# A result of a later day is not of the diagnosis sample. Our choice: treatment has begun by then.
DEFAULT_DIAGNOSIS_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """The choices of one laboratory, in force for all of its patients.

    Attributes:
        fish_cutoff: The fraction of abnormal cells from which on a FISH pattern counts.
        close_inversion_bp: How near a partner on 11q may lie for break-apart FISH to miss an
            inversion.
        band_resolution_bp: The smallest piece that banding shows.
        fish_cutoffs: The same for single patterns, by the code of the finding (`break_apart`,
            `loss_3prime`, `extra_5prime`); it comes before `fish_cutoff`.
        diagnosis_days: How many days after diagnosis, or after a patient's first dated result, a
            result still is one of the diagnosis sample.
        own_panels: The laboratory's own RT-PCR panels by identifier; they come before packaged
            ones of the same name.
    """

    fish_cutoff: float = DEFAULT_CUTOFF
    close_inversion_bp: int = DEFAULT_CLOSE_INVERSION_BP
    band_resolution_bp: int = DEFAULT_BAND_RESOLUTION_BP
    fish_cutoffs: Mapping[str, float] = field(default_factory=dict)
    diagnosis_days: int = DEFAULT_DIAGNOSIS_DAYS
    own_panels: Mapping[str, Panel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code, cutoff in self.fish_cutoffs.items():
            if code not in set(Finding):
                raise BadValueError(f"expected the code of a FISH finding, found '{code}'")
            if not 0 <= cutoff <= 1:
                raise BadValueError(f"expected a cut-off from 0 to 1 for {code}, found {cutoff}")

    @property
    def panels(self) -> dict[str, Panel]:
        """Every panel that an assay table may name."""
        return {**knowledge.panels(), **self.own_panels}


def laboratory_of(
    rules: RuleBook,
    *,
    fish_cutoff: float | None = None,
    own_panels: Mapping[str, Panel] | None = None,
) -> Laboratory:
    """The choices that come with a rule book, and what the command line puts in their place."""
    limits = rules.settings
    return Laboratory(
        fish_cutoff=limits["fish_cutoff"] if fish_cutoff is None else fish_cutoff,
        fish_cutoffs=rules.fish_cutoffs,
        close_inversion_bp=int(limits["close_inversion_bp"]),
        band_resolution_bp=int(limits["band_resolution_bp"]),
        diagnosis_days=int(limits["diagnosis_days"]),
        own_panels=own_panels or {},
    )

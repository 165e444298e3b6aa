"""Exposures that come after diagnosis: transplantation and CAR-T cells, as definitions.

Whoever lives to have one has survived until then. So it counts from its own time on, and never as
a factor known at diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from outcomes.clinical.dictionary import months_column


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """A definition, and how tables and figures call its two groups.

    Attributes:
        name: How an analysis calls it: an event of the clinical table.
        label: Its name for people.
        not_yet: The time before it, which may last for ever.
        after: The time after it.
        done: What was done to the patient, as in `3 patients were …`.
        column: The heading of those who had it, in one word.
    """

    name: str
    label: str
    not_yet: str
    after: str
    done: str
    column: str

    @property
    def months(self) -> str:
        """The column of the clinical table that holds its time."""
        return months_column(self.name)

    @property
    def within(self) -> str:
        """Its name within a sentence."""
        return self.label if self.label[:2].isupper() else self.label[:1].lower() + self.label[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """What is asked of exposures that come later.

    Attributes:
        exposures: Their names; empty for no such analysis.
        covariates: Factors and measures that the second model of each adjusts for.
        landmark_months: Where the curves begin; None for at diagnosis, and for those exposed at
            the first exposure.
    """

    exposures: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    landmark_months: float | None = None


EXPOSURES = MappingProxyType(
    {
        exposure.name: exposure
        for exposure in (
            Exposure(
                name="hsct",
                label="Transplantation",
                not_yet="not or not yet transplanted",
                after="after transplantation",
                done="transplanted",
                column="Transplanted",
            ),
            Exposure(
                name="car_t",
                label="CAR-T cells",
                not_yet="no CAR-T cells, or not yet",
                after="after CAR-T cells",
                done="given CAR-T cells",
                column="CAR-T",
            ),
        )
    }
)
"""The definitions by name."""

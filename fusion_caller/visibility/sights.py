"""What is looked for, how it was looked for, and whether it could be seen: the records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fusion_caller.integrated import Reason
    from fusion_caller.knowledge import FishProbe, Panel
    from fusion_caller.records import Assay, Source


class Seen(StrEnum):
    """Whether an assay sees a rearrangement."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rearrangement:
    """What there is to be seen, as far as it is known.

    Attributes:
        partner: HGNC symbol, `PTD` for the partial tandem duplication, empty where not known.
        region: KMT2A breakpoint region (`bcr1`, `bcr2`, `bcr3`, `outside`), empty where not known.
        kmt2a_exon: Last KMT2A exon kept, a MANE number on ENST00000534358.
        partner_exon: First partner exon kept, a MANE number on the partner's MANE transcript.
    """

    partner: str = ""
    region: str = ""
    kmt2a_exon: int | None = None
    partner_exon: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How an assay was done, as far as it decides what it can see.

    Attributes:
        assay: The assay.
        scope: The partners that it can see; None for any, empty where not known.
        panel: The RT-PCR panel, None where not stated.
        probe: The FISH probe, None where not stated or not known.
        callers: The fusion callers that ran on RNA-seq, empty where not stated.
    """

    assay: Assay
    scope: tuple[str, ...] | None = None
    panel: Panel | None = None
    probe: FishProbe | None = None
    callers: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class NextTest:
    """A test that would settle a question; `assay` is None where it is none of the table's."""

    assay: Assay | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Whether an assay sees a rearrangement.

    Attributes:
        seen: Whether.
        reason: The code that explains a negative result, None where nothing does.
        sentence: Why, in words.
        shows: What a positive result looks like.
        next_tests: What would settle it where the assay did not see it, the best first.
    """

    seen: Seen
    reason: Reason | None = None
    sentence: str
    shows: str = ""
    next_tests: tuple[NextTest, ...] = ()

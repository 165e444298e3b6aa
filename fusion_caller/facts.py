"""The facts of a patient that the rules of integration may ask, each with the words it can have."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from fusion_caller.integrated import Reason, Status
from fusion_caller.records import Assay

if TYPE_CHECKING:
    from collections.abc import Collection


class PartnerKnown(StrEnum):
    """Whether positive assays name a partner, and which kind."""

    NONE = "none"
    GENE = "gene"
    PTD = "ptd"


class Strength(StrEnum):
    """How much a name rests on."""

    NONE = "none"
    WEAK = "weak"
    FIRM = "firm"


class Band(StrEnum):
    """What the partner band of a positive karyotype says."""

    NONE = "none"
    UNKNOWN = "unknown"
    NO_PARTNER = "no_partner"
    KNOWN_PARTNER = "known_partner"
    OTHER_CHROMOSOME = "other_chromosome"


class YesNo(StrEnum):
    """A question answered."""

    YES = "yes"
    NO = "no"

    @classmethod
    def of(cls, value: object) -> YesNo:
        """Yes for what is true."""
        return cls.YES if value else cls.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules may ask of a patient; `MEANINGS` says each in words.

    `reasons` and `status` are there for the rules of confidence only, which come second.
    """

    done: frozenset[Assay]
    positive: frozenset[Assay]
    negative: frozenset[Assay]
    excluding: frozenset[Assay]
    left_open: YesNo
    break_outside_gene: YesNo
    band: Band
    partner: PartnerKnown
    names: frozenset[str]
    named_by: frozenset[Assay]
    support: frozenset[Assay]
    shown_by: frozenset[Assay]
    name: Strength
    reads: Strength
    nested_only: YesNo
    contradicted: YesNo
    reasons: frozenset[Reason] = frozenset()
    status: Status | None = None


MEANINGS: dict[str, str] = {
    "done": "assays that were done, whatever they gave",
    "positive": "assays that are positive",
    "negative": "assays that are negative",
    "excluding": "negative assays that see a rearrangement with any partner: FISH with a "
    "break-apart probe, RNA-seq, DNA-seq",
    "left_open": "whether a result is inconclusive or was not understood (an 11q23 that banding "
    "leaves open is settled by a negative FISH)",
    "break_outside_gene": "whether DNA-seq found the break beside KMT2A",
    "band": "the partner's band in a positive karyotype: none (no positive karyotype), unknown, "
    "no_partner (no known partner lies there), known_partner, other_chromosome (than the one that "
    "the named partner lies on)",
    "partner": "what positive assays name best: none, gene, or ptd",
    "names": "the different partners that positive assays name, paralogues as one",
    "named_by": "the assays that name the best supported partner",
    "support": "independent assays that agree with it: those that name it, and FISH or karyotype "
    "where it makes them positive; RT-PCR and qRT-PCR are one, callers on the same reads are one",
    "shown_by": "independent positive assays that show a break; beside a PTD only FISH, karyotype",
    "name": "firm if sequencing names the partner well or two independent assays support it, weak "
    "otherwise; none without a name",
    "reads": "weak if nothing but a doubtful RNA-seq event names the partner, or one assay names a "
    "gene never seen with KMT2A; firm if RNA-seq names it well, none otherwise",
    "nested_only": "whether every positive result is a screening RT-PCR that is nested, or may be",
    "contradicted": "whether an assay is negative that should have seen the partner",
    "reasons": "reason codes of the disagreements (confidence only)",
    "status": "the status found (confidence only)",
}

# The words that each fact can have; facts that are sets of free names have none.
WORDS: dict[str, Collection[str]] = {
    **dict.fromkeys(
        ("done", "positive", "negative", "excluding", "named_by", "support", "shown_by"),
        tuple(Assay),
    ),
    **dict.fromkeys(
        ("left_open", "break_outside_gene", "nested_only", "contradicted"), tuple(YesNo)
    ),
    "band": tuple(Band),
    "partner": tuple(PartnerKnown),
    "names": (),
    "name": tuple(Strength),
    "reads": tuple(Strength),
    "reasons": tuple(Reason),
    "status": tuple(Status),
}
SETS = frozenset(field.name for field in fields(Facts) if str(field.type).startswith("frozenset"))
# Known only once the status is.
LATE = frozenset({"reasons", "status"})

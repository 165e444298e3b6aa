"""The records of reconciliation: evidence, disagreements, one integrated result a patient."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fusion_caller.records import Assay, AssayReading, Flag, Verdict
    from fusion_caller.timepoints import Moment
    from fusion_caller.visibility import Method, Seen


class Status(StrEnum):
    """What is known of KMT2A in a patient."""

    REARRANGED = "rearranged"
    PARTNER_UNKNOWN = "rearranged_partner_unknown"
    PTD = "ptd"
    NOT_REARRANGED = "not_rearranged"
    INDETERMINATE = "indeterminate"
    NOT_EVALUABLE = "not_evaluable"

    @property
    def is_found(self) -> bool:
        """Whether KMT2A is rearranged or duplicated."""
        return self in (Status.REARRANGED, Status.PARTNER_UNKNOWN, Status.PTD)


class Confidence(StrEnum):
    """How well the status and the partner are supported."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    CONFLICTING = "conflicting"
    POSSIBLE = "possible"
    NONE = ""


class Reason(StrEnum):
    """Why assays disagree: a closed vocabulary, what a person must look at first."""

    UNEXPLAINED = "unexplained"
    DIFFERENT_PARTNERS = "assays_name_different_partners"
    FISH_OUTSIDE_GENE = "fish_outside_gene"
    NESTED_PCR_BACKGROUND = "nested_pcr_background"
    NOT_EXPRESSED = "not_expressed_or_low_reads"
    RECIPROCAL_ONLY = "reciprocal_only"
    FISH_INVERSION = "cryptic_to_fish_inversion"
    FISH_INSERTION = "cryptic_to_fish_insertion"
    FISH_3PRIME_LOSS = "unbalanced_fish_3prime_loss"
    PTD_NOT_VISIBLE = "ptd_not_visible"
    NOT_ON_PANEL = "partner_not_on_panel"
    OUTSIDE_PRIMERS = "breakpoint_outside_primers"
    PARALOGUE = "paralogue_ambiguity"
    BELOW_THRESHOLD = "below_caller_threshold"
    READ_THROUGH = "read_through"
    BAND_NOT_SPECIFIC = "band_not_specific"
    CRYPTIC_KARYOTYPE = "normal_karyotype_cryptic"


REASON_ORDER = tuple(Reason)


class Elsewhen(StrEnum):
    """What a sample of another time point says beside the result, which it does not decide."""

    POSITIVE = "later_sample_positive"
    """It is positive, and nothing was found in the samples that decide."""
    NAMES_PARTNER = "later_sample_names_partner"
    """It names the partner that the samples that decide do not."""
    OTHER_PARTNER = "later_sample_other_partner"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One assay of one patient: what was reported, what it means, what it could not have seen.

    `moment` says when its sample was taken. Only what `counts` decides on status and partner: a
    sample of relapse is not the diagnosis sample.
    """

    patient: str
    assay: Assay
    method: Method
    panel: str
    date: str
    moment: Moment
    counts: bool
    reported: str
    reading: AssayReading
    could_not_see: str
    file: str
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two assays, or two callers of one assay, that do not say the same, and why."""

    patient: str
    assays: str
    reason: Reason
    sentence: str
    next_test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindSpot:
    """Whether one assay, done or not, could see what a patient has, and why.

    `panel` names the RT-PCR panel, the probe or the callers, `verdict` what the assay said,
    `reason` the code that explains a negative result, `shows` what it looks like where it is seen.
    """

    patient: str
    assay: Assay
    panel: str
    verdict: Verdict
    seen: Seen
    reason: Reason | None
    sentence: str
    shows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientResult:
    """The integrated result of one patient, a row of `patients.tsv`.

    `partner` and `fusion` are given only where KMT2A is found rearranged or duplicated; what is in
    doubt, or fits the band of a karyotype, stands in `partner_suspected`. Exon numbers are MANE
    numbers on the transcripts that `transcript` names. `assays_inconclusive` holds the results that
    were not understood too. `timepoint` is that of the samples that decide, empty where nothing
    says. `status_rule` and `confidence_rule` are the rules that fired, `because` and
    `confidence_because` what they say.
    """

    patient: str
    status: Status
    partner: str
    fusion: str
    partner_suspected: tuple[str, ...]
    subtype: str
    confidence: Confidence
    status_rule: str
    because: str
    confidence_rule: str
    confidence_because: str
    timepoint: str
    elsewhen: Elsewhen
    next_test: str
    region: str
    kmt2a_exon: str
    partner_exon: str
    transcript: str
    reading_frame: str
    reciprocal: str
    flags: tuple[Flag, ...]
    assays_positive: tuple[Assay, ...]
    assays_negative: tuple[Assay, ...]
    assays_inconclusive: tuple[Assay, ...]
    assays_not_done: tuple[Assay, ...]
    reasons: tuple[Reason, ...]
    risk_group: str = ""
    risk_source: str = ""

    @property
    def discordant(self) -> bool:
        """Whether any two of the patient's assays disagree."""
        return bool(self.reasons)

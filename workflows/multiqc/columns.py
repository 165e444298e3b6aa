"""The columns of the tables that MultiQC shows, and the colours of their words."""

from __future__ import annotations

from dataclasses import replace

from fusion_caller.integrated import Confidence, Status
from fusion_caller.records import Verdict
from workflows.multiqc.content import CAUTION, FOUND, GOOD, TROUBLE, Column
from workflows.report import words

RESULT = "result"
# Not yes and no, which MultiQC has colours of its own for.
DIFFER, AGREE = "differ", "agree"
_POSITIVE, _OPEN, _UNREAD = "positive", "open", "not understood"
SAID = {
    Verdict.POSITIVE: _POSITIVE,
    Verdict.NEGATIVE: "negative",
    Verdict.INCONCLUSIVE: _OPEN,
    Verdict.NOT_UNDERSTOOD: _UNREAD,
}
_VERDICT_COLOURS = {_POSITIVE: FOUND, _OPEN: CAUTION, _UNREAD: TROUBLE}
_CONFIDENCE_COLOURS: dict[str, str] = {
    Confidence.CONFIRMED: GOOD,
    Confidence.POSSIBLE: CAUTION,
    Confidence.CONFLICTING: TROUBLE,
}
# Below a heading that says it already.
STATUSES = {status: words.STATUSES[status].removeprefix("KMT2A ") for status in Status}
_STATUS_COLOURS = {
    STATUSES[Status.REARRANGED]: FOUND,
    STATUSES[Status.PARTNER_UNKNOWN]: FOUND,
    STATUSES[Status.PTD]: FOUND,
    STATUSES[Status.INDETERMINATE]: CAUTION,
    STATUSES[Status.NOT_EVALUABLE]: TROUBLE,
}
_KMT2A = Column(
    title="KMT2A",
    description="The KMT2A fusion that sequencing of this sample shows",
    colours={_OPEN: CAUTION, _UNREAD: TROUBLE},
)
_READS = Column(
    title="Reads across",
    description="Split reads across the junction, by the caller that counts most; callers share "
    "reads, so they are never added up",
    has_bars=True,
)
GENERAL = {RESULT: _KMT2A, "reads": _READS}
_PATIENT_COLUMNS = {
    "status": Column(
        title="All assays", description="What they say together", colours=_STATUS_COLOURS
    ),
    "subtype": Column(title="Subtype", description="The group in which survival is compared"),
    "confidence": Column(
        title="Confidence",
        description="confirmed: two independent assays agree; probable: one names the partner; "
        "possible: weak or contradicted; conflicting: assays name different partners",
        colours=_CONFIDENCE_COLOURS,
    ),
    "discordant": Column(
        title="Assays", description="Whether the patient's assays agree", colours={DIFFER: CAUTION}
    ),
}
SAMPLES = {
    "patient": Column(title="Of", description="The patient", hidden=True),
    "verdict": Column(
        title="Sequencing",
        description="What sequencing of this sample says by itself",
        colours=_VERDICT_COLOURS,
    ),
    RESULT: Column(title="Fusion", description="The event that answers for the sample"),
    "exons": Column(
        title="Exons",
        description="Exons that are joined, by MANE numbers; of a tandem duplication those that "
        "are repeated",
    ),
    "region": Column(title="Region", description="Breakpoint region of KMT2A", hidden=True),
    "frame": Column(title="Frame", description="Reading frame across the junction", hidden=True),
    "callers": Column(
        title="Callers", description="Callers that report it, of those that were read"
    ),
    "reads": _READS,
    "spanning": Column(
        title="Pairs around",
        description="Pairs of reads around the junction, by the same caller",
        hidden=True,
    ),
    **_PATIENT_COLUMNS,
    # The fusion nearly says it, and all that is shown has to fit a page.
    "subtype": replace(_PATIENT_COLUMNS["subtype"], hidden=True),
    "flags": Column(title="Remarks", description="What to know of the event"),
    "more": Column(title="Further events", description="Of this sample", hidden=True),
    "timepoint": Column(title="Time point", description="When it was taken", hidden=True),
    "reading": Column(title="In words", description="What sequencing says", hidden=True),
}
PATIENTS = {
    RESULT: Column(title="Result", description="The fusion, as far as it is known"),
    **_PATIENT_COLUMNS,
    "positive": Column(title="Positive", description="Assays that are positive"),
    "negative": Column(title="Negative", description="Assays that are negative"),
    "reasons": Column(title="Why they differ", description="The reason of each disagreement"),
    "next": Column(title="Next test", description="The test that would settle it", hidden=True),
    "because": Column(title="Rule", description="The rule that decided", hidden=True),
}
FILES = {
    "what": Column(
        title="What",
        description="not read: nothing of the file is in a result",
        colours={"not read": TROUBLE, "rows refused": CAUTION},
    ),
    "sample": Column(title="Sample", description="Whose file it is"),
    "refused": Column(title="Refused", description="Rows in no result"),
    "flagged": Column(title="Flagged", description="Rows in a result, with a remark"),
    "reason": Column(title="Reason", description="Of the first of them"),
}

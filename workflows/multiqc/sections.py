"""What a reader of a MultiQC report wants to know of a cohort: its sections, from its tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fusion_caller.fusion_matrix import sample_names
from fusion_caller.integrated import Confidence, Status
from fusion_caller.records import Assay, Disposition, FusionKind, Verdict
from fusion_caller.rna_evidence import leading_event, read_rna
from workflows.multiqc.content import (
    CAUTION,
    FOUND,
    GOOD,
    TROUBLE,
    Column,
    Section,
    bar_graph,
    table,
)
from workflows.report import words
from workflows.report.patients import result_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion_caller.records import AssayReading, Kmt2aFusion, SampleFusions
    from workflows.multiqc.content import Cell
    from workflows.report.results_in import Rows

# Beyond this many rows a table is for a spreadsheet: then only what matters is listed.
MOST_ROWS = 400
# Distinct to those who see no red or green (Okabe and Ito).
_BLUE, _SKY, _AMBER, _VERMILION, _GREY, _LIGHT = (
    "#0072b2",
    "#56b4e9",
    "#e69f00",
    "#d55e00",
    "#7f7f7f",
    "#cccccc",
)
_RESULT = "result"
# Not yes and no, which MultiQC has colours of its own for.
_DIFFER, _AGREE = "differ", "agree"
_POSITIVE, _OPEN, _UNREAD = "positive", "open", "not understood"
_SAID = {
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
_STATUS_COLOURS = {
    words.STATUSES[Status.REARRANGED]: FOUND,
    words.STATUSES[Status.PARTNER_UNKNOWN]: FOUND,
    words.STATUSES[Status.PTD]: FOUND,
    words.STATUSES[Status.INDETERMINATE]: CAUTION,
    words.STATUSES[Status.NOT_EVALUABLE]: TROUBLE,
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
_GENERAL = {_RESULT: _KMT2A, "reads": _READS}
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
        title="Assays", description="Whether the patient's assays agree", colours={_DIFFER: CAUTION}
    ),
}
_SAMPLES = {
    "patient": Column(title="Of", description="The patient", hidden=True),
    "verdict": Column(
        title="Sequencing",
        description="What sequencing of this sample says by itself",
        colours=_VERDICT_COLOURS,
    ),
    _RESULT: Column(title="Fusion", description="The event that answers for the sample"),
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
    "flags": Column(title="Remarks", description="What to know of the event"),
    "more": Column(title="Further events", description="Of this sample", hidden=True),
    "timepoint": Column(title="Time point", description="When it was taken", hidden=True),
    "reading": Column(title="In words", description="What sequencing says", hidden=True),
}
_PATIENTS = {
    _RESULT: Column(title="Result", description="The fusion, as far as it is known"),
    **_PATIENT_COLUMNS,
    "positive": Column(title="Positive", description="Assays that are positive"),
    "negative": Column(title="Negative", description="Assays that are negative"),
    "reasons": Column(title="Why they differ", description="The reason of each disagreement"),
    "next": Column(title="Next test", description="The test that would settle it", hidden=True),
    "because": Column(title="Rule", description="The rule that decided", hidden=True),
}
_FILES = {
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


def general_statistics(samples: Sequence[SampleFusions]) -> Section:
    """Two columns beside those of every other tool."""
    rows: dict[str, dict[str, Cell]] = {}
    for name, sample in zip(sample_names(samples), samples, strict=True):
        event, reading = leading_event(sample), read_rna(sample)
        rows[name] = {_RESULT: _short(event, reading), "reads": _reads(event)}
    return Section(
        key="kmt2a_general",
        name="",
        description="",
        plot_type="generalstats",
        first="Sample",
        settings={
            "namespace": "kmt2a",
            "headers": {key: column.settings() for key, column in _GENERAL.items()},
        },
        columns=tuple(_GENERAL),
        rows=rows,
    )


def _reads(event: Kmt2aFusion | None) -> int | None:
    """Split reads of the caller that counts most; None where it does not count, or was none."""
    return event.reads[0].split_reads if event else None


def _short(event: Kmt2aFusion | None, reading: AssayReading) -> str:
    if reading.verdict is Verdict.POSITIVE and event is not None:
        return _named(event)
    return "none" if reading.verdict is Verdict.NEGATIVE else _SAID[reading.verdict]


def _named(event: Kmt2aFusion) -> str:
    return "KMT2A-PTD" if event.kind is FusionKind.PTD else event.fusion


def by_sample(
    samples: Sequence[SampleFusions], patients: Rows, parent: Mapping[str, str]
) -> Section:
    """Every sample that was sequenced; of very many those in which something was found."""
    of = {row["patient"]: row for row in patients}
    every = dict(zip(sample_names(samples), samples, strict=True))
    listed = every
    if len(every) > MOST_ROWS:
        listed = {
            name: one
            for name, one in every.items()
            if one.events or read_rna(one).verdict is not Verdict.NEGATIVE
        }
    shown = dict(list(listed.items())[:MOST_ROWS])
    return table(
        _SAMPLES,
        {name: _sample(sample, of.get(sample.patient)) for name, sample in shown.items()},
        key="kmt2a_samples",
        name="KMT2A by sample",
        description="What sequencing shows, and what all assays of the patient say."
        + _left_out(len(every) - len(shown), "samples", "calls/kmt2a.tsv"),
        first="Sample",
        parent=parent,
    )


def _left_out(n: int, what: str, file: str) -> str:
    return f" {n:,} more {what} stand in <code>{file}</code>." if n else ""


def _sample(sample: SampleFusions, patient: Mapping[str, str] | None) -> dict[str, Cell]:
    event, reading = leading_event(sample), read_rna(sample)
    row: dict[str, Cell] = {
        "patient": sample.patient,
        "verdict": _SAID[reading.verdict],
        "callers": f"{len(event.callers) if event else 0} of {len(sample.callers_run)}",
        "timepoint": sample.timepoint,
        "reading": reading.sentence,
        "more": "; ".join(other.fusion for other in sample.events if other is not event),
    }
    if patient is not None:
        row |= _of_patient(patient)
    if event is not None:
        joined = "::".join(filter(None, (event.kmt2a_exon, event.partner_exon)))
        row |= {
            _RESULT: _named(event),
            "exons": event.duplicated_exons or joined,
            "region": event.region,
            "frame": event.reading_frame,
            "reads": _reads(event),
            "spanning": event.reads[0].spanning_fragments,
            "flags": "; ".join(words.FLAGS.get(flag, flag) for flag in event.flags),
        }
    return row


def _of_patient(row: Mapping[str, str]) -> dict[str, Cell]:
    return {
        "status": words.STATUSES.get(row["status"], row["status"]),
        "subtype": row["subtype"],
        "confidence": row["confidence"],
        "discordant": _agreement(row),
    }


def _agreement(row: Mapping[str, str]) -> str:
    """Whether assays agree; empty where fewer than two said anything."""
    if row["discordant"] == "yes":
        return _DIFFER
    said = (row["assays_positive"], row["assays_negative"], row["assays_inconclusive"])
    n_assays = sum(len(assays.split(";")) for assays in said if assays)
    return _AGREE if n_assays > 1 else ""


def by_patient(patients: Rows, parent: Mapping[str, str]) -> Section:
    """Every patient; of very many those who are positive, open or discordant."""
    listed = patients
    if len(patients) > MOST_ROWS:
        listed = tuple(
            row
            for row in patients
            if row["status"] != Status.NOT_REARRANGED or row["discordant"] == "yes"
        )[:MOST_ROWS]
    return table(
        _PATIENTS,
        {row["patient"]: _patient(row) for row in listed},
        key="kmt2a_patients",
        name="KMT2A by patient",
        description="What all assays of a patient say together."
        + _left_out(len(patients) - len(listed), "patients", "reconciled/patients.tsv"),
        first="Patient",
        parent=parent,
    )


def _patient(row: Mapping[str, str]) -> dict[str, Cell]:
    reasons = filter(None, row["reasons"].split(";"))
    return {
        **_of_patient(row),
        _RESULT: result_in_words(row) if row["status"] in words.STATUSES else "",
        "positive": _assays(row["assays_positive"]),
        "negative": _assays(row["assays_negative"]),
        "reasons": "; ".join(words.REASONS.get(reason, reason) for reason in reasons),
        "next": row["next_test"],
        "because": row["because"],
    }


def _assays(listed: str) -> str:
    return "; ".join(words.ASSAYS.get(assay, assay) for assay in listed.split(";") if assay)


def cohort(patients: Rows, parent: Mapping[str, str]) -> Section:
    """How many patients have which result, by how sure it is."""
    numbers: dict[str, Counter[str]] = defaultdict(Counter)
    for row in patients:
        is_named = row["status"] == Status.REARRANGED
        result = f"KMT2A::{row['partner']}" if is_named else words.STATUSES[row["status"]]
        numbers[result][row["confidence"] or "none"] += 1
    # A bar that has all the others' place tells less than a sentence.
    negative = words.STATUSES[Status.NOT_REARRANGED]
    has_others = negative in numbers and len(numbers) > 1
    n_without = numbers.pop(negative).total() if has_others else 0
    last = [words.STATUSES[status] for status in Status if status is not Status.REARRANGED]

    def order(result: str) -> tuple[int, int, str]:
        place = last.index(result) + 1 if result in last else 0
        return place, -numbers[result].total(), result

    return bar_graph(
        {
            Confidence.CONFIRMED: ("confirmed", _BLUE),
            Confidence.PROBABLE: ("probable", _SKY),
            Confidence.POSSIBLE: ("possible", _AMBER),
            Confidence.CONFLICTING: ("conflicting", _VERMILION),
            "none": ("no finding", _GREY),
        },
        {result: dict(numbers[result]) for result in sorted(numbers, key=order)},
        key="kmt2a_cohort",
        name="Cohort",
        description="Patients by result, and how sure it is."
        + (f" In {n_without:,} more KMT2A is not rearranged." if n_without else ""),
        first="Result",
        parent=parent,
    )


def by_assay(detection: Rows, parent: Mapping[str, str]) -> Section:
    """What each assay said of how many patients."""
    columns = {
        "positive": ("positive", _BLUE),
        "negative": ("negative", _LIGHT),
        "inconclusive": ("inconclusive", _AMBER),
        "not_understood": ("not understood", _VERMILION),
        "not_tested": ("not tested", _GREY),
    }
    return bar_graph(
        columns,
        {
            words.ASSAYS.get(row["assay"], row["assay"]): {one: int(row[one]) for one in columns}
            for row in detection
        },
        key="kmt2a_assays",
        name="Detection by assay",
        description="Patients in whom each assay saw a KMT2A rearrangement or duplication.",
        first="Assay",
        parent=parent,
    )


def set_aside(rows: Rows, parent: Mapping[str, str]) -> Section | None:
    """The files that were not read, and those with rows that were refused or flagged."""
    files: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        if row["disposition"] != Disposition.PASSED_OVER:
            files[row["file"]].append(row)
    if not files:
        return None
    every = {file: _file(found) for file, found in files.items()}
    urgent = ("not read", "rows refused", "rows flagged")
    ranked = sorted(every, key=lambda file: urgent.index(str(every[file]["what"])))
    shown = ranked[:MOST_ROWS]
    return table(
        _FILES,
        {file: every[file] for file in shown},
        key="kmt2a_set_aside",
        name="Not read or set aside",
        description="Files that could not be read, and rows that were refused or flagged."
        + _left_out(len(ranked) - len(shown), "files", "calls/set_aside.tsv"),
        first="File",
        parent=parent,
    )


def _file(rows: Sequence[Mapping[str, str]]) -> dict[str, Cell]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["disposition"]] += int(row["n_rows"] or 1)
    worst = next(
        one
        for one in (Disposition.UNREAD, Disposition.REFUSED, Disposition.FLAGGED)
        if one in counts
    )
    first = next(row for row in rows if row["disposition"] == worst)
    names = {Disposition.UNREAD: "not read", Disposition.REFUSED: "rows refused"}
    return {
        "what": names.get(worst, "rows flagged"),
        "sample": "; ".join(dict.fromkeys(row["sample"] for row in rows if row["sample"])),
        "refused": counts[Disposition.REFUSED],
        "flagged": counts[Disposition.FLAGGED],
        "reason": first["reason"].removeprefix("not read: "),
    }


def other_assays(detection: Rows) -> bool:
    """Whether anything but sequencing was done, so that patients are more than their samples."""
    return any(row["assay"] not in (Assay.RNA_SEQ, Assay.DNA_SEQ) for row in detection)


def sections(
    samples: Sequence[SampleFusions],
    *,
    patients: Rows,
    detection: Rows,
    aside: Rows,
    parent: Mapping[str, str],
) -> Iterable[Section]:
    """The sections that have something to show."""
    if samples:
        yield general_statistics(samples)
    if patients:
        yield cohort(patients, parent)
    if detection:
        yield by_assay(detection, parent)
    if other_assays(detection):
        yield by_patient(patients, parent)
    if samples:
        yield by_sample(samples, patients, parent)
    files = set_aside(aside, parent)
    if files is not None:
        yield files

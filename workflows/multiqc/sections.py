"""What a reader of a MultiQC report wants to know of a cohort: its sections, from its tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fusion_caller.fusion_matrix import sample_names
from fusion_caller.integrated import Confidence, Status
from fusion_caller.records import Assay, Disposition, FusionKind, Verdict
from fusion_caller.rna_evidence import leading_event, read_rna
from workflows.multiqc.columns import (
    AGREE,
    DIFFER,
    FILES,
    GENERAL,
    PATIENTS,
    RESULT,
    SAID,
    SAMPLES,
    STATUSES,
)
from workflows.multiqc.content import Heading, Section, bar_graph, general, table
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


def general_statistics(samples: Sequence[SampleFusions]) -> Section:
    """Two columns beside those of every other tool."""
    rows: dict[str, dict[str, Cell]] = {}
    for name, sample in zip(sample_names(samples), samples, strict=True):
        event, reading = leading_event(sample), read_rna(sample)
        rows[name] = {RESULT: _short(event, reading), "reads": _reads(event)}
    return general(Heading(key="kmt2a_general", first="Sample"), GENERAL, rows)


def _reads(event: Kmt2aFusion | None) -> int | None:
    """Split reads of the caller that counts most; None where it does not count, or was none."""
    return event.reads[0].split_reads if event else None


def _short(event: Kmt2aFusion | None, reading: AssayReading) -> str:
    if reading.verdict is Verdict.POSITIVE and event is not None:
        return _named(event)
    return "none" if reading.verdict is Verdict.NEGATIVE else SAID[reading.verdict]


def _named(event: Kmt2aFusion) -> str:
    return "KMT2A-PTD" if event.kind is FusionKind.PTD else event.fusion


def by_sample(samples: Sequence[SampleFusions], patients: Rows) -> Section:
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
        Heading(
            key="kmt2a_samples",
            name="KMT2A by sample",
            description="What sequencing shows, and what all assays of the patient say."
            + _left_out(len(every) - len(shown), "samples", "calls/kmt2a.tsv"),
            first="Sample",
        ),
        SAMPLES,
        {name: _sample(sample, of.get(sample.patient)) for name, sample in shown.items()},
    )


def _left_out(n: int, what: str, file: str) -> str:
    return f" {n:,} more {what} stand in <code>{file}</code>." if n else ""


def _sample(sample: SampleFusions, patient: Mapping[str, str] | None) -> dict[str, Cell]:
    event, reading = leading_event(sample), read_rna(sample)
    row: dict[str, Cell] = {
        "patient": sample.patient,
        "verdict": SAID[reading.verdict],
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
            RESULT: _named(event),
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
        "status": STATUSES[Status(row["status"])],
        "subtype": row["subtype"],
        "confidence": row["confidence"],
        "discordant": _agreement(row),
    }


def _agreement(row: Mapping[str, str]) -> str:
    """Whether assays agree; empty where fewer than two said anything."""
    if row["discordant"] == "yes":
        return DIFFER
    said = (row["assays_positive"], row["assays_negative"], row["assays_inconclusive"])
    n_assays = sum(len(assays.split(";")) for assays in said if assays)
    return AGREE if n_assays > 1 else ""


def by_patient(patients: Rows) -> Section:
    """Every patient; of very many those who are positive, open or discordant."""
    listed = patients
    if len(patients) > MOST_ROWS:
        listed = tuple(
            row
            for row in patients
            if row["status"] != Status.NOT_REARRANGED or row["discordant"] == "yes"
        )[:MOST_ROWS]
    return table(
        Heading(
            key="kmt2a_patients",
            name="KMT2A by patient",
            description="What all assays of a patient say together."
            + _left_out(len(patients) - len(listed), "patients", "reconciled/patients.tsv"),
            first="Patient",
        ),
        PATIENTS,
        {row["patient"]: _patient(row) for row in listed},
    )


def _patient(row: Mapping[str, str]) -> dict[str, Cell]:
    reasons = filter(None, row["reasons"].split(";"))
    return {
        **_of_patient(row),
        RESULT: result_in_words(row),
        "positive": _assays(row["assays_positive"]),
        "negative": _assays(row["assays_negative"]),
        "reasons": "; ".join(words.REASONS.get(reason, reason) for reason in reasons),
        "next": row["next_test"],
        "because": row["because"],
    }


def _assays(listed: str) -> str:
    return "; ".join(words.ASSAYS.get(assay, assay) for assay in listed.split(";") if assay)


def cohort(patients: Rows) -> Section:
    """How many patients have which result, by how sure it is."""
    numbers: dict[str, Counter[str]] = defaultdict(Counter)
    for row in patients:
        named = row["fusion"] if row["status"] == Status.REARRANGED else ""
        result = named or words.STATUSES[row["status"]]
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
        Heading(
            key="kmt2a_cohort",
            name="Cohort",
            description="Patients by result, and how sure it is."
            + (f" In {n_without:,} more KMT2A is not rearranged." if n_without else ""),
            first="Result",
        ),
        {
            Confidence.CONFIRMED: ("confirmed", _BLUE),
            Confidence.PROBABLE: ("probable", _SKY),
            Confidence.POSSIBLE: ("possible", _AMBER),
            Confidence.CONFLICTING: ("conflicting", _VERMILION),
            "none": ("no finding", _GREY),
        },
        {result: dict(numbers[result]) for result in sorted(numbers, key=order)},
    )


def by_assay(detection: Rows) -> Section:
    """What each assay said of how many patients."""
    columns = {
        "positive": ("positive", _BLUE),
        "negative": ("negative", _LIGHT),
        "inconclusive": ("inconclusive", _AMBER),
        "not_understood": ("not understood", _VERMILION),
        "not_tested": ("not tested", _GREY),
    }
    return bar_graph(
        Heading(
            key="kmt2a_assays",
            name="Detection by assay",
            description="Patients in whom each assay saw a KMT2A rearrangement or duplication.",
            first="Assay",
        ),
        columns,
        {
            words.ASSAYS.get(row["assay"], row["assay"]): {one: int(row[one]) for one in columns}
            for row in detection
        },
    )


def set_aside(rows: Rows) -> Section | None:
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
        Heading(
            key="kmt2a_set_aside",
            name="Not read or set aside",
            description="Files that could not be read, and rows that were refused or flagged."
            + _left_out(len(ranked) - len(shown), "files", "calls/set_aside.tsv"),
            first="File",
        ),
        FILES,
        {file: every[file] for file in shown},
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
) -> Iterable[Section]:
    """The sections that have something to show."""
    if samples:
        yield general_statistics(samples)
    if patients:
        yield cohort(patients)
    if detection:
        yield by_assay(detection)
    if other_assays(detection):
        yield by_patient(patients)
    if samples:
        yield by_sample(samples, patients)
    files = set_aside(aside)
    if files is not None:
        yield files

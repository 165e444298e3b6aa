"""One patient's page: conclusion, evidence with its blind spots, disagreements, next test.

A results folder of an earlier version lacks columns and tables: what is not there is not shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflows.report import elsewhen, words
from workflows.report.events import event_in_words
from workflows.report.evidence_pictures import evidence_pictures
from workflows.report.marks import Mark, mark, said_by
from workflows.report.risk_lines import risk_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workflows.report.evidence_pictures import EvidencePicture
    from workflows.report.patients import Patient
    from workflows.report.results_in import ResultsIn

Row = dict[str, str]

_NO_EVENT = "none"
_NOT_DONE = "not_done"
_NONE_NEEDED = "None needed"
_OPEN = "nothing is open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Whether an assay could see the rearrangement, why, and what it shows where it does."""

    sign: str
    answer: str
    sentence: str
    shows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One result of one assay, or an assay that was not done.

    `sights` are several where the table does not tell which of an assay's results each belongs to;
    `cannot_see` is what the assay misses in general, for a patient without a rearrangement.
    """

    assay: str
    panel: str
    when: str
    mark: Mark
    reported: str
    reading: str
    sights: list[Sight]
    cannot_see: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One disagreement: its reason and sentence; `next_test` where it asks for one of its own."""

    title: str
    urgent: bool
    assays: str
    sentence: str
    next_test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientPage:
    """All that one patient's page shows.

    Attributes:
        patient: The patient, as the lists have it.
        headline: The fusion where one was found, otherwise the status in words.
        state: What the headline does not say: the status, or what it means.
        suspected: Partners in doubt, in words; empty where there is no doubt.
        grounds: What was decided, why and by which rule: status first, then confidence.
        facts: Exons, frame, time point and the like, as label and value.
        risk: The risk group and its source.
        risks: The groups by every other protocol, as `risk_lines` has them.
        decide: Results that decide, assays that were not done after them.
        elsewhen: Results of other time points, which do not decide.
        elsewhen_positive: The positive ones of these in words.
        where: ` at diagnosis`, where samples of other time points need telling apart.
        not_done: Assays that were not done and of which nothing more is known.
        disagreements: The most urgent first.
        next_test: The next test; empty where nothing is open or nothing is known of it.
        no_next_test: Why none is needed.
        events: Every KMT2A event of RNA-seq.
        pictures: The reads of those that were found in reads.
        previous: The patient before this one in the report, as number and name.
        following: The patient after it.
    """

    patient: Patient
    headline: str
    state: str
    suspected: str
    grounds: list[tuple[str, str, str]]
    facts: list[tuple[str, str]]
    risk: tuple[str, str]
    risks: list[tuple[str, str, str]]
    decide: list[Result]
    elsewhen: list[Result]
    elsewhen_positive: str
    where: str
    not_done: str
    disagreements: list[Why]
    next_test: str
    no_next_test: str
    events: list[Row]
    pictures: list[EvidencePicture]
    previous: tuple[int, str] | None
    following: tuple[int, str] | None


def patient_pages(results: ResultsIn, patients: Sequence[Patient]) -> list[PatientPage]:
    """The pages of some patients of a results folder, in the order given."""
    wanted = {patient.name for patient in patients}
    spots = _by_patient(results.table("reconciled/blind_spots.tsv"), wanted)
    disagreements = _by_patient(results.table("reconciled/discordance.tsv"), wanted)
    risks = _by_patient(results.table("reconciled/risk.tsv"), wanted)
    pictures: dict[str, list[EvidencePicture]] = defaultdict(list)
    for picture in evidence_pictures(results, "calls/"):
        pictures[picture.patient].append(picture)
    places = [(patient.number, patient.name) for patient in patients]
    return [
        patient_page(
            patient,
            spots=spots[patient.name],
            disagreements=disagreements[patient.name],
            risks=risks[patient.name],
            pictures=pictures[patient.name],
            previous=before,
            following=after,
        )
        for patient, before, after in zip(
            patients, [None, *places[:-1]], [*places[1:], None], strict=False
        )
    ]


def patient_page(
    patient: Patient,
    *,
    spots: Sequence[Row],
    disagreements: Sequence[Row],
    risks: Sequence[Row] = (),
    pictures: Sequence[EvidencePicture] = (),
    previous: tuple[int, str] | None = None,
    following: tuple[int, str] | None = None,
) -> PatientPage:
    """Put all that is known of one patient into the order in which it is read."""
    row = patient.row
    decide = [item for item in patient.evidence if elsewhen.decides(item)]
    others = [item for item in patient.evidence if not elsewhen.decides(item)]
    where = _where(row.get("timepoint", "")) if others else ""
    results = _with_sights(decide, spots, where)
    told = {result.assay for result in results}
    not_done = [_assay(code) for code in row.get("assays_not_done", "").split(";") if code]
    next_test = row.get("next_test", "") or _open_tests(disagreements)
    none_needed = next_test.startswith(_NONE_NEEDED)
    headline = patient.result.partition(" (")[0]
    return PatientPage(
        patient=patient,
        headline=headline[:1].upper() + headline[1:],
        state=_state(patient, headline),
        suspected=_suspected(row),
        grounds=_grounds(row),
        facts=_facts(row),
        risk=(words.columns_in_words(row.get("risk_group", "")), row.get("risk_source", "")),
        # The patient's own group stands beside its source, after which comes what it assumes.
        risks=risk_lines(
            item for item in risks if not row.get("risk_source", "").startswith(item["source"])
        ),
        decide=results,
        elsewhen=[_result(item, []) for item in others],
        elsewhen_positive=elsewhen.in_words(others),
        where=where,
        not_done=", ".join(name for name in not_done if name not in told),
        disagreements=_disagreements(disagreements, next_test),
        next_test="" if none_needed else next_test,
        no_next_test=next_test + where * next_test.endswith(_OPEN) if none_needed else "",
        events=[event_in_words(item) for item in patient.events if item["kind"] != _NO_EVENT],
        pictures=list(pictures),
        previous=previous,
        following=following,
    )


def _by_patient(rows: Iterable[Mapping[str, str]], wanted: set[str]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["patient"] in wanted:
            grouped[row["patient"]].append(dict(row))
    return grouped


def _assay(code: str) -> str:
    return words.ASSAYS.get(code, code)


def _where(timepoint: str) -> str:
    plain = timepoint in ("diagnosis", "follow-up", "relapse")
    return f" at {timepoint}" if plain else " in the samples that decide"


def _state(patient: Patient, headline: str) -> str:
    """The status, or what it means where the headline is the status; nothing is said twice."""
    status = words.STATUSES.get(patient.status, patient.status)
    state = words.DEFINITIONS.get(status, "") if headline == status else status
    return "" if state in patient.look else state


def _suspected(row: Row) -> str:
    names = [name for name in row.get("partner_suspected", "").split(";") if name]
    return ", ".join("KMT2A-PTD" if name == "PTD" else f"KMT2A::{name}" for name in names)


def _grounds(row: Row) -> list[tuple[str, str, str]]:
    grounds = [("Status", row.get("because", ""), row.get("status_rule", ""))]
    confidence = row["confidence"]
    if confidence:
        # The rule that fired says it of this patient, the definition of all.
        told = row.get("confidence_because") or words.DEFINITIONS.get(confidence, "")
        grounds.append((f"Confidence {confidence}", told, row.get("confidence_rule", "")))
    return [(label, told, rule) for label, told, rule in grounds if told or rule]


def _facts(row: Row) -> list[tuple[str, str]]:
    flags = [words.FLAGS.get(code, code) for code in row.get("flags", "").split(";") if code]
    joined = "::".join(filter(None, (row["kmt2a_exon"], row["partner_exon"])))
    place = " \u00b7 ".join(filter(None, (joined, row["region"], row["reading_frame"])))
    facts = [
        ("Exons, region, frame", place),
        ("Transcripts", row["transcript"]),
        ("Reciprocal", row["reciprocal"]),
        ("Remarks", "; ".join(flags)),
    ]
    # An earlier version did not tell the time points of samples apart.
    if "timepoint" in row:
        facts.append(("Samples that decide", row["timepoint"] or "time point not stated"))
    return [(label, value) for label, value in facts if value]


def _with_sights(evidence: Sequence[Row], spots: Sequence[Row], where: str) -> list[Result]:
    """Join results and blind spots; the assays that were not done come last.

    A blind spot names no line, and equal ones stand in the table once.
    """
    of_key: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for spot in spots:
        of_key[_key(spot)].append(spot)
    alike = Counter(map(_key, evidence))
    turn: Counter[tuple[str, ...]] = Counter()
    results = []
    for item in evidence:
        key = _key(item)
        found = of_key[key]
        if len(found) == alike[key]:
            found = [found[turn[key]]]
            turn[key] += 1
        results.append(_result(item, found))
    absent = [spot for spot in spots if spot["verdict"] == _NOT_DONE and _key(spot) not in alike]
    return results + [_absent(spot, where) for spot in absent]


def _key(row: Row) -> tuple[str, ...]:
    # A laboratory may name the panel that it did not use.
    panel = "" if row["verdict"] == _NOT_DONE else row.get("panel", "")
    return row["assay"], panel, row["verdict"]


def _result(item: Row, spots: Sequence[Row]) -> Result:
    """One result; the sentences on RNA-seq are ours, those of a laboratory stay as they are."""
    reported, reading = item.get("reported", ""), item.get("reading", "")
    if item["assay"] == "rna-seq":
        reported, reading = words.codes_in_words(reported), words.codes_in_sentence(reading)
    timepoint = item.get("timepoint", "")
    return Result(
        assay=_assay(item["assay"]),
        panel=words.codes_in_words(item.get("panel", "")),
        when=" \u00b7 ".join(filter(None, (item.get("date", ""), timepoint))),
        mark=mark([said_by(item)]),
        reported=reported,
        reading=reading,
        sights=[_sight(spot) for spot in spots],
        cannot_see="" if spots else item.get("could_not_see", ""),
        place=words.place(item),
    )


def _absent(spot: Row, where: str) -> Result:
    return Result(
        assay=_assay(spot["assay"]),
        panel=words.codes_in_words(spot["panel"]),
        when="",
        mark=mark([_NOT_DONE]),
        reported="",
        reading=f"not done{where}",
        sights=[_sight(spot)],
        cannot_see="",
        place="",
    )


def _sight(spot: Row) -> Sight:
    sign, answer = words.SEEN.get(spot["seen"], words.SEEN["not_known"])
    sentence = words.callers_in_words(spot["sentence"])
    return Sight(sign=sign, answer=answer, sentence=sentence, shows=spot["shows"])


def _disagreements(rows: Sequence[Row], next_test: str) -> list[Why]:
    """The disagreements in the order of urgency, as `words.REASONS` has it."""
    order = {code: place for place, code in enumerate(words.REASONS)}
    return [
        Why(
            title=words.REASONS.get(row["reason"], row["reason"]),
            urgent=row["reason"] == "unexplained",
            assays=words.codes_in_words(row["assays"]),
            sentence=words.callers_in_words(row["sentence"]),
            next_test=""
            if row["next_test"] == next_test or row["next_test"].startswith(_NONE_NEEDED)
            else row["next_test"],
        )
        for row in sorted(rows, key=lambda row: order.get(row["reason"], 0))
    ]


def _open_tests(disagreements: Sequence[Row]) -> str:
    """The tests that disagreements ask for, where the table of patients does not name one."""
    tests = dict.fromkeys(row["next_test"] for row in disagreements)
    return "; ".join(test for test in tests if test and not test.startswith(_NONE_NEEDED))

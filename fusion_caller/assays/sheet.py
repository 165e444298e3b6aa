"""The laboratory's assay table, and the words that every assay's result may use.

A result is kept as the laboratory wrote it; the modules `karyotype`, `fish`, `rt_pcr` and
`sequencing` say what it means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.laboratory import Laboratory
from fusion_caller.own_columns import read_own_table
from fusion_caller.records import (
    Assay,
    AssayReading,
    AssayReport,
    Disposition,
    Finding,
    SetAside,
    Verdict,
)
from fusion_caller.timepoints import read_day, read_timepoint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fusion_caller.knowledge import Panel
    from fusion_caller.tables import Row

REQUIRED = ("patient", "assay", "result")
OPTIONAL = ("panel", "date", "timepoint")
# What laboratories call an assay, beside its own name, in small letters without blanks and hyphens.
_OTHER_NAMES = {
    **dict.fromkeys(
        (
            "archer",
            "fusionplex",
            "targetedrnaseq",
            "targetedrna",
            "rnapanel",
            "rnasequencing",
            "wts",
        ),
        Assay.RNA_SEQ,
    ),
    **dict.fromkeys(
        (
            "wgs",
            "matepair",
            "southern",
            "southernblot",
            "ldipcr",
            "ogm",
            "opticalgenomemapping",
            "dnasequencing",
            "dnapanel",
        ),
        Assay.DNA_SEQ,
    ),
}
# A karyotype of a very complex clone has some 2,000 characters; no result is five times as long.
LONGEST_RESULT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AssaySheet:
    """An assay table: the file as the user named it, and its rows in order."""

    file: str
    reports: tuple[AssayReport, ...]

    def repeated(self) -> tuple[SetAside, ...]:
        """Rows that are the same as an earlier one in every column, to be looked at.

        They may be repeat tests or one row twice; either way they add nothing to the first.
        """
        first: dict[AssayReport, int] = {}
        remarks = []
        for report in self.reports:
            line = first.setdefault(replace(report, line=0), report.line)
            if line != report.line:
                remarks.append(
                    SetAside(
                        file=report.file,
                        line=report.line,
                        patient=report.patient,
                        disposition=Disposition.FLAGGED,
                        reason=f"the same as line {line} in every column: the row stands there "
                        "twice, or a repeat test lacks its date",
                    )
                )
        return tuple(remarks)


class Word(StrEnum):
    """What a plain word says, whatever the assay."""

    NOT_DONE = "not done"
    FAILED = "failed"
    NEGATIVE = "negative"
    NORMAL = "normal"
    POSITIVE = "positive"
    INCONCLUSIVE = "inconclusive"


_WORDS = {
    Word.NOT_DONE: (
        "",
        "not done",
        "nd",
        "n.d.",
        "n/a",
        "na",
        "not evaluated",
        "not performed",
        "not tested",
        "pending",
        "n/s",
        "n.s.",
        "ns",
        "not stated",
        "not given",
        "not reported",
        "unknown",
    ),
    Word.FAILED: (
        "failed",
        "no metaphases",
        "insufficient",
        "inadequate",
        "insufficient material",
        "not amplifiable",
    ),
    Word.INCONCLUSIVE: (
        "indeterminate",
        "equivocal",
        "inconclusive",
        "borderline",
        "weak positive",
        "weakly positive",
    ),
    Word.NEGATIVE: (
        "negative",
        "neg",
        "no fusion",
        "no fusion detected",
        "not detected",
        "not rearranged",
        "no rearrangement",
    ),
    Word.NORMAL: ("normal",),
    Word.POSITIVE: ("positive", "pos", "+", "rearranged"),
}
_WORD_BY_TEXT = {text: word for word, texts in _WORDS.items() for text in texts}
_UNKNOWN_PARTNER = re.compile(
    r"[,; ]{0,3}\(? ?\b(?:the )?(?:fusion )?partner(?: gene)? (?:is |was )?"
    r"(?:unknown|unidentified|unresolved|unclear|"
    r"not (?:known|identified|determined|found|resolved|named|stated|given))\b ?\)?",
    re.IGNORECASE,
)
_PRESENTATION = str.maketrans(
    {"’": "'", "′": "'", "‘": "'", "`": "'", "×": "x", "–": "-", "—": "-", "−": "-"}  # noqa: RUF001
)


def read_assays(path: Path, *, name: str, laboratory: Laboratory | None = None) -> AssaySheet:
    """Read `patient,assay,panel,result,date,timepoint`; the last two and panel may be absent.

    A table with a header only has no assays. Several rows for a patient and an assay are repeat
    tests, and all are kept. Column names may be in any case; one that is nearly a column's name is
    refused. A row of RNA-seq is a report of sequencing done elsewhere.

    Args:
        path: The file.
        name: How messages call it.
        laboratory: The laboratory whose own panels the column `panel` may name.

    Raises:
        InputError: With file, line and column, for the first value that is not what it should be.
    """
    table = read_own_table(path, name=name, required=REQUIRED, optional=OPTIONAL)
    known = (laboratory or Laboratory()).panels
    return AssaySheet(
        file=table.file, reports=tuple(_report(row, known, file=table.file) for row in table.rows)
    )


def _report(row: Row, known: Mapping[str, Panel], *, file: str) -> AssayReport:
    column = "patient"
    try:
        patient = check_identifier(row["patient"], what="patient")
        column = "assay"
        assay = _assay(row["assay"])
        column = "panel"
        panel = _panel(row.get("panel"), assay, known)
        column = "date"
        day = read_day(row.get("date"))
        column = "timepoint"
        timepoint = read_timepoint(row.get("timepoint"))
    except BadValueError as error:
        raise InputError(error.problem, file=file, line=row.line, column=column) from None
    return AssayReport(
        patient=patient,
        assay=assay,
        panel=panel,
        result=row["result"],
        date=day,
        timepoint=timepoint,
        file=file,
        line=row.line,
    )


def _assay(text: str) -> Assay:
    key = re.sub(r"[\s_-]+", "", text).lower()
    for assay in Assay:
        if key == assay.replace("-", ""):
            return assay
    if key in _OTHER_NAMES:
        return _OTHER_NAMES[key]
    raise BadValueError(f"expected one of {', '.join(Assay)}; found '{shortened(text)}'")


def _panel(text: str, assay: Assay, known: Mapping[str, Panel]) -> str:
    """Name a panel as it is known; for assays without panels the text is the laboratory's."""
    for panel in known if assay in (Assay.RT_PCR, Assay.DNA_SEQ) else ():
        if text.lower() == panel.lower():
            return panel
    if assay is not Assay.RT_PCR or not text:
        return text
    raise BadValueError(
        f"expected a known panel ({', '.join(known)}) or an empty cell where the targets are "
        f"not known; found '{shortened(text)}'; give a panel of your own by --panels "
        "(`kmt2a panel --template` prints its table)"
    )


def tidy(text: str) -> str:
    """Write a result with plain quotes, dashes, `x` and single blanks."""
    return " ".join(text.translate(_PRESENTATION).split())


def without_unknown_partner(text: str) -> str:
    """A result without the words that the partner is not known, which say nothing of KMT2A."""
    return _UNKNOWN_PARTNER.sub("", text)


def shared_word(text: str) -> Word | None:
    """The plain word that a whole result consists of, None if it says more than that."""
    plain = tidy(text.replace("_", " ")).lower()
    return _WORD_BY_TEXT.get(plain) or _WORD_BY_TEXT.get(plain.removesuffix(".") or plain)


def not_done(word: Word) -> AssayReading:
    """The reading of a test that gave no result; one that failed has a finding of its own."""
    if word is Word.FAILED:
        return AssayReading(
            verdict=Verdict.NOT_DONE,
            finding=Finding.FAILED,
            sentence="The test failed and gave no result.",
        )
    return AssayReading(
        verdict=Verdict.NOT_DONE, finding=Finding.NOT_DONE, sentence="The test was not done."
    )


def other_gene_tested(test: str, why: str) -> AssayReading:
    """The reading of a test of other genes, which says nothing of KMT2A.

    Args:
        test: What was done, such as `FISH has no probe of KMT2A`.
        why: How one can tell, such as `its panel says 'IGH'`; may be empty.
    """
    told = f" ({why})" if why else ""
    return AssayReading(
        verdict=Verdict.NOT_DONE,
        finding=Finding.OTHER_GENE_TESTED,
        sentence=f"This {test}{told}: KMT2A was not tested.",
    )


def inconclusive() -> AssayReading:
    """The reading of a test whose laboratory did not decide."""
    return AssayReading(
        verdict=Verdict.INCONCLUSIVE,
        finding=Finding.INCONCLUSIVE,
        sentence="The laboratory calls the result inconclusive.",
    )


def not_understood(text: str, expected: str) -> AssayReading:
    """The reading of a text that cannot be understood; nothing is concluded from it."""
    return AssayReading(
        verdict=Verdict.NOT_UNDERSTOOD,
        finding=Finding.NOT_UNDERSTOOD,
        sentence=f"Not understood: '{shortened(text)}'; expected {expected}.",
    )


def shortened(text: str) -> str:
    """Quote a user's text in one short line."""
    line = " ".join(text.split())
    longest = 60
    return line if len(line) <= longest else f"{line[: longest - 3]}..."

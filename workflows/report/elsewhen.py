"""What samples of other time points say, which are shown beside those that decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.report import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

POSITIVE = "later_sample_positive"
OTHER_PARTNER = "later_sample_other_partner"
_UNDECIDED = ("not_rearranged", "indeterminate", "not_evaluable")
_SIGNS = {"positive": "+", "negative": words.MINUS, "inconclusive": "±", "not_understood": "?"}
_MOST_TOLD = 4


def decides(item: Mapping[str, str]) -> bool:
    """Whether a row of `evidence.tsv` decides; earlier versions let every row decide."""
    return item.get("counts", "yes") != "no"


def says_else(item: Mapping[str, str], deciding: Sequence[Mapping[str, str]]) -> bool:
    """Whether a result of another time point says what no deciding one of its assay says."""
    if item["verdict"] not in _SIGNS:
        return False
    return item["verdict"] not in {other["verdict"] for other in deciding} or _names_another(
        item, {name for other in deciding for name in _partners(other)}
    )


def sign_of(item: Mapping[str, str], deciding: Sequence[Mapping[str, str]]) -> str:
    """A result of another time point as a sign, or the partner where only that differs."""
    if item["verdict"] in {other["verdict"] for other in deciding}:
        return ", ".join(_partners(item)) or _SIGNS[item["verdict"]]
    return _SIGNS[item["verdict"]]


def codes(row: Mapping[str, str], evidence: Iterable[Mapping[str, str]]) -> list[str]:
    """Why samples of other time points make a person look at a patient.

    Args:
        row: The row of `patients.tsv`, whose column `elsewhen` holds the codes where it is there.
        evidence: The patient's rows of `evidence.tsv`.

    Returns:
        Codes of `words.ELSEWHEN`. Without the column they come of the evidence: a positive sample
        matters where the patient is not found to be rearranged, or if it names another partner.
    """
    if "elsewhen" in row:
        return [code for code in row["elsewhen"].split(";") if code]
    positive = _positive(evidence)
    own = {"PTD"} if row["status"] == "ptd" else set(filter(None, row["partner"].split(";")))
    if row["status"] in _UNDECIDED:
        return [POSITIVE] if positive else []
    return [OTHER_PARTNER] if any(_names_another(item, own) for item in positive) else []


def in_words(evidence: Iterable[Mapping[str, str]]) -> str:
    """The positive results of other time points, `relapse 2021-06-05: FISH positive`."""
    by_time: dict[str, list[str]] = {}
    for item in _positive(evidence):
        when = " ".join(filter(None, (item.get("timepoint"), item.get("date"))))
        named = ", ".join(_fusion(name) for name in _partners(item))
        assay = words.ASSAYS.get(item["assay"], item["assay"])
        by_time.setdefault(when or "no date", []).append(
            f"{assay} positive" + (f" ({named})" if named else "")
        )
    told = [f"{when}: {', '.join(dict.fromkeys(of))}" for when, of in by_time.items()]
    more = len(told) - _MOST_TOLD
    return "; ".join(told[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")


def _positive(evidence: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return [item for item in evidence if not decides(item) and item["verdict"] == "positive"]


def _partners(item: Mapping[str, str]) -> list[str]:
    """The partners that a result names; a karyotype's band fits many genes and names none."""
    if item["assay"] == "karyotype" or item["verdict"] != "positive":
        return []
    if item.get("finding") == "ptd":
        return ["PTD"]
    return [name for name in item.get("partners", "").split(";") if name]


def _names_another(item: Mapping[str, str], own: set[str]) -> bool:
    named = set(_partners(item))
    return bool(named and own) and not named & own


def _fusion(name: str) -> str:
    return "KMT2A-PTD" if name == "PTD" else f"KMT2A::{name}"

"""The clinical data dictionary: every column of the clinical table, what it means and may hold.

With the rules between columns (`rules`) it is the one source of truth: `gate` and `cohort` check
against it, `schema` states it as JSON Schema, `kmt2a dictionary` prints it.
Times are in months from diagnosis; a month is a twelfth of a Julian year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from operator import itemgetter

DAYS_PER_MONTH = 30.4375
E9_PER_LITRE = "\N{MULTIPLICATION SIGN}10⁹/L"

# Upper bounds catch slips of unit (days for months), not clinical rarities.
OLDEST_MONTHS = 1440.0
LONGEST_MONTHS = 1200.0
ALL_PERCENT = 100.0


class Kind(StrEnum):
    """How the text of a cell is read."""

    IDENTIFIER = "identifier"
    CATEGORY = "category"
    NUMBER = "number"
    NUMBER_OR_BELOW = "number, or `<` and a detection limit"
    FLAG = "0 or 1"
    DATE = "date, YYYY-MM-DD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name in the file and what a cell may hold.

    Attributes:
        name: The header, units included.
        kind: How the text is read.
        unit: The unit, empty where there is none.
        allowed: The categories, empty where the kind is not a category.
        minimum: The smallest possible value, None where there is none.
        maximum: The largest credible value, None where there is none.
        meaning: One sentence for people.
    """

    name: str
    kind: Kind
    unit: str = ""
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    meaning: str

    @property
    def holds(self) -> str:
        """What a cell may hold, in words."""
        if self.allowed:
            return " | ".join(self.allowed)
        unit = f", {self.unit}" if self.unit else ""
        limits = (("at least", self.minimum), ("at most", self.maximum))
        bounds = "".join(f", {word} {limit:g}" for word, limit in limits if limit is not None)
        return f"{self.kind}{unit}{bounds}"


YES_NO = ("yes", "no")
DISEASES = ("B-ALL", "T-ALL", "ALL", "AML", "MPAL", "other")
MARROW = ("M1", "M2", "M3")
NEGATIVE_POSITIVE = ("negative", "positive")
RELAPSE_SITES = ("marrow", "cns", "testis", "marrow+cns", "marrow+testis", "other")
DEATH_CAUSES = ("treatment", "disease", "other", "unknown")

EVENTS = {
    "complete_remission": "First complete remission",
    "induction_failure": "No complete remission at the end of induction",
    "relapse": "First relapse",
    "second_cancer": "Second cancer",
    "death": "Death from any cause",
    "last_contact": "Last time the patient was known to be as recorded",
    "left_study": "Left the study or the treatment, by own or family's choice",
    "hsct": "Transplantation of haematopoietic stem cells",
    "car_t": "Infusion of CAR-T cells",
}
"""Each event stands in the table as `<event>_months` or as `<event>_date`."""


def months_column(event: str) -> str:
    """Return the column that holds the time of an event."""
    return f"{event}_months"


def date_column(event: str) -> str:
    """Return the column that holds the date of an event."""
    return f"{event}_date"


def _category(name: str, allowed: tuple[str, ...], meaning: str) -> Column:
    return Column(name=name, kind=Kind.CATEGORY, allowed=allowed, meaning=meaning)


def _measure(
    name: str, unit: str, meaning: str, *, maximum: float | None = None, below: bool = False
) -> Column:
    return Column(
        name=name,
        kind=Kind.NUMBER_OR_BELOW if below else Kind.NUMBER,
        unit=unit,
        minimum=0,
        maximum=maximum,
        meaning=meaning,
    )


def _mrd(name: str, time_point: str) -> Column:
    return _measure(
        name,
        "%",
        f"Minimal residual disease by flow cytometry at {time_point}; `<0.01` is below that limit",
        maximum=ALL_PERCENT,
        below=True,
    )


def _event_columns() -> tuple[Column, ...]:
    columns: list[Column] = []
    for event, meaning in EVENTS.items():
        months = f"{meaning}: time from diagnosis"
        columns.append(
            _measure(months_column(event), "months", months, maximum=LONGEST_MONTHS),
        )
        date = f"{meaning}: date; needs diagnosis_date, excludes {months_column(event)}"
        columns.append(Column(name=date_column(event), kind=Kind.DATE, meaning=date))
    return tuple(columns)


COLUMNS: tuple[Column, ...] = (
    Column(name="patient", kind=Kind.IDENTIFIER, meaning="Identifier of the patient, unique"),
    _category("sex", ("female", "male"), "Sex"),
    _category(
        "disease",
        DISEASES,
        "Leukaemia; ALL where the lineage is not known, MPAL: mixed phenotype or biphenotypic",
    ),
    _measure("age_months", "months", "Age at diagnosis", maximum=OLDEST_MONTHS),
    _measure("wbc_e9_per_l", E9_PER_LITRE, "White blood cells at diagnosis"),
    _measure("ldh_u_per_l", "U/L", "Lactate dehydrogenase at diagnosis"),
    _category("cns_involvement", YES_NO, "Central nervous system involved at diagnosis"),
    _category("testicular_involvement", YES_NO, "Testis involved at diagnosis"),
    _category("family_history_of_cancer", YES_NO, "Cancer in the family"),
    _measure(
        "blasts_day5_e9_per_l",
        E9_PER_LITRE,
        "Blasts in peripheral blood on day 5, after four days of dexamethasone",
    ),
    # The response is defined in Blood 1999;94:1209.
    _category(
        "prednisone_response",
        ("good", "poor"),
        "Blasts in peripheral blood on day 8, after seven days of prednisone: good <1, poor ≥1 "
        f"{E9_PER_LITRE}",
    ),
    _category("marrow_tp1", MARROW, "Marrow at TP1 (day 19): M1 <5%, M2 5-25%, M3 ≥25% blasts"),
    _category("marrow_tp2", MARROW, "Marrow at TP2 (day 46): M1 <5%, M2 5-25%, M3 ≥25% blasts"),
    _mrd("mrd_fcm_tp1_percent", "TP1 (day 19)"),
    _mrd("mrd_fcm_tp2_percent", "TP2 (day 46)"),
    _category("mrd_pcr_tp1", NEGATIVE_POSITIVE, "Fusion transcript by RT-PCR at TP1 (day 19)"),
    _category("mrd_pcr_tp2", NEGATIVE_POSITIVE, "Fusion transcript by RT-PCR at TP2 (day 46)"),
    Column(name="diagnosis_date", kind=Kind.DATE, meaning="Date of diagnosis"),
    *_event_columns(),
    _category("relapse_site", RELAPSE_SITES, "Site of the first relapse"),
    _category("death_cause", DEATH_CAUSES, "Cause of death; empty for the living"),
    _measure(
        "efs_months",
        "months",
        "An event-free survival computed elsewhere: time (endpoint as_supplied)",
        maximum=LONGEST_MONTHS,
    ),
    Column(
        name="efs_event",
        kind=Kind.FLAG,
        meaning="An event-free survival computed elsewhere: 1 event, 0 censored",
    ),
)

BY_NAME = {column.name: column for column in COLUMNS}
MEASURES = tuple(c.name for c in COLUMNS if c.kind in (Kind.NUMBER, Kind.NUMBER_OR_BELOW))
CATEGORIES = tuple(c.name for c in COLUMNS if c.kind is Kind.CATEGORY)

ASSESSED_DAYS = {
    "blasts_day5_e9_per_l": 5,
    "prednisone_response": 8,
    **dict.fromkeys(("marrow_tp1", "mrd_fcm_tp1_percent", "mrd_pcr_tp1"), 19),
    **dict.fromkeys(("marrow_tp2", "mrd_fcm_tp2_percent", "mrd_pcr_tp2"), 46),
}
"""The day of treatment on which a column is known, if not at diagnosis.

The days are those of CCCG-ALL-2015, that of the prednisone response of Interfant-06.
"""

OUTCOMES = frozenset(
    {"relapse_site", "death_cause", "efs_months", "efs_event", *map(months_column, EVENTS)}
)
"""Columns that tell what happened later: no factor of a survival analysis may read them."""

OWN_COLUMNS = (
    "Other columns are kept, and reported where nothing uses them. A name that is close to one of "
    "these, or is one of these with another unit or none, is refused as a slip, unless the column "
    "that was meant is there too; put x_ in front of a column of your own."
)
"""The rule of `meant_column` in words."""

OWN_PREFIX = "x_"
_OTHER_NAMES = {
    "gender": "sex",
    "family_history": "family_history_of_cancer",
    "mrd_tp1": "mrd_fcm_tp1_percent",
    "mrd_tp2": "mrd_fcm_tp2_percent",
}
_UNIT = re.compile(
    r"_(days?|weeks?|months?|years?|date|percent|pct|e\d+_.*|i?u_.*|per_.*|involvement)$"
)
# High enough for one or two slips of the finger in a name and no more.
_CLOSE_NAMES, _CLOSE_WORDS = 0.85, 0.6


def day_of(months: float) -> int:
    """Return the day after diagnosis that a time in months stands for."""
    return round(months * DAYS_PER_MONTH)


def meant_column(name: str) -> str | None:
    """Return the column of the dictionary that was probably meant by a name it does not know.

    Meant is, in this order: a column whose letters and digits are the same, one that is the same
    but for its unit (`relapse_days`, `age_years`, `wbc`), one whose every word is alike. A number
    that the column does not have makes another column of it: `mrd_fcm_tp3_percent` is the user's
    own, as is every name that starts with `x_`.

    Returns:
        The column; None where the name is known, or resembles none.
    """
    if name in BY_NAME or name.startswith(OWN_PREFIX):
        return None
    folded = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
    if folded in _OTHER_NAMES:
        return _OTHER_NAMES[folded]
    for same in (lambda text: text.replace("_", ""), lambda text: _UNIT.sub("", text)):
        for known in BY_NAME:
            if same(folded) == same(known):
                return known
    alike = [(ratio, known) for known in BY_NAME if (ratio := _likeness(folded, known))]
    return max(alike, key=itemgetter(0))[1] if alike else None


def _likeness(name: str, known: str) -> float:
    """Compare two names; 0 where they cannot be the same but for a slip."""
    if not set(re.findall(r"\d+", name)) <= set(re.findall(r"\d+", known)):
        return 0.0
    words, known_words = name.split("_"), known.split("_")
    # Word by word, since a long common beginning makes `second_cancer_type` like a `…_date`.
    if len(words) != len(known_words) or any(
        _ratio(*pair) < _CLOSE_WORDS for pair in zip(words, known_words, strict=True)
    ):
        return 0.0
    ratio = _ratio(name, known)
    return ratio if ratio >= _CLOSE_NAMES else 0.0


def _ratio(first: str, second: str) -> float:
    return SequenceMatcher(None, first, second).ratio()

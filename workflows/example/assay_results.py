"""What the synthetic cohort's laboratories wrote: karyotype, FISH and RT-PCR, in mixed styles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.tables import Row

ASSAY_COLUMNS = ("patient", "assay", "panel", "result", "date")
PANEL = "wen-2022"
FIRST_DIAGNOSIS = date(2015, 1, 12)
DAYS_BETWEEN_DIAGNOSES = 44

_11Q23 = {
    "AFF1": (
        "46,{sex},t(4;11)(q21;q23)[18]/46,{sex}[2]",
        "46,{sex},t(4;11)(q21.3;q23.3)[20]",
        "47,{sex},+X,t(4;11)(q21;q23)[15]/46,{sex}[5]",
        "46,{sex},t(4;11)(q21;q23),i(7)(q10)[12]/46,{sex}[8]",
        "46,{sex},t(4;11)(q21;q23)[9]/47,idem,+8[6]/46,{sex}[5]",
    ),
    "MLLT3": (
        "46,{sex},t(9;11)(p22;q23)[20]",
        "46,{sex},t(9;11)(p21.3;q23.3)[16]/46,{sex}[4]",
        "46,{sex},t(9;11)(p21-22;q23)[14]/46,{sex}[6]",
        "47,{sex},+8,t(9;11)(p22;q23)[11]/46,{sex}[9]",
    ),
    # This band fits MLLT1 and ELL alike.
    "MLLT1": ("46,{sex},t(11;19)(q23;p13)[17]/46,{sex}[3]",),
    "FLNA": ("46,X,ins(X;11)(q28;q23q23)[14]/46,{sex}[6]",),
    "USP2": ("46,{sex},t(?;11)(?;q23)[8]/46,{sex}[12]",),
}
_OTHER_ABNORMAL = {
    "MLLT1": "47,{sex},+8[12]/46,{sex}[8]",
    "CLTC": "46,{sex},del(6)(q15q21)[10]/46,{sex}[10]",
}
_FISH_SPLIT = (
    "nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[{nuclei}/200]",
    "1F1R1G",
    "positive",
    "nuc ish 11q23.3(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[{nuclei}/200]",
    "nuc ish(MLLx2)(5'MLL sep 3'MLLx1)[{nuclei}/200]",
)
_FISH_NORMAL = ("negative", "2F")
# An insertion leaves an extra 5' signal; an unbalanced rearrangement loses the 3' signal.
_FISH_OF_PATIENT = {
    "SYN11": "nuc ish(5'KMT2Ax3,3'KMT2Ax2)(5'KMT2A con 3'KMT2Ax2)[170/200]",
    "SYN26": "nuc ish(5'KMT2Ax2,3'KMT2Ax1)(5'KMT2A con 3'KMT2Ax1)[150/200]",
}
_RT_PCR_STYLES = (
    "MLL-{legacy}",
    "KMT2A::{symbol}",
    "KMT2A-{symbol}",
    "MLL/{legacy}",
    "KMT2A--{symbol}",
)
_LEGACY_NAMES = {
    "AFF1": "AF4",
    "MLLT3": "AF9",
    "MLLT1": "ENL",
    "MLLT10": "AF10",
    "EPS15": "AF1p",
    "FLNA": "FLNA",
}


def assay_rows(cohort: Sequence[Row]) -> list[dict[str, str]]:
    """Four rows a patient: karyotype, FISH, RT-PCR and split RT-PCR."""
    rows = []
    for number, patient in enumerate(cohort):
        before = [other["transcript"] for other in cohort[:number] if _with_11q23(other)]
        results = (
            ("karyotype", "", _karyotype(patient, before.count(patient["transcript"])), 10),
            ("fish", "", _fish(patient, number), 4),
            ("rt-pcr", PANEL, _rt_pcr(patient, number), 3),
            ("split-rt-pcr", "", f"KMT2A::{_partner(patient)}", 21),
        )
        for assay, panel, result, days in results:
            undated = result == "not done" or number % 4 == 3  # noqa: PLR2004
            reported = _diagnosis(patient, cohort) + timedelta(days=days)
            rows.append(
                {
                    "patient": patient["id"],
                    "assay": assay,
                    "panel": panel,
                    "result": result,
                    "date": "" if undated else reported.isoformat(),
                }
            )
    return rows


def _partner(patient: Row) -> str:
    return patient["transcript"].removeprefix("KMT2A-")


def _with_11q23(patient: Row) -> bool:
    return patient["karyotype"] == "t(?;11q23)"


def _karyotype(patient: Row, earlier: int) -> str:
    """The ISCN string; `earlier` patients had a visible rearrangement with the same partner."""
    sex = "XX" if patient["sex"] == "F" else "XY"
    partner = _partner(patient)
    if _with_11q23(patient):
        styles = _11Q23[partner]
        return styles[earlier % len(styles)].format(sex=sex)
    if patient["karyotype"] == "other abnormal":
        return _OTHER_ABNORMAL[partner].format(sex=sex)
    return f"46,{sex}[20]" if patient["karyotype"] == "normal" else "not done"


def _fish(patient: Row, number: int) -> str:
    if patient["fish_pos"] != "1":
        return _FISH_NORMAL[number % len(_FISH_NORMAL)]
    style = _FISH_OF_PATIENT.get(patient["id"], _FISH_SPLIT[number % len(_FISH_SPLIT)])
    return style.format(nuclei=110 + number * 37 % 80)


def _rt_pcr(patient: Row, number: int) -> str:
    if patient["rtpcr_pos"] != "1":
        return "negative"
    symbol = _partner(patient)
    style = _RT_PCR_STYLES[number % len(_RT_PCR_STYLES)]
    return style.format(symbol=symbol, legacy=_LEGACY_NAMES[symbol])


def _diagnosis(patient: Row, cohort: Sequence[Row]) -> date:
    """An invented date of diagnosis: the longer a patient is followed, the earlier it is."""
    longer = sum(float(other["time_m"]) > float(patient["time_m"]) for other in cohort)
    return FIRST_DIAGNOSIS + timedelta(days=longer * DAYS_BETWEEN_DIAGNOSES)

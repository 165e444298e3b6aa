"""The synthetic cohort in the columns of a clinical table.

The cohort keeps only on which side of a threshold a patient was; the number written here lies
on that side and has no other meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fusion_caller.tables import Row

CLINICAL_COLUMNS = (
    "patient",
    "sex",
    "age_months",
    "wbc_e9_per_l",
    "ldh_u_per_l",
    "cns_involvement",
    "testicular_involvement",
    "family_history_of_cancer",
    "blasts_day5_e9_per_l",
    "marrow_tp1",
    "marrow_tp2",
    "mrd_fcm_tp1_percent",
    "mrd_fcm_tp2_percent",
    "mrd_pcr_tp1",
    "mrd_pcr_tp2",
    "complete_remission_months",
    "induction_failure_months",
    "relapse_months",
    "relapse_site",
    "second_cancer_months",
    "death_months",
    "death_cause",
    "left_study_months",
    "last_contact_months",
    "hsct_months",
    "car_t_months",
    "note",
)
# Day 46, the end of induction.
REMISSION_MONTHS = "1.51"
BELOW_LIMIT = "<0.01"
_BLASTS_DAY5 = {("0", "0"): "0", ("1", "0"): "0.4", ("1", "1"): "3.0"}
_FCM_TP1 = {("", ""): "", ("0", "0"): BELOW_LIMIT, ("1", "0"): "0.1", ("1", "1"): "2.0"}
_FCM_TP2 = {"": "", "0": BELOW_LIMIT, "1": "0.1"}
_PCR = {"": "", "0": "negative", "1": "positive"}
_MARROW_TP1 = {"": "", "0": "M1", "1": "M2"}
_YES_NO = {"0": "no", "1": "yes"}
_SITES = {"": "", "BM": "marrow", "BM+CNS": "marrow+cns"}


def clinical_row(patient: Row) -> dict[str, str]:
    """One patient of the cohort in the columns of `clinical.csv`."""
    return {
        **dict.fromkeys(CLINICAL_COLUMNS, ""),
        "patient": patient["id"],
        "sex": {"F": "female", "M": "male"}[patient["sex"]],
        "age_months": _plain(patient["age_m"]),
        "wbc_e9_per_l": patient["wbc"],
        "ldh_u_per_l": _plain(patient["ldh"]),
        "cns_involvement": _YES_NO[patient["cns"]],
        "testicular_involvement": _YES_NO[patient["tl"]],
        "family_history_of_cancer": _YES_NO[patient["family_history"]],
        **_response(patient),
        **_events(patient),
        "note": patient["note"],
    }


def _plain(number: str) -> str:
    """A whole number without its decimal: `3.0` is `3`."""
    return number.removesuffix(".0")


def _response(patient: Row) -> dict[str, str]:
    fcm_tp1 = (_plain(patient["fcm_tp1_ge001"]), _plain(patient["fcm_tp1_ge1"]))
    return {
        "blasts_day5_e9_per_l": _BLASTS_DAY5[patient["dex_pos"], patient["dpr"]],
        "marrow_tp1": _MARROW_TP1[_plain(patient["m23_tp1"])],
        "marrow_tp2": _marrow_tp2(patient),
        "mrd_fcm_tp1_percent": _FCM_TP1[fcm_tp1],
        "mrd_fcm_tp2_percent": _FCM_TP2[_plain(patient["fcm_tp2_ge001"])],
        "mrd_pcr_tp1": _PCR[_plain(patient["pcr_tp1_pos"])],
        "mrd_pcr_tp2": _PCR[_plain(patient["pcr_tp2_pos"])],
    }


def _marrow_tp2(patient: Row) -> str:
    if patient["cr"] == "1":
        return "M1"
    return "M3" if patient["status"] == "NO_CR" else ""


def _events(patient: Row) -> dict[str, str]:
    months = patient["time_m"]
    events: dict[str, dict[str, str]] = {
        "NO_CR": {"induction_failure_months": months, "last_contact_months": months},
        "RELAPSE": {
            "relapse_months": months,
            "relapse_site": _SITES[patient["relapse_site"]],
            "last_contact_months": months,
        },
        "TRM": {"death_months": months, "death_cause": "treatment"},
        "QUIT": {"left_study_months": months, "last_contact_months": months},
        "CCR": {"last_contact_months": months},
    }
    remission = {"complete_remission_months": REMISSION_MONTHS} if patient["cr"] == "1" else {}
    return remission | events[patient["status"]]

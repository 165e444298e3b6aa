"""The reconstructed cohort of Wen et al. 2022, as the tables that a user would bring.

It is synthetic (see `tests/data/README.md`); times keep the order and the estimates of the paper.
Beside it, the data sets that R fitted models to, with what it found.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from outcomes.analysis import Analysis, load_preset
from outcomes.clinical.cohort import Cohort, Results, read_cohort, read_results
from outcomes.statistics.design import Design, design
from outcomes.tables import OutcomeResults, analyse

if TYPE_CHECKING:
    from collections.abc import Callable

RECONSTRUCTED = Path(__file__).parents[2] / "workflows/example/source/reconstructed_cohort.csv"
# Day 46, when remission is assessed.
REMISSION_MONTHS = 1.51
NAMED_SUBTYPES = ("AFF1", "MLLT3", "MLLT1")


SURVIVAL_REFERENCE = Path(__file__).parents[1] / "data" / "survival_reference"
# Data set: time, event (1 or true) and covariates, as the R calls took them (make_reference.R).
MODELLED = {
    "lung": ("time", "status == 1", ("age", "sex", "ph.ecog", "wt.loss")),
    "veteran": ("time", "status == 1", ("trt", "karno", "diagtime", "age", "prior")),
    "mgus2": ("etime", "event > 0", ("age", "male", "mspike")),
    "pbc": ("time", "cr == 1", ("age", "male", "bili", "albumin", "protime")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Modelled:
    """A data set with its columns `t` and `e`, the covariates of its model, and R's results."""

    frame: pd.DataFrame
    covariates: list[str]
    expected: dict[str, Any]

    @property
    def design(self) -> Design:
        return design(
            self.frame, duration="t", event="e", covariates=self.covariates, where="Cox model"
        )


@pytest.fixture(params=MODELLED)
def modelled(request: pytest.FixtureRequest) -> Modelled:
    """Each of the data sets that R 4.2.2, survival 3.5-3, fitted models to."""
    return read_modelled(request.param)


@pytest.fixture
def lung() -> Modelled:
    return read_modelled("lung")


@pytest.fixture
def veteran() -> Modelled:
    return read_modelled("veteran")


@pytest.fixture
def reference_data() -> Callable[[str], Modelled]:
    """Read one of them by its name."""
    return read_modelled


def read_modelled(name: str) -> Modelled:
    time, event, covariates = MODELLED[name]
    frame = pd.read_csv(SURVIVAL_REFERENCE / f"{name}.csv")
    results = json.loads((SURVIVAL_REFERENCE / "r_reference.json").read_text(encoding="utf-8"))
    return Modelled(
        frame=frame.assign(t=frame[time], e=frame.eval(event).astype(int)),
        covariates=list(covariates),
        expected=results[name],
    )


def reconstructed_rows() -> list[dict[str, str]]:
    with RECONSTRUCTED.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _yes_no(flag: str) -> str:
    return {"1": "yes", "0": "no"}[flag]


def _pcr(flag: str) -> str:
    return {"1.0": "positive", "0.0": "negative", "": ""}[flag]


def _mrd(at_least_001: str, at_least_1: str) -> str:
    if not at_least_001:
        return ""
    if at_least_1 == "1.0":
        return "2.0"
    return "0.1" if at_least_001 == "1.0" else "<0.01"


def _blasts(row: dict[str, str]) -> str:
    if row["dpr"] == "1":
        return "3.0"
    return "0.4" if row["dex_pos"] == "1" else "0"


def clinical_row(row: dict[str, str]) -> dict[str, str]:
    """Write a row of the reconstruction as a row of the clinical table."""
    status, time = row["status"], row["time_m"]
    remission = status in ("RELAPSE", "CCR", "QUIT")
    # Of FCM at TP2 only the cut at 0.01% is printed, so that no value is at or above 1%.
    return {
        "patient": row["id"],
        "sex": {"M": "male", "F": "female"}[row["sex"]],
        "age_months": row["age_m"],
        "wbc_e9_per_l": row["wbc"],
        "ldh_u_per_l": row["ldh"],
        "cns_involvement": _yes_no(row["cns"]),
        "testicular_involvement": _yes_no(row["tl"]) if row["sex"] == "M" else "",
        "family_history_of_cancer": _yes_no(row["family_history"]),
        "blasts_day5_e9_per_l": _blasts(row),
        "marrow_tp1": {"1.0": "M3", "0.0": "M1", "": ""}[row["m23_tp1"]],
        "marrow_tp2": ("M1" if row["cr"] == "1" else "M3") if row["fcm_tp2_ge001"] else "",
        "mrd_fcm_tp1_percent": _mrd(row["fcm_tp1_ge001"], row["fcm_tp1_ge1"]),
        "mrd_fcm_tp2_percent": _mrd(row["fcm_tp2_ge001"], ""),
        "mrd_pcr_tp1": _pcr(row["pcr_tp1_pos"]),
        "mrd_pcr_tp2": _pcr(row["pcr_tp2_pos"]),
        "complete_remission_months": str(REMISSION_MONTHS) if remission else "",
        "induction_failure_months": time if status == "NO_CR" else "",
        "relapse_months": time if status == "RELAPSE" else "",
        "relapse_site": {"": "", "BM": "marrow", "BM+CNS": "marrow+cns"}[row["relapse_site"]],
        "death_months": time if status == "TRM" else "",
        "death_cause": "treatment" if status == "TRM" else "",
        "last_contact_months": time if status == "CCR" else "",
        "left_study_months": time if status == "QUIT" else "",
        "hsct_months": "",
    }


def result_row(row: dict[str, str]) -> dict[str, str]:
    """Write a row of the reconstruction as a row of the integrated results."""
    partner = row["transcript"].removeprefix("KMT2A-")
    return {
        "patient": row["id"],
        "status": "rearranged",
        "partner": partner,
        "fusion": f"KMT2A::{partner}",
        "subtype": partner if partner in NAMED_SUBTYPES else "other",
        "confidence": "confirmed",
    }


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="session")
def reconstructed_table() -> list[dict[str, str]]:
    """The clinical table of the reconstruction."""
    return [clinical_row(row) for row in reconstructed_rows()]


@pytest.fixture(scope="session")
def reconstructed(
    tmp_path_factory: pytest.TempPathFactory, reconstructed_table: list[dict[str, str]]
) -> Cohort:
    path = tmp_path_factory.mktemp("wen") / "clinical.csv"
    return read_cohort(write_csv(path, reconstructed_table), name="c.csv")


@pytest.fixture(scope="session")
def integrated(tmp_path_factory: pytest.TempPathFactory) -> Results:
    path = tmp_path_factory.mktemp("wen") / "patients.csv"
    return read_results(
        write_csv(path, [result_row(row) for row in reconstructed_rows()]), name="p.csv"
    )


@pytest.fixture(scope="session")
def wen_2022() -> Analysis:
    return load_preset("wen-2022")


@pytest.fixture(scope="session")
def published(reconstructed: Cohort, integrated: Results, wen_2022: Analysis) -> OutcomeResults:
    return analyse(reconstructed, integrated, wen_2022)


@pytest.fixture(scope="session")
def default(reconstructed: Cohort, integrated: Results) -> OutcomeResults:
    return analyse(reconstructed, integrated, load_preset())


@pytest.fixture
def clinical(tmp_path: Path) -> Callable[[str], Cohort]:
    """Read a clinical table that stands in the test: one word a cell, - for empty."""

    def read(text: str) -> Cohort:
        lines = [line.split() for line in text.strip().splitlines()]
        cells = [["" if cell == "-" else cell for cell in line] for line in lines]
        path = tmp_path / "clinical.tsv"
        path.write_text("".join("\t".join(line) + "\n" for line in cells), encoding="utf-8")
        return read_cohort(path, name="clinical.tsv")

    return read

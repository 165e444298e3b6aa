"""Synthetic cohorts: every verdict is recomputed here from the cohort, by other ways where it can.

The small margins are those of a cohort that is drawn below, so that they can all be met.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from fusion_caller.errors import InputError
from outcomes.audit.intervals import Interval
from outcomes.clinical.cohort import join_results, read_cohort, read_results
from outcomes.statistics.survival import kaplan_meier, logrank
from outcomes.synthesis.margins import MARGIN_COLUMNS, read_margins
from outcomes.synthesis.months import times_in_order
from outcomes.synthesis.problem import understand
from outcomes.synthesis.search import search
from outcomes.synthesis.values import Target, fitted, statistics_of
from outcomes.synthesis.verdicts import Verdict
from workflows.commands.synthesise import run_synthesise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

N = 24
MEMBERS = {
    "": bool,
    "sex=female": lambda row: row["sex"] == "female",
    "sex=male": lambda row: row["sex"] == "male",
    "age_months<12": lambda row: float(row["age_months"]) < 12,
    "age_months>=12": lambda row: float(row["age_months"]) >= 12,
}


class Made(NamedTuple):
    verdicts: list[dict[str, str]]
    clinical: list[dict[str, str]]
    folder: Path
    summary: str

    def of(self, kind: str) -> list[dict[str, str]]:
        return [row for row in self.verdicts if row["kind"] == kind]


def write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, MARGIN_COLUMNS, delimiter="\t", restval="T")
        writer.writeheader()
        writer.writerows({**dict.fromkeys(MARGIN_COLUMNS, ""), **row} for row in rows)
    return path


def make(folder: Path, rows: Sequence[dict[str, str]], *, seed: int = 1, seconds: int = 60) -> Made:
    margins = write(folder / "margins.tsv", rows)
    summary = run_synthesise(margins, folder / "out", seed=seed, seconds=seconds)
    with (folder / "out/constraints.tsv").open(newline="", encoding="utf-8") as stream:
        verdicts = list(csv.DictReader(stream, delimiter="\t"))
    with (folder / "out/clinical.csv").open(newline="", encoding="utf-8") as stream:
        clinical = list(csv.DictReader(stream))
    return Made(verdicts, clinical, folder / "out", summary)


def n(count: int) -> dict[str, str]:
    return {"kind": "n", "printed": str(count)}


def possible_margins() -> list[dict[str, str]]:
    """The margins of a cohort drawn at random, printed as a publication would."""
    random = np.random.default_rng(7)
    female = random.permutation([True] * 10 + [False] * 14)
    infant = random.permutation([True] * 9 + [False] * 15)
    age = np.where(infant, random.integers(0, 12, N), random.integers(12, 180, N))
    time = random.permutation(np.arange(1, N + 1)) * 2.0
    event = (random.random(N) < 0.5) & (time < 40)
    rows = [
        n(N),
        {"kind": "count", "where": "sex=female", "of": "age_months<12", "n": "9"},
        {"kind": "events", "of": "efs", "printed": str(event.sum())},
        {"kind": "mean_sd", "of": "age_months"},
        {"kind": "median", "of": "age_months", "printed": f"{np.median(age):.2f}"},
        {"kind": "range", "of": "age_months", "printed": f"{age.min()}-{age.max()}"},
        {"kind": "median_time", "of": "efs", "printed": f"{np.median(time):.2f}"},
    ]
    rows[1]["printed"] = str((female & infant).sum())
    rows[3]["printed"] = f"{age.mean():.2f}±{age.std(ddof=1):.2f}"
    for where, members in (
        ("", np.ones(N, dtype=bool)),
        ("sex=female", female),
        ("sex=male", ~female),
        ("age_months<12", infant),
        ("age_months>=12", ~infant),
    ):
        found = kaplan_meier(time[members], event[members]).at(60)
        printed = f"{100 * found.survival:.2f}±{100 * found.std_error:.2f}"
        km = {"kind": "km", "of": "efs at 60", "where": where, "n": str(members.sum())}
        rows.append({**km, "printed": printed})
    for where, members in (("sex=female", female), ("age_months<12", infant)):
        p_value = logrank(time, event, members).p_value
        rows.append({"kind": "logrank", "of": f"efs by {where}", "printed": f"{p_value:.3f}"})
    return rows


@pytest.fixture(scope="module")
def possible(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("possible"), possible_margins())


def test_margins_of_a_cohort_are_all_met(possible: Made) -> None:
    assert [row["verdict"] for row in possible.verdicts] == ["met"] * len(possible.verdicts)
    assert possible.summary.splitlines()[1] == f"{len(possible.verdicts)} margins: 14 met"


def test_survival_in_overlapping_groups_comes_out_of_the_written_times(possible: Made) -> None:
    """Product limit and Greenwood's sum by hand, from the cells of clinical.csv."""
    for margin in possible.of("km"):
        own = [
            (float(row["last_contact_months"]), bool(row["relapse_months"]))
            for row in possible.clinical
            if MEMBERS[margin["where"]](row)
        ]
        survival, summed = 1.0, 0.0
        for place, (when, happened) in enumerate(sorted(own)):
            at_risk = len(own) - place
            if happened and when <= 60:
                survival *= (at_risk - 1) / at_risk
                summed += 1 / (at_risk * (at_risk - 1))
        printed = [float(each) for each in margin["printed"].split("±")]
        assert len(own) == int(margin["n"])
        assert 100 * survival == pytest.approx(printed[0], abs=0.0051)
        assert 100 * survival * summed**0.5 == pytest.approx(printed[1], abs=0.0056)


def test_log_rank_is_within_rounding(possible: Made) -> None:
    time = [float(row["last_contact_months"]) for row in possible.clinical]
    event = [bool(row["relapse_months"]) for row in possible.clinical]
    for margin in possible.of("logrank"):
        by = [MEMBERS[margin["of"].removeprefix("efs by ")](row) for row in possible.clinical]
        assert logrank(time, event, by).p_value == pytest.approx(
            float(margin["printed"]), abs=0.00056
        )


def test_every_row_says_that_it_is_synthetic(possible: Made) -> None:
    assert {row["synthetic"] for row in possible.clinical} == {"SYNTHETIC, no patient"}
    assert {row["synthetic"] for row in possible.verdicts} == {"SYNTHETIC, no patient"}
    results = (possible.folder / "patients.tsv").read_text(encoding="utf-8").splitlines()
    assert results[0].endswith("synthetic")
    assert all(line.endswith("SYNTHETIC, no patient") for line in results[1:])
    assert all(row["patient"].startswith("SYNTHETIC-") for row in possible.clinical)
    assert "SYNTHETIC" in (possible.folder / "READ_ME_FIRST.txt").read_text(encoding="utf-8")


def test_the_tables_pass_the_gate_of_the_analysis(possible: Made) -> None:
    cohort = read_cohort(possible.folder / "clinical.csv")
    joined = join_results(cohort, read_results(possible.folder / "patients.tsv"))
    assert joined.cohort.n == N
    assert joined.clinical_only == joined.results_only == ()


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = possible_margins()[:9]
    made = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        made.append(make(tmp_path / name, rows))
    for name in ("clinical.csv", "patients.tsv", "constraints.tsv"):
        assert (made[0].folder / name).read_bytes() == (made[1].folder / name).read_bytes()


def test_a_contradictory_pair_is_found_and_named(tmp_path: Path) -> None:
    made = make(
        tmp_path,
        [
            n(10),
            {"kind": "count", "where": "sex=male", "printed": "6"},
            {"kind": "count", "where": "cns_involvement=yes", "printed": "3"},
            {"kind": "count", "where": "sex=female", "printed": "6"},
        ],
    )
    assert [row["verdict"] for row in made.verdicts] == ["met", "met", "met", "contradictory"]
    assert made.verdicts[3]["got"] == "4"
    assert made.verdicts[3]["with_lines"] == "3"
    assert made.verdicts[3]["sentence"] == "No cohort meets it together with line 3."
    assert made.verdicts[1]["with_lines"] == "5"


def test_three_that_contradict_each_other_are_named_together(tmp_path: Path) -> None:
    """Boys with and without a finding are more than the boys; a fourth row has no part in it."""
    made = make(
        tmp_path,
        [
            n(12),
            {"kind": "count", "where": "sex=male", "printed": "5"},
            {"kind": "count", "where": "sex=male & fish=positive", "printed": "4"},
            {"kind": "count", "where": "sex=male & fish!=positive", "printed": "2"},
            {"kind": "percent", "where": "sex=female", "printed": "58.33%"},
        ],
    )
    verdicts = {row["line"]: row for row in made.verdicts}
    (wrong,) = (row for row in made.verdicts if row["verdict"] == "contradictory")
    assert wrong["line"] == "5"
    assert wrong["with_lines"] in ("3;4", "4;6")
    assert verdicts["6"]["verdict"] == "met"


def test_a_curve_that_cannot_be_is_contradictory_in_itself(tmp_path: Path) -> None:
    """16.67±14.83 of six patients (Wen et al. 2022): their error is 15.21 or more."""
    km = {"kind": "km", "of": "efs at 60", "n": "6", "printed": "16.67±14.83"}
    made = make(tmp_path, [n(6), km])
    (row,) = made.of("km")
    assert row["verdict"] == "contradictory"
    assert row["sentence"] == "No order of events and censorings of 6 patients gives it."
    assert float(row["got"].split(";")[0].removeprefix("survival=")) == pytest.approx(100 / 6)


@pytest.mark.parametrize(
    ("row", "verdict", "sentence"),
    [
        ({"kind": "count", "where": "sex=male", "printed": "11"}, "contradictory", "No cohort of"),
        ({"kind": "odds", "printed": "1"}, "not_understood", "found 'odds'"),
        ({"kind": "", "printed": "1"}, "not_understood", "Expected a kind"),
        ({"kind": "hazard_ratio", "printed": "3.38"}, "not_supported", "not sought"),
        ({"kind": "count", "where": "sex=male", "printed": "-"}, "not_understood", "is printed"),
        ({"kind": "count", "where": "sex=boy", "printed": "1"}, "not_understood", "female, male"),
        ({"kind": "count", "where": "gender=male", "printed": "1"}, "not_understood", "is 'sex'"),
        ({"kind": "count", "where": "sex", "printed": "1"}, "not_understood", "a condition"),
        ({"kind": "count", "where": "age_months=3", "printed": "1"}, "not_understood", "threshold"),
        ({"kind": "count", "where": "death_months>3", "printed": "1"}, "not_understood", "first_"),
        ({"kind": "count", "where": "x==SUM(A1)", "printed": "1"}, "not_understood", "a level of"),
        ({"kind": "km", "of": "efs at 60", "printed": "50±9"}, "not_understood", "none"),
        ({"kind": "km", "of": "efs", "n": "5", "printed": "50±9"}, "not_understood", "at MONTHS"),
        ({"kind": "km", "of": "dfs at 6", "n": "5", "printed": "50±9"}, "not_understood", "efs"),
        ({"kind": "logrank", "of": "efs", "printed": "0.5"}, "not_understood", "by CONDITION"),
        ({"kind": "mean", "of": "height", "printed": "3"}, "not_understood", "a number of the"),
        ({"kind": "range", "of": "age_months", "printed": "9-3"}, "not_understood", "low to high"),
        ({"kind": "n", "printed": "12"}, "contradictory", "10 patients"),
    ],
)
def test_a_bad_row_stays_in_the_table_with_its_reason(
    tmp_path: Path, row: dict[str, str], verdict: str, sentence: str
) -> None:
    made = make(tmp_path, [n(10), row])
    assert len(made.clinical) == 10
    assert made.verdicts[1]["verdict"] == verdict
    assert sentence in made.verdicts[1]["sentence"]


def test_text_that_a_spreadsheet_would_run_is_disarmed(tmp_path: Path) -> None:
    formula = "=HYPERLINK(1)"
    made = make(tmp_path, [{**n(3), "row": formula, "table": "@x"}, {"kind": formula}])
    assert made.verdicts[0]["row"] == f"'{formula}"
    assert made.verdicts[0]["table"] == "'@x"
    assert made.verdicts[1]["kind"] == f"'{formula}"
    assert formula not in (made.folder / "clinical.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("rows", [[], [{"kind": "count", "where": "sex=male", "printed": "2"}]])
def test_without_the_size_nothing_is_made(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    with pytest.raises(InputError, match=r"margins\.tsv: expected a row of kind n .* found none"):
        make(tmp_path, rows)
    assert not (tmp_path / "out").exists()


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "margins.tsv"
    path.write_text("table\trow\tkind\nT1\tx\tn\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 1: expected the columns of, where, printed"):
        read_margins(path)


def test_an_early_death_is_analysed_only_where_the_endpoint_does(tmp_path: Path) -> None:
    rows = [
        n(12),
        {"kind": "count", "where": "first_event=treatment_death", "printed": "2"},
        {"kind": "count", "where": "first_event=left_study", "printed": "3"},
        {"kind": "count", "where": "first_event=relapse", "printed": "3"},
        {"kind": "analysed", "of": "wen-2022-as-analysed", "printed": "7"},
        {"kind": "analysed", "of": "wen-2022-with-trm", "printed": "9"},
        {"kind": "events", "of": "wen-2022-with-trm", "n": "9", "printed": "5"},
        {"kind": "analysed", "of": "efs", "printed": "12"},
    ]
    made = make(tmp_path, rows)
    assert {row["verdict"] for row in made.verdicts} == {"met"}
    assert sum(row["death_cause"] == "treatment" for row in made.clinical) == 2
    assert sum(bool(row["left_study_months"]) for row in made.clinical) == 3


def test_values_come_to_the_mean_and_its_error_within_their_bins() -> None:
    target = Target(
        patients=tuple(range(18)),
        statistics={"mean": Interval(153.485, 153.495), "sem": Interval(37.365, 37.375)},
    )
    limits = [(194, 4999)] * 4 + [(5000, 65228)] * 14
    found = fitted(limits, [target], begin=limits, places=2, seed=1)
    assert all(low <= value <= high for value, (low, high) in zip(found, limits, strict=True))
    own = np.array(found) / 100
    assert own.mean() == pytest.approx(153.49, abs=0.005)
    assert own.std(ddof=1) / 18**0.5 == pytest.approx(37.37, abs=0.005)
    assert statistics_of(own.tolist(), ("mean",))["mean"] == pytest.approx(own.mean())


def test_times_rise_and_keep_horizon_and_median() -> None:
    until = {12.0: [True] * 3 + [False] * 6, 60.0: [True] * 7 + [False] * 2}
    times = times_in_order(9, until, [(range(9), 15.48)])
    assert times == sorted(set(times))
    assert times[2] <= 12 < times[3]
    assert times[6] <= 60 < times[7]
    assert np.median(times) == 15.48


def test_the_search_says_nothing_of_a_conflict_that_is_none(tmp_path: Path) -> None:
    task = understand(read_margins(write(tmp_path / "m.tsv", possible_margins()[:3])))
    assert search(task.problem, seed=3, effort=5).conflicts == ()
    assert set(Verdict) == {"met", "unmet", "contradictory", "not_supported", "not_understood"}


def test_nobody_leaves_before_what_is_said_of_them_was_assessed() -> None:
    until = {60.0: [True] * 5 + [False] * 4}
    times = times_in_order(9, until, [], earliest=1.6)
    assert times[0] > 1.6
    assert times == sorted(set(times))
    assert [time <= 60 for time in times] == until[60.0]
    # A horizon before that day is kept instead.
    assert times_in_order(2, {1.0: [True, False]}, [], earliest=1.6)[0] <= 1.0

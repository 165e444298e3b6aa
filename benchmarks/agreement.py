"""How far every statistic is from R's, on four data sets that R knows.

    python benchmarks/agreement.py [--reference r_reference.json]

Computes, by the functions that the analysis uses, what `make_reference.R` had R compute, in the
same shape, and compares number by number: the largest absolute difference of each statistic and
data set, and its limit. Ends with 1 where one is beyond its limit, or where the reference holds
what is not computed here. The calls in R, and the versions, stand beside the reference.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from outcomes.statistics.cox import cox
from outcomes.statistics.design import Design, design
from outcomes.statistics.fine_gray import fine_gray
from outcomes.statistics.firth import firth
from outcomes.statistics.incidence import cumulative_incidence, gray
from outcomes.statistics.incidence_error import StdError
from outcomes.statistics.intervals import Interval
from outcomes.statistics.likelihood import Ties
from outcomes.statistics.proportional_hazards import Scale, proportionality
from outcomes.statistics.restricted_mean import mean_difference, restricted_mean
from outcomes.statistics.survival import kaplan_meier, logrank, median_follow_up
from outcomes.statistics.trend import logrank_trend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt

    from outcomes.statistics.restricted_mean import RestrictedMean

STORED = Path(__file__).parents[1] / "tests" / "data" / "survival_reference" / "r_reference.json"
LIMIT = 1e-8
# By the beginning of a statistic's name. `coxphf` stops its own fit at about 1e-8; comprisk's
# standard error leaves out what comes of estimating the censoring, `crr` does not.
LIMITS = {"firth.": 1e-7, "fg.se": 1e-3}
# What the reference says of itself.
REMARKS = ("kept",)
NOT_COMPUTED = object()
# qnorm(0.975) of R.
NORMAL_97_5 = 1.959963984540054
COLUMNS = {
    "lung": ("time", "status == 1", "sex", "", ("age", "sex", "ph.ecog", "wt.loss")),
    "veteran": (
        "time",
        "status == 1",
        "celltype",
        "",
        ("trt", "karno", "diagtime", "age", "prior"),
    ),
    "mgus2": ("etime", "event > 0", "male", "event", ("age", "male", "mspike")),
    "pbc": ("time", "cr == 1", "stage", "cr", ("age", "male", "bili", "albumin", "protime")),
}
"""By data set: time, what an event is, groups, cause where events compete, covariates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A data set as the R calls took it; `cause` is `event` where no events compete."""

    time: npt.NDArray[np.float64]
    event: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    cause: npt.NDArray[np.int64]
    design: Design

    def arm(self, number: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Times and events of the groups in their order, from 0."""
        inside = self.group == np.unique(self.group)[number]
        return self.time[inside], self.event[inside]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The largest absolute difference of a statistic from R's, infinite where there is none."""

    dataset: str
    statistic: str
    largest: float
    limit: float

    @property
    def within(self) -> bool:
        """Whether it is small enough."""
        return self.largest <= self.limit


def read_sample(name: str, folder: Path = STORED.parent) -> Sample:
    """Read a data set."""
    time, event, group, cause, covariates = COLUMNS[name]
    frame = pd.read_csv(folder / f"{name}.csv")
    frame = frame.assign(t=frame[time], e=np.asarray(frame.eval(event)).astype(int))
    return Sample(
        time=frame["t"].to_numpy(dtype=np.float64),
        event=frame["e"].to_numpy(),
        group=frame[group].to_numpy(),
        cause=frame[cause or "e"].to_numpy(),
        design=design(frame, duration="t", event="e", covariates=covariates, where=name),
    )


def _curve(sample: Sample, interval: Interval) -> dict[str, Any]:
    curve = kaplan_meier(sample.time, sample.event, interval=interval)
    return {
        "time": curve.time,
        "surv": curve.survival,
        "se": curve.std_error,
        "lower": curve.ci_lower,
        "upper": curve.ci_upper,
    }


def _median(sample: Sample) -> list[float | None]:
    curve = kaplan_meier(sample.time, sample.event)
    return [curve.median, *curve.median_limits]


def _logrank(sample: Sample) -> dict[str, Any]:
    test = logrank(sample.time, sample.event, sample.group)
    return {"chisq": test.chi_square, "df": test.df, "p": test.p_value}


def _trend(sample: Sample) -> float | None:
    order = np.unique(sample.group).tolist()
    return logrank_trend(sample.time, sample.event, sample.group, order).chi_square


def _cox(sample: Sample, ties: Ties) -> dict[str, Any]:
    model = cox(sample.design, ties=ties)
    tests = {test.name: test.chi_square for test in model.tests}
    return {
        "coef": [term.coefficient for term in model.terms],
        "se": [term.std_error for term in model.terms],
        "loglik": [model.log_likelihood_null, model.log_likelihood],
        "score": tests["score"],
        "wald": tests["Wald"],
    }


def _zph(sample: Sample, scale: Scale) -> dict[str, Any]:
    tests = proportionality(sample.design, scale=scale)
    return {
        "chisq": [test.chi_square for test in tests],
        "p": [test.p_value for test in tests],
    }


def _firth(sample: Sample) -> dict[str, Any]:
    model = firth(sample.design, where="Firth")
    return {
        "coef": [term.coefficient for term in model.terms],
        "se": [term.std_error for term in model.terms],
        "lower": [term.ci_lower for term in model.terms],
        "upper": [term.ci_upper for term in model.terms],
        "p": [term.p_value for term in model.terms],
        "loglik": [model.log_likelihood_null, model.log_likelihood],
    }


def _with_limits(mean: RestrictedMean) -> list[float]:
    half_width = NORMAL_97_5 * mean.std_error
    return [mean.mean, mean.std_error, mean.mean - half_width, mean.mean + half_width]


def _restricted_means(sample: Sample) -> dict[str, Any]:
    last = [sample.time[sample.group == level].max() for level in np.unique(sample.group)]
    tau = 0.8 * float(min(last))
    arms = [restricted_mean(kaplan_meier(*sample.arm(number)), tau) for number in (0, 1)]
    found = mean_difference(arms[1], arms[0])
    half_width = NORMAL_97_5 * found.std_error
    return {
        "tau": tau,
        "arm0": _with_limits(arms[0]),
        "arm1": _with_limits(arms[1]),
        "diff": [
            found.difference,
            found.difference - half_width,
            found.difference + half_width,
            found.p_value,
        ],
    }


def _restricted_mean(sample: Sample) -> dict[str, Any]:
    tau = float(np.quantile(sample.time, 0.8))
    found = restricted_mean(kaplan_meier(sample.time, sample.event), tau)
    return {"tau": tau, "est": found.mean, "se": found.std_error}


def _incidence(sample: Sample) -> dict[str, Any]:
    curve = cumulative_incidence(sample.time, sample.cause)
    return {
        "time": curve.time,
        "cif1": curve.event.incidence,
        "cif2": curve.competing.incidence,
        "se1": curve.event.std_error,
        "se2": curve.competing.std_error,
    }


def _incidence_at(sample: Sample) -> dict[str, Any]:
    curve = cumulative_incidence(sample.time, sample.cause, std_error=StdError.CUMINC)
    times = np.quantile(sample.time, (0.2, 0.4, 0.6, 0.8))
    at = [curve.at(float(time)) for time in times]
    both = ([one.event for one in at], [one.competing for one in at])
    return {
        "tp": times,
        "est": [[one.incidence for one in cause] for cause in both],
        "var": [[one.std_error**2 for one in cause] for cause in both],
    }


def _gray(sample: Sample) -> dict[str, Any]:
    tests = [gray(sample.time, sample.cause, sample.group, of=cause) for cause in (1, 2)]
    return {
        "stat": [test.chi_square for test in tests],
        "p": [test.p_value for test in tests],
        "df": [test.df for test in tests],
    }


def _fine_gray(sample: Sample) -> dict[str, Any]:
    model = fine_gray(sample.time, sample.cause, sample.design.values)
    if model is None:
        return {}
    return {
        "coef": model.coefficients,
        "se": model.std_errors,
        "loglik": model.log_likelihood,
        "conv": model.converged,
    }


def _fine_gray_of_survival(sample: Sample) -> dict[str, Any]:
    """R's finegray() has those censored at a time leave after its events; crr() does not.

    On mgus2, in whole months, that changes the coefficients by up to 3e-4. The same is to move the
    censored times by less than a step.
    """
    later = sample.time + 0.5 * np.diff(np.unique(sample.time)).min() * (sample.cause == 0)
    model = fine_gray(later, sample.cause, sample.design.values)
    return {"coef": model.coefficients} if model else {}


COMPUTED: Mapping[str, Callable[[Sample], Any]] = {
    "n": lambda sample: sample.design.n,
    "events": lambda sample: sample.design.n_events,
    "km_plain": lambda sample: _curve(sample, Interval.PLAIN),
    "km_log": lambda sample: _curve(sample, Interval.LOG),
    "km_log-log": lambda sample: _curve(sample, Interval.LOG_LOG),
    "median": _median,
    "revkm_median": lambda sample: median_follow_up(sample.time, sample.event),
    # No statistic of an outcome: it says that both read the same times.
    "q": lambda sample: np.quantile(sample.time, (0.25, 0.5)),
    "logrank": _logrank,
    "peto": lambda sample: {
        "chisq": logrank(sample.time, sample.event, sample.group, rho=1).chi_square
    },
    "trend": _trend,
    "cox_efron": lambda sample: _cox(sample, Ties.EFRON),
    "cox_breslow": lambda sample: _cox(sample, Ties.BRESLOW),
    "cox_exact": lambda sample: _cox(sample, Ties.EXACT),
    "robust_se": lambda sample: [*cox(sample.design).robust_std_errors.values()],
    "concordance": lambda sample: cox(sample.design).concordance,
    "zph_km": lambda sample: _zph(sample, "km"),
    "zph_rank": lambda sample: _zph(sample, "rank"),
    "zph_identity": lambda sample: _zph(sample, "identity"),
    "zph_log": lambda sample: _zph(sample, "log"),
    "firth": _firth,
    "rmst": _restricted_means,
    "rmean": _restricted_mean,
    "aj": _incidence,
    "cuminc": _incidence_at,
    "gray": _gray,
    "fg": _fine_gray,
    "fg_surv": _fine_gray_of_survival,
}
"""What is compared, in the shape of the reference, by its name there."""


def differences(
    reference: Mapping[str, Mapping[str, Any]], dataset: str, statistic: str
) -> list[Difference]:
    """Compare one statistic of a data set with the reference, part by part."""
    expected = reference[dataset][statistic]
    found = COMPUTED[statistic](read_sample(dataset)) if statistic in COMPUTED else NOT_COMPUTED
    return [
        Difference(
            dataset=dataset,
            statistic=name,
            largest=largest_difference(ours, theirs),
            limit=next((limit for each, limit in LIMITS.items() if name.startswith(each)), LIMIT),
        )
        for name, ours, theirs in _parts(statistic, found, expected)
    ]


def _parts(name: str, found: Any, expected: Any) -> Iterator[tuple[str, Any, Any]]:
    if not isinstance(expected, dict):
        yield name, found, expected
        return
    for key, theirs in expected.items():
        if key not in REMARKS:
            ours = found.get(key, NOT_COMPUTED) if isinstance(found, dict) else NOT_COMPUTED
            yield f"{name}.{key}", ours, theirs


def largest_difference(ours: Any, theirs: Any) -> float:
    """Return the largest absolute difference; infinite where one has a value or a shape alone."""
    if ours is NOT_COMPUTED:
        return math.inf
    found, expected = _numbers(ours), _numbers(theirs)
    if found.shape != expected.shape or (np.isnan(found) != np.isnan(expected)).any():
        return math.inf
    both = ~np.isnan(expected)
    return float(np.abs(found[both] - expected[both]).max()) if both.any() else 0.0


def _numbers(values: Any) -> npt.NDArray[np.float64]:
    """Make an array; R writes NA and NaN as words."""
    cells = np.asarray(values, dtype=object)
    missing = (cells == "NaN") | (cells == "NA") | (cells == None)  # noqa: E711
    return np.where(missing, np.nan, cells).astype(np.float64)


def table(found: list[Difference]) -> str:
    """Write the differences as a table: a line a statistic, a column a data set."""
    datasets = [name for name in COLUMNS if any(one.dataset == name for one in found)]
    place = {name: number for number, name in enumerate(COMPUTED)}
    found = sorted(found, key=lambda one: place.get(one.statistic.partition(".")[0], len(place)))
    lines = [f"{'statistic':18}" + "".join(f"{name:>10}" for name in datasets) + f"{'limit':>10}"]
    for statistic in dict.fromkeys(one.statistic for one in found):
        of = {one.dataset: one for one in found if one.statistic == statistic}
        cells = (f"{of[name].largest:.1e}" if name in of else "" for name in datasets)
        limit = next(iter(of.values())).limit
        lines.append(
            f"{statistic:18}" + "".join(f"{cell:>10}" for cell in cells) + f"{limit:10.0e}"
        )
    return "\n".join(lines)


def main() -> int:
    """Compare everything, print the table, and say what is beyond its limit."""
    parser = argparse.ArgumentParser(description="Largest differences from R's statistics")
    parser.add_argument("--reference", type=Path, default=STORED)
    reference = json.loads(parser.parse_args().reference.read_text(encoding="utf-8"))
    found = [
        difference
        for dataset, statistics in reference.items()
        for statistic in statistics
        for difference in differences(reference, dataset, statistic)
    ]
    print(table(found))
    beyond = [f"{one.dataset} {one.statistic}" for one in found if not one.within]
    print(f"{len(found)} comparisons; beyond the limit: {', '.join(beyond) or 'none'}")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())

"""The analysis as declared: endpoints, factors, cut-points, tables, models.

Nothing is searched for. An analysis is a YAML file on top of a preset: its keys replace the
preset's, its factors are added to the preset's or replace those of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fusion_caller.integrated import Status
from fusion_caller.settings import Setting, read_yaml
from outcomes.clinical.dictionary import LONGEST_MONTHS, MEASURES, OUTCOMES
from outcomes.comparisons import MeasureTest
from outcomes.competing import COMPETING_ENDPOINTS, Leavers
from outcomes.endpoints import ENDPOINTS
from outcomes.errors import AnalysisError
from outcomes.exposures import EXPOSURES, Exposed
from outcomes.factor_settings import read_factor
from outcomes.risk import PROTOCOLS
from outcomes.statistics.incidence_error import StdError
from outcomes.statistics.intervals import Interval
from outcomes.statistics.likelihood import Ties

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from outcomes.factors import Factor

PRESETS = Path(__file__).with_name("presets")
DEFAULT_PRESET = "default"
# More curves than this cannot be told apart in one figure.
MOST_CURVES = 7
STATUSES = tuple(str(status) for status in Status)

_KEYS = (
    "preset",
    "name",
    "horizon_months",
    "confidence_interval",
    "population",
    "risk",
    "endpoints",
    "factors",
    "baseline",
    "response",
    "univariate",
    "stratify_by",
    "curves",
    "cumulative_incidence",
    "multivariable",
    "time_dependent",
    "swimmer",
    "mrd",
    "integration",  # the rules by which assays are reconciled, which `fusion_caller` reads
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A table that compares groups: the factor that makes them, and its rows in order.

    A row is a factor, compared by counts, or a measure of the clinical table, compared by means, or
    by the test that `tests` names for it.
    """

    by: str
    rows: tuple[str, ...]
    tests: Mapping[str, MeasureTest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidence:
    """What is asked of endpoints with competing events.

    Attributes:
        endpoints: Their names; empty for no such analysis.
        leavers: What is done with those who left the study.
        by: Factors whose levels are compared; the first one is drawn.
        std_error: How the standard errors are estimated.
    """

    endpoints: tuple[str, ...] = ()
    leavers: Leavers = Leavers.CENSORED
    by: tuple[str, ...] = ()
    std_error: StdError = StdError.SURVFIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """An analysis, complete and checked.

    Attributes:
        file: The file or preset it comes from, for messages.
        name: Its name.
        horizon_months: The time at which survival is read.
        interval: The scale of the confidence intervals of survival.
        population: The statuses of the integrated result that belong to the study; empty for all.
            Patients without a status always stay.
        risk: Protocols whose risk groups are asked for, empty for none; the first gives that of
            the integrated results.
        endpoints: Names of endpoints, the primary one first.
        factors: The factors by name.
        baseline: The table of baseline characteristics.
        response: The table of treatment response.
        univariate: Factors whose levels are compared in survival.
        stratify_by: Groupings: factors within whose levels, and stratified by which, everything is
            compared again.
        curves: Factors whose levels get survival curves.
        incidence: Relapse and other endpoints with competing events.
        covariates: Factors and measures of the multivariable model; empty for no model.
        swimmer_by: The factor by which the courses of all patients are shown; empty for none.
        mrd_by: The factor by which MRD is shown at each time point; empty for none.
        ties: How tied events enter the full multivariable model.
        exposed: Exposures that come after diagnosis, and what their models adjust for.
    """

    file: str
    name: str
    horizon_months: float
    interval: Interval
    population: tuple[str, ...]
    risk: tuple[str, ...]
    endpoints: tuple[str, ...]
    factors: Mapping[str, Factor]
    baseline: Comparison
    response: Comparison
    univariate: tuple[str, ...]
    stratify_by: tuple[str, ...]
    curves: tuple[str, ...]
    incidence: Incidence
    covariates: tuple[str, ...]
    swimmer_by: str
    mrd_by: str
    ties: Ties
    exposed: Exposed

    @property
    def described(self) -> tuple[str, ...]:
        """The factors and measures that its tables compare and its curves show."""
        rows = (*self.baseline.rows, *self.response.rows)
        compared = (*self.univariate, *self.stratify_by, *self.curves, *self.incidence.by)
        shown = filter(None, (self.swimmer_by, self.mrd_by))
        return tuple(dict.fromkeys((*rows, *compared, *shown)))

    def without(self, names: Collection[str]) -> Analysis:
        """Leave factors and measures out of tables and curves; the model stays as declared."""

        def kept(listed: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name in listed if name not in names)

        return replace(
            self,
            baseline=replace(self.baseline, rows=kept(self.baseline.rows)),
            response=replace(self.response, rows=kept(self.response.rows)),
            univariate=kept(self.univariate),
            stratify_by=kept(self.stratify_by),
            curves=kept(self.curves),
            incidence=replace(self.incidence, by=kept(self.incidence.by)),
            swimmer_by="".join(kept((self.swimmer_by,))),
            mrd_by="".join(kept((self.mrd_by,))),
        )


def presets() -> tuple[str, ...]:
    """Return the names of the presets."""
    return tuple(sorted(path.stem for path in PRESETS.glob("*.yaml")))


def load_preset(name: str = DEFAULT_PRESET) -> Analysis:
    """Load a preset by its name.

    Raises:
        AnalysisError: If there is no such preset.
    """
    return _parse(_preset(name, file="analysis", key="preset"), file=f"preset {name}")


def load_analysis(path: Path, *, name: str | None = None) -> Analysis:
    """Load an analysis file on top of the preset it names, `default` if it names none.

    Args:
        path: The YAML file.
        name: How messages call it; the path as given if absent.

    Raises:
        InputError: If the file cannot be read.
        AnalysisError: Naming the key that is wrong.
    """
    file = name or str(path)
    own = read_yaml(path, file)
    preset = Setting(own.get("preset", DEFAULT_PRESET), file, "preset").text()
    merged = {**_preset(preset, file=file, key="preset"), **own}
    merged["name"] = own.get("name", path.stem)
    if "factors" in own:
        factors = Setting(own["factors"], file, "factors").mapping()
        merged["factors"] = {**_preset(preset, file=file, key="preset")["factors"], **factors}
    return _parse(merged, file=file)


def _preset(name: str, *, file: str, key: str) -> dict[str, Any]:
    if name not in presets():
        known = ", ".join(presets())
        raise AnalysisError(f"expected one of {known}; found '{name}'", file=file, key=key)
    return read_yaml(PRESETS / f"{name}.yaml", f"preset {name}")


def _parse(content: Mapping[str, Any], *, file: str) -> Analysis:
    top = Setting(content, file, "")
    top.check_keys(_KEYS)
    horizon = top.at("horizon_months").number(maximum=LONGEST_MONTHS)
    if horizon == 0:
        raise top.at("horizon_months").problem("expected a number above 0, found 0")
    endpoints = top.at("endpoints").choices(ENDPOINTS)
    if not endpoints:
        raise top.at("endpoints").problem("expected at least one endpoint, found an empty list")
    declared = top.at("factors")
    factors = {name: read_factor(name, declared.at(name)) for name in declared.mapping()}
    population = top.at("population")
    multivariable = top.at("multivariable")
    if not multivariable.absent:
        multivariable.check_keys(("covariates", "ties"))
    covariates, ties = multivariable.at("covariates"), multivariable.at("ties")
    interval = top.at("confidence_interval")
    stratify_by = top.at("stratify_by")
    return Analysis(
        file=file,
        name=top.at("name").text(),
        horizon_months=horizon,
        interval=Interval.LOG_LOG if interval.absent else Interval(interval.choice(Interval)),
        population=() if population.absent else population.choices(STATUSES),
        risk=_risk(top.at("risk")),
        endpoints=endpoints,
        factors=factors,
        baseline=_comparison(top.at("baseline"), factors),
        response=_comparison(top.at("response"), factors),
        univariate=_predictors(top.at("univariate"), factors, factors),
        stratify_by=() if stratify_by.absent else _predictors(stratify_by, factors, factors),
        curves=_curves(top.at("curves"), factors),
        incidence=_incidence(top.at("cumulative_incidence"), factors),
        covariates=()
        if covariates.absent
        else _predictors(covariates, factors, (*factors, *MEASURES)),
        swimmer_by=_shown_by(top.at("swimmer"), factors),
        mrd_by=_shown_by(top.at("mrd"), factors),
        ties=Ties.EFRON if ties.absent else Ties(ties.choice(Ties)),
        exposed=_exposed(top.at("time_dependent"), factors, horizon),
    )


def _risk(reader: Setting) -> tuple[str, ...]:
    """Read one protocol or a list of them."""
    if reader.absent:
        return ()
    if isinstance(reader.value, list):
        return reader.choices(PROTOCOLS)
    return (reader.choice(PROTOCOLS),)


def _predictors(
    reader: Setting, factors: Mapping[str, Factor], known: Iterable[str]
) -> tuple[str, ...]:
    """Read the names of factors and measures, none of which may be an outcome itself."""
    names = reader.choices(known)
    for name in names:
        columns = factors[name].columns if name in factors else (name,)
        late = sorted(OUTCOMES.intersection(columns))
        if late:
            raise reader.problem(
                f"expected nothing that happens later; '{name}' reads '{late[0]}', which is known "
                "only afterwards"
            )
    return names


def _curves(reader: Setting, factors: Mapping[str, Factor]) -> tuple[str, ...]:
    names = _predictors(reader, factors, factors)
    for name in names:
        _check_levels(reader, factors[name], "curves in a figure")
    return names


def _check_levels(reader: Setting, factor: Factor, what: str) -> None:
    levels = len(factor.levels)
    if levels > MOST_CURVES:
        raise reader.problem(
            f"expected at most {MOST_CURVES} {what}; '{factor.name}' has {levels} levels"
        )


def _shown_by(reader: Setting, factors: Mapping[str, Factor]) -> str:
    """Read the factor by which a figure of patients is grouped; empty for no grouping."""
    if reader.absent:
        return ""
    reader.check_keys(("by",))
    by = reader.at("by")
    if by.absent:
        return ""
    name = by.choice(factors)
    _check_levels(by, factors[name], "groups in a figure")
    return name


def _incidence(reader: Setting, factors: Mapping[str, Factor]) -> Incidence:
    if reader.absent:
        return Incidence()
    reader.check_keys(("endpoints", "leavers", "by", "std_error"))
    leavers, by, std_error = (reader.at(key) for key in ("leavers", "by", "std_error"))
    return Incidence(
        endpoints=reader.at("endpoints").choices(COMPETING_ENDPOINTS),
        leavers=Leavers.CENSORED if leavers.absent else Leavers(leavers.choice(Leavers)),
        by=() if by.absent else _curves(by, factors),
        std_error=StdError.SURVFIT if std_error.absent else StdError(std_error.choice(StdError)),
    )


def _exposed(reader: Setting, factors: Mapping[str, Factor], horizon_months: float) -> Exposed:
    if reader.absent:
        return Exposed()
    reader.check_keys(("exposures", "covariates", "landmark_months"))
    covariates, landmark = reader.at("covariates"), reader.at("landmark_months")
    names = () if covariates.absent else _predictors(covariates, factors, (*factors, *MEASURES))
    for name in names:
        if name in factors and factors[name].landmark_months is not None:
            raise covariates.problem(
                f"expected what is known at diagnosis; '{name}' counts from a landmark"
            )
    months = None if landmark.absent else landmark.number(maximum=LONGEST_MONTHS)
    if months is not None and months >= horizon_months:
        raise landmark.problem(
            f"expected a time before the horizon, {horizon_months:g} months, found {months:g}"
        )
    return Exposed(
        exposures=reader.at("exposures").choices(EXPOSURES),
        covariates=names,
        landmark_months=months,
    )


def _comparison(reader: Setting, factors: Mapping[str, Factor]) -> Comparison:
    reader.check_keys(("by", "rows", "tests"))
    rows, tests = reader.at("rows").choices((*factors, *MEASURES)), reader.at("tests")
    if not tests.absent:
        tests.check_keys(name for name in rows if name in MEASURES)
    return Comparison(
        by=reader.at("by").choice(factors),
        rows=rows,
        tests={}
        if tests.absent
        else {name: MeasureTest(tests.at(name).choice(MeasureTest)) for name in tests.mapping()},
    )

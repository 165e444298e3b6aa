"""How often `kmt2a audit` is right: false alarms on true tables, slips of one digit that it finds.

    python benchmarks/audit.py [--tables 1000] [--slipped 1000]

Simulates cohorts, computes from the patients themselves what a publication would print, without the
code that audits, and prints it with usual numbers of digits, halves rounded up or to even. Audits
every cell as it is; then, of so many tables, once more with one digit of the printed value changed.
Log-rank p values need the cohort and are recomputed from it whole; `distinct` and `direction` are
no arithmetic: they are left out.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections import Counter
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from scipy import stats

from outcomes.audit.cells import Cell
from outcomes.audit.judgement import Verdict
from outcomes.audit.verdicts import judge

SEED = 20260101
ALARM = (Verdict.DISAGREES, Verdict.IMPOSSIBLE)


class Printer:
    """Prints numbers as one publication does.

    Args:
        rng: Where its habits come from.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.rounding = rng.choice((ROUND_HALF_EVEN, ROUND_HALF_UP))
        self.places_of_p = rng.choice((3, 4))

    def number(self, value: float, places: int) -> str:
        """A value with so many digits behind the point."""
        return str(Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=self.rounding))

    def p_value(self, p: float) -> str:
        """A p value, at both ends as a bound."""
        least = 10.0**-self.places_of_p
        if p < least:
            return f"<{least:.{self.places_of_p}f}"
        if p > 1 - least:
            return f">{1 - least:.{self.places_of_p}f}"
        return self.number(p, self.places_of_p)


def greenwood(patients: list[tuple[int, bool]], horizon: int) -> tuple[float, float]:
    """Kaplan-Meier estimate and Greenwood's standard error, in plain steps."""
    survival, summed = 1.0, 0.0
    for each in sorted({when for when, event in patients if event and when <= horizon}):
        at_risk = sum(when >= each for when, _ in patients)
        events = sum(when == each and event for when, event in patients)
        if events == at_risk:
            return 0.0, 0.0
        survival *= 1 - events / at_risk
        summed += events / (at_risk * (at_risk - events))
    return survival, survival * math.sqrt(summed)


def follow(rng: random.Random, n: int) -> list[tuple[int, bool]]:
    """Times in whole months, some tied, and whether the event came first."""
    event_rate, leaving_rate = rng.uniform(0.003, 0.06), rng.uniform(0.001, 0.03)
    pairs = ((rng.expovariate(event_rate), rng.expovariate(leaving_rate)) for _ in range(n))
    return [(1 + int(min(event, left)), event <= left) for event, left in pairs]


def counted(rng: random.Random, printer: Printer, n1: int, n2: int) -> list[tuple[str, str, str]]:
    """Percentages, a ratio, a sum, an exact test and a figure that stands at two places."""
    a, b = rng.randint(0, n1), rng.randint(0, n2)
    total, more = n1 + n2, rng.uniform(20, 80)
    sign = rng.choice(("", "%"))
    p = float(stats.fisher_exact([[a, n1 - a], [b, n2 - b]]).pvalue)
    percentage = printer.number(100 * (a + b) / total, rng.choice((1, 2)))
    return [
        ("percent", f"{a + b}/{total}", percentage + sign),
        ("ratio", f"{n1}:{n2}", f"{printer.number(n1 / n2, 2)}:1"),
        ("sum", f"{n1}+{n2}", str(total)),
        ("sum", f"100-{printer.number(more, 2)}", printer.number(100 - more, 2)),
        ("fisher", f"{a}/{n1 - a} vs {b}/{n2 - b}", printer.p_value(p)),
        ("same", printer.number(more, 2), printer.number(more, rng.choice((1, 2)))),
    ]


def measured(rng: random.Random, printer: Printer, n1: int, n2: int) -> list[tuple[str, str, str]]:
    """Welch's test, and mean and spread of all."""
    groups = [[rng.lognormvariate(4, 1.2) for _ in range(n)] for n in (n1, n2)]
    spread, places = rng.choice(("sem", "sd")), rng.choice((1, 2))
    inputs = " vs ".join(
        f"mean={printer.number(statistics.fmean(group), places)}; {spread}="
        + printer.number(
            statistics.stdev(group) / (math.sqrt(len(group)) if spread == "sem" else 1), places
        )
        + f"; n={len(group)}"
        for group in groups
    )
    everybody = groups[0] + groups[1]
    welch = stats.ttest_ind(*groups, equal_var=False)
    sd = statistics.stdev(everybody)
    return [
        ("welch_t", inputs, printer.number(float(welch.statistic), 4)),
        ("welch_df", inputs, printer.number(float(welch.df), 2)),
        ("welch_p", inputs, printer.p_value(float(welch.pvalue))),
        ("pooled_mean", inputs, printer.number(statistics.fmean(everybody), places)),
        ("pooled_sd", inputs, printer.number(sd, places)),
        ("pooled_sem", inputs, printer.number(sd / math.sqrt(len(everybody)), places)),
    ]


def modelled(rng: random.Random, printer: Printer) -> list[tuple[str, str, str]]:
    """The row of a Cox model as SPSS prints it, one as journals do, and a score test."""
    b, se, places = rng.gauss(0, 1), rng.uniform(0.1, 0.8), rng.choice((2, 3))
    z = rng.choice((1.96, stats.norm.ppf(0.975)))
    lower, hr, upper = (printer.number(math.exp(b + factor * se), places) for factor in (-z, 0, z))
    both = f"b={printer.number(b, 3)}; se={printer.number(se, 3)}"
    wald, score, df = (b / se) ** 2, rng.expovariate(0.4), rng.randint(1, 3)
    p = printer.p_value(float(stats.chi2.sf(wald, 1)))
    cells = [
        ("cox_wald", both, printer.number(wald, 3)),
        ("cox_hr", f"b={printer.number(b, 3)}", hr),
        ("cox_ci_lower", both, lower),
        ("cox_ci_upper", both, upper),
        ("cox_p", f"wald={printer.number(wald, 3)}", p),
        ("cox_p", both, p),
        (
            "chi2_p",
            f"chi2={printer.number(score, 3)}; df={df}",
            printer.p_value(float(stats.chi2.sf(score, df))),
        ),
    ]
    if 0 < float(lower) < float(upper):
        cells += [
            ("cox_hr", f"lower={lower}; upper={upper}", hr),
            ("cox_p", f"hr={hr}; lower={lower}; upper={upper}", p),
        ]
    return cells


def followed(rng: random.Random, printer: Printer, n: int) -> list[tuple[str, str, str]]:
    """Kaplan-Meier estimates with their standard errors."""
    patients, horizon = follow(rng, n), rng.choice((24, 36, 60))
    survival, error = greenwood(patients, horizon)
    scale, unit, places = rng.choice(
        ((100, "", 1), (100, "", 2), (1, "; unit=fraction", 3), (1, "; unit=fraction", 4))
    )
    pair = "±".join(printer.number(scale * each, places) for each in (survival, error))
    added = rng.randint(1, 5)
    known = (
        f"survival={printer.number(100 * survival, 2)}",
        f"se={printer.number(100 * error, 2)}",
    )
    whole = greenwood([(0, True)] * added + patients, horizon)
    return [
        ("km", f"n={n}{unit}", pair),
        (
            "km_added",
            "; ".join((*known, f"n={n}", f"added={added}")),
            "±".join(printer.number(100 * each, 2) for each in whole),
        ),
    ]


def true_table(rng: random.Random) -> list[Cell]:
    """The cells of one publication, all of them right."""
    printer, n1, n2 = Printer(rng), rng.randint(6, 40), rng.randint(6, 40)
    found = [
        *counted(rng, printer, n1, n2),
        *measured(rng, printer, n1, n2),
        *modelled(rng, printer),
        *followed(rng, printer, n1),
        *followed(rng, printer, rng.randint(10, 60)),
    ]
    return [
        Cell(file="simulated", line=line, table="", row="", test=test, inputs=inputs, printed=text)
        for line, (test, inputs, text) in enumerate(found, start=2)
    ]


def slip(rng: random.Random, text: str) -> str:
    """A printed value with one of its digits changed."""
    # The 1 of a ratio to one is not a value.
    shown = text.removesuffix(":1")
    place = rng.choice([index for index, character in enumerate(shown) if character.isdigit()])
    digit = rng.choice([each for each in "0123456789" if each != text[place]])
    return text[:place] + digit + text[place + 1 :]


def main() -> None:
    """Simulate, audit, count, print."""
    parser = argparse.ArgumentParser(description="False alarms and slips found by kmt2a audit")
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--slipped", type=int, default=1000, help="tables to put slips into")
    asked = parser.parse_args()
    rng = random.Random(SEED)
    start = time.perf_counter()
    cells, alarms, unjudged, slips, found = (Counter[str]() for _ in range(5))
    for number in range(asked.tables):
        for cell in true_table(rng):
            cells[cell.test] += 1
            verdict = judge(cell).verdict
            unjudged[cell.test] += verdict not in (Verdict.AGREES, *ALARM)
            if verdict in ALARM:
                alarms[cell.test] += 1
                print(f"false alarm: {cell.test} {cell.inputs} -> {cell.printed}")
            if number >= asked.slipped:
                continue
            slips[cell.test] += 1
            slipped = replace(cell, printed=slip(rng, cell.printed))
            verdict = judge(slipped).verdict
            # A survival above 100% is no value at all, which is said as well.
            found[cell.test] += verdict in (*ALARM, Verdict.NOT_UNDERSTOOD)
    print(f"{asked.tables:,} true tables, {cells.total():,} cells, seed {SEED}")
    print(f"false alarms: {alarms.total()}; not judged: {unjudged.total()}")
    print("slips of one digit that are found, by kind of cell:")
    for kind, of in [*slips.items(), ("all", slips.total())]:
        seen = found.total() if kind == "all" else found[kind]
        print(f"  {kind:14}{seen:6,} of {of:6,}  {seen / of:6.1%}")
    seconds = time.perf_counter() - start
    print(f"a cell: {1000 * seconds / (cells.total() + slips.total()):.2f} ms")


if __name__ == "__main__":
    main()

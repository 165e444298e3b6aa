"""The report page: views of the tables, put into the template."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fusion_caller.errors import InputError
from fusion_caller.records import Disposition
from workflows.report import words
from workflows.report.assays import agreement_rows, combinations, detection_rows
from workflows.report.comparisons import comparison
from workflows.report.disagreements import reason_groups
from workflows.report.exposures import exposure_sections
from workflows.report.models import model_blocks
from workflows.report.patient_page import patient_pages
from workflows.report.patients import FOUND, PTD, assays_of, listing, read_patients
from workflows.report.relapse import LEAVERS, relapse_section
from workflows.report.results_in import Figure, ResultsIn, read_results_folder
from workflows.report.subtypes import NOTHING, grouping_blocks
from workflows.report.survival import (
    caution_lists,
    dropout_table,
    flow_rows,
    survival_blocks,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

PATIENTS = "reconciled/patients.tsv"
STYLES = ("style.css", "patient.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerBar:
    """One bar of the partner chart; `share` is its length in percent of the longest."""

    partner: str
    patients: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The first tiles: patients with KMT2A rearranged, with PTD, with the partner named."""

    patients: int
    rearranged: int
    ptd: int
    named: int
    confirmed: int
    by_status: list[tuple[str, int]]


def render(folder: Path) -> str:
    """Render the report of a results folder.

    Raises:
        InputError: If the folder is not one that `kmt2a run` wrote.
    """
    return filled("template.html.j2", view(read_results_folder(folder)))


def render_patient(folder: Path, name: str) -> tuple[int, str]:
    """Render one patient's page alone, for the patient's record.

    Returns:
        The patient's number in the cohort, and the page.

    Raises:
        InputError: If the folder is not one that `kmt2a run` wrote, or has no such patient.
    """
    results = read_results_folder(folder)
    patients = read_patients(results, assays_of(results))
    wanted = [patient for patient in patients if patient.name == name]
    if not wanted:
        raise InputError(
            "found no patient with the name that --patient gives",
            file=str(folder / PATIENTS),
            column="patient",
        )
    (page,) = patient_pages(results, wanted)
    return wanted[0].number, filled(
        "patient_alone.html.j2", {**_of_the_run(results), "page": page, "alone": True}
    )


def filled(template: str, shown: Mapping[str, Any]) -> str:
    """A template of this folder, filled; whatever is put into it is escaped."""
    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(here),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["w"] = words
    style = "".join((here / name).read_text(encoding="utf-8") for name in STYLES)
    return environment.get_template(template).render(style=style, **shown)


def _of_the_run(results: ResultsIn) -> dict[str, Any]:
    parameters = results.manifest.get("parameters", {})
    return {
        "title": parameters.get("title") or "KMT2A report",
        "mark": parameters.get("mark") or "",
        "version": results.manifest.get("kmt2a", ""),
    }


def view(results: ResultsIn) -> dict[str, Any]:
    """Everything that the template shows."""
    assays = assays_of(results)
    patients = read_patients(results, assays)
    listed = listing(patients)
    univariate = [dict(row) for row in results.table("outcomes/table_univariate.tsv")]
    exposures = exposure_sections(
        results.table("outcomes/table_time_dependent.tsv"),
        results.table("outcomes/cautions.tsv"),
    )
    models = results.json("outcomes/models.json")
    aside = [{"patient": "", **row} for row in results.table("calls/set_aside.tsv")]
    endpoints, competing = models.get("endpoints", []), models.get("cumulative_incidence", [])
    return {
        **_of_the_run(results),
        "counts": counts([patient.row for patient in patients]),
        "bars": partner_bars([patient.row for patient in patients]),
        "assays": assays,
        "listing": listed,
        "pages": patient_pages(results, listed.evidence),
        "alone": False,
        "reasons": reason_groups(results.table("reconciled/discordance.tsv")),
        "detection": detection_rows(results.table("reconciled/detection.tsv")),
        "agreement": agreement_rows(results.table("reconciled/agreement.tsv")),
        "combinations": combinations(results.table("reconciled/intersections.tsv")),
        "figures": _figures_apart(
            results.figures(),
            {each["endpoint"] for each in competing},
            {section.exposure for section in exposures},
        ),
        "survival": survival_blocks(univariate, endpoints),
        "relapse": relapse_section(
            results.table("outcomes/table_relapse.tsv"),
            results.table("outcomes/table_sensitivity.tsv"),
            competing,
            definitions=results.table("outcomes/endpoints.tsv"),
            primary=univariate[0]["endpoint"] if univariate else "",
        ),
        "leavers": LEAVERS,
        "exposures": exposures,
        "groupings": grouping_blocks(results, endpoints),
        "nothing": NOTHING,
        "cautions": caution_lists(results.table("outcomes/cautions.tsv"), univariate),
        "baseline": comparison(results.table("outcomes/table_baseline.tsv")),
        "response": comparison(results.table("outcomes/table_response.tsv")),
        "multivariable": model_blocks(results, endpoints),
        "flow": flow_rows(results.table("outcomes/flow.tsv")),
        "dropouts": dropout_table(results.table("outcomes/table_dropouts.tsv")),
        "set_aside": aside,
        "n_unread": sum(row["disposition"] == Disposition.UNREAD for row in aside),
        "manifest": results.manifest,
    }


def counts(patients: Sequence[Mapping[str, str]]) -> Counts:
    """Count patients; a partial tandem duplication is not a rearrangement."""
    statuses = Counter(row["status"] for row in patients)
    named = [row for row in patients if row["status"] == "rearranged" and row["partner"]]
    return Counts(
        patients=len(patients),
        rearranged=sum(statuses[code] for code in FOUND if code != PTD),
        ptd=statuses[PTD],
        named=len(named),
        confirmed=sum(row["confidence"] == "confirmed" for row in named),
        by_status=[
            (name, statuses[code]) for code, name in words.STATUSES.items() if statuses[code]
        ],
    )


def partner_bars(patients: Sequence[Mapping[str, str]]) -> list[PartnerBar]:
    """How many patients have each partner, most first."""
    names = [_bar(row) for row in patients if row["status"] in FOUND]
    counted = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    longest = max((n for _, n in counted), default=1)
    return [PartnerBar(partner=name, patients=n, share=100 * n / longest) for name, n in counted]


def _bar(row: Mapping[str, str]) -> str:
    known = row["fusion"].removeprefix("KMT2A::")
    return "partner not known" if row["status"] == "rearranged_partner_unknown" else known


def _figures_apart(
    figures: Sequence[Figure], competing: Collection[str], exposures: Collection[str]
) -> dict[str, Any]:
    """Those of incidence, of exposures and of the whole cohort apart; of the others, two lead.

    They are everybody and the first grouping; the rest follow the table.
    """
    wide = {kind: [f for f in figures if f.kind == kind] for kind in ("forest", "swimmer", "mrd")}
    rest = [figure for figure in figures if figure.kind not in wide]
    exposed = [figure for figure in rest if figure.variable in exposures]
    incidence = [figure for figure in rest if figure.endpoint in competing]
    curves = [figure for figure in rest if figure not in (*exposed, *incidence)]
    return {
        "first": curves[:2],
        "others": curves[2:],
        "incidence": incidence,
        "exposed": exposed,
        **wide,
    }

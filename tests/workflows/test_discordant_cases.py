"""Seventeen published conflicts between assays, each to its status, partner and reason.

The laboratories' own words stand in `tests/data/discordant_cases/assays.csv`; callers' files are
written here. No case has a rule of its own: all go through one `kmt2a run`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from fusion_caller.knowledge import kmt2a_exons, partner_exons
from fusion_caller.tables import read_table
from workflows.cli import cli

DATA = Path(__file__).parents[1] / "data"
CASES = {
    row["case"]: row.values for row in read_table(DATA / "discordant_cases" / "expected.tsv").rows
}
STAR_FUSION = (
    "#FusionName\tJunctionReadCount\tSpanningFragCount\tSpliceType\tLeftGene\tLeftBreakpoint\t"
    "RightGene\tRightBreakpoint\tLargeAnchorSupport\tLeftBreakDinuc\tLeftBreakEntropy\t"
    "RightBreakDinuc\tRightBreakEntropy\tFFPM"
)
# The MANE exons joined in the cases that RNA sequencing found: one row a junction.
RNA = {
    "C01": [("USP2", 21, 3)],
    "C02": [("CT45A1", 10, 2)],
    "C03": [("CLTC", 9, 10)],
    "C13": [("MAML2", 7, 2), ("MAML2", 9, 2)],
}


def star_fusion_row(partner: str, kmt2a_exon: int, partner_exon: int) -> str:
    left = next(exon for exon in kmt2a_exons() if exon.mane == kmt2a_exon)
    right = next(exon for exon in partner_exons()[partner] if exon.number == partner_exon)
    start = right.start if right.strand == "+" else right.end
    return (
        f"KMT2A--{partner}\t24\t9\tONLY_REF_SPLICE\tKMT2A^ENSG00000118058.24\t"
        f"chr11:{left.end_grch38}:+\t{partner}^ENSG00000000000.1\t"
        f"{right.contig}:{start}:{right.strand}\tYES_LDAS\tGT\t1.9\tAG\t1.9\t0.5"
    )


def write_inputs(folder: Path) -> list[str]:
    """Write the callers' files and their sheet; give back its rows."""
    sheet = ["patient,sample,source,file"]
    for case, junctions in RNA.items():
        rows = [star_fusion_row(*junction) for junction in junctions]
        (folder / f"{case}.tsv").write_text("\n".join((STAR_FUSION, *rows)) + "\n")
        sheet.append(f"{case},{case}-rna,star-fusion,{case}.tsv")
    header = (DATA / "callers" / "fusioncatcher_833ke_final-list-candidate-fusion-genes.txt").open()
    with header:
        (folder / "C15.fusioncatcher.txt").write_text(header.readline())
    (folder / "C15.pizzly.tsv").write_text(
        "geneA.name\tgeneA.id\tgeneB.name\tgeneB.id\tpaircount\tsplitcount\ttranscripts.list\n"
        "KMT2A\tENSG00000118058\tAFF1\tENSG00000172493\t0\t1\t"
        "ENST00000534358_0:4502_ENST00000395146_1390:9553\n"
    )
    sheet += [
        "C15,C15-rna,fusioncatcher,C15.fusioncatcher.txt",
        "C15,C15-rna,pizzly,C15.pizzly.tsv",
    ]
    return sheet


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discordant")
    (folder / "samplesheet.csv").write_text("\n".join(write_inputs(folder)) + "\n")
    arguments = (
        "run",
        "--samplesheet",
        str(folder / "samplesheet.csv"),
        "--assays",
        str(DATA / "discordant_cases" / "assays.csv"),
        "-o",
        str(folder / "results"),
    )
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    return folder / "results"


def rows_of(results: Path, name: str, case: str) -> list[dict[str, str]]:
    rows = read_table(results / "reconciled" / f"{name}.tsv", quoting=False).rows
    return [dict(row.values) for row in rows if row["patient"] == case]


def reasons_of(text: str) -> list[str]:
    return [code for code in text.split(";") if code]


def test_there_are_seventeen() -> None:
    assert len(CASES) == 17


@pytest.mark.parametrize("case", CASES)
def test_every_word_is_understood(results: Path, case: str) -> None:
    verdicts = {row["reported"]: row["verdict"] for row in rows_of(results, "evidence", case)}
    assert verdicts
    assert [text for text, verdict in verdicts.items() if verdict == "not_understood"] == []


@pytest.mark.parametrize("case", CASES)
def test_a_published_conflict(results: Path, case: str) -> None:
    (patient,) = rows_of(results, "patients", case)
    expected = CASES[case]
    assert (patient["status"], patient["partner"]) == (expected["status"], expected["partner"])
    assert set(reasons_of(patient["reasons"])) == set(reasons_of(expected["reasons"]))
    told = rows_of(results, "discordance", case)
    assert {row["reason"] for row in told} == set(reasons_of(expected["reasons"]))
    assert all(row["sentence"] and row["next_test"] for row in told)


def test_the_deletion_would_show_as_a_lost_3prime_signal(results: Path) -> None:
    fish = next(r for r in rows_of(results, "blind_spots", "C14") if r["assay"] == "fish")
    assert (fish["verdict"], fish["seen"]) == ("not_done", "perhaps")
    assert (fish["reason"], fish["shows"]) == (
        "unbalanced_fish_3prime_loss",
        "loss of one 3' signal",
    )


def test_a_partner_that_no_panel_has(results: Path) -> None:
    pcr = next(r for r in rows_of(results, "blind_spots", "C06") if r["assay"] == "rt-pcr")
    assert (pcr["seen"], pcr["reason"]) == ("no", "partner_not_on_panel")


def test_the_threshold_of_the_caller_is_computed(results: Path) -> None:
    (row,) = rows_of(results, "discordance", "C15")
    assert "asks for 2 split reads and 1 spanning pair" in row["sentence"]
    assert "no more than 1+0" in row["sentence"]


def test_the_design_of_the_probe_is_said(results: Path) -> None:
    sentences = " ".join(row["sentence"] for row in rows_of(results, "discordance", "C16"))
    assert "missed 3 of 33 rearranged cases" in sentences


def test_without_the_genomic_breakpoint_the_false_positive_stays_open(tmp_path: Path) -> None:
    kept = [
        line
        for line in (DATA / "discordant_cases" / "assays.csv").read_text().splitlines()
        if line.startswith("patient") or (line.startswith("C12") and ",dna-seq," not in line)
    ]
    (tmp_path / "assays.csv").write_text("\n".join(kept) + "\n")
    arguments = ("reconcile", "--assays", str(tmp_path / "assays.csv"), "-o", str(tmp_path / "r"))
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    (row,) = read_table(tmp_path / "r" / "patients.tsv", quoting=False).rows
    assert (row["status"], row["reasons"]) == ("indeterminate", "fish_outside_gene")
    assert row["next_test"] == "Genomic breakpoint sequencing"


def test_exons_in_another_numbering_are_matched(results: Path) -> None:
    split = next(r for r in rows_of(results, "evidence", "C13") if r["assay"] == "split-rt-pcr")
    assert "e8-e2 is a junction of RNA-seq (MANE e7, e9) if it was written in" in split["reading"]
    assert "Nilson" in split["reading"]

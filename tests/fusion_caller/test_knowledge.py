"""The knowledge base: typed, complete, and consistent with itself."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from types import MappingProxyType

import pytest

import fusion_caller.knowledge
from fusion_caller.gene_names import paralogues_of
from fusion_caller.knowledge import (
    KMT2A_TRANSCRIPT,
    PTD,
    Evidence,
    Mechanism,
    Partner,
    kmt2a_exons,
    neighbours,
    panels,
    partner_exons,
    partners,
)
from fusion_caller.tables import Table, read_table

FOLDER = Path(fusion_caller.knowledge.__file__).parent
TABLES = MappingProxyType({path.name: path for path in sorted(FOLDER.glob("*.tsv"))})
# KMT2A on GRCh38 and its strand, from which the mechanisms follow.
KMT2A_START, KMT2A_END = 118_436_492, 118_526_832


def table(name: str) -> Table:
    return read_table(TABLES[name], quoting=False)


def test_every_table_is_described_in_the_readme() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+\.tsv)`", readme, re.MULTILINE)) == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_no_row_twice_and_is_plain_ascii_with_lf(name: str) -> None:
    raw = TABLES[name].read_bytes()
    assert raw.isascii()
    assert b"\r" not in raw
    lines = raw.decode().splitlines()
    assert len(set(lines)) == len(lines) > 5


@pytest.mark.parametrize("name", ["partners.tsv", "neighbours.tsv", "panels.tsv"])
def test_every_row_says_how_sure_it_is_and_sourced_rows_name_the_source(name: str) -> None:
    for row in table(name).rows:
        assert row["evidence"] in set(Evidence), f"{name}, line {row.line}"
        assert row["source"] or row["evidence"] == "memory", f"{name}, line {row.line}"


@pytest.mark.parametrize("partner", partners().values(), ids=lambda partner: partner.symbol)
def test_a_partner_is_complete(partner: Partner) -> None:
    assert re.fullmatch(r"HGNC:[1-9][0-9]*", partner.hgnc_id)
    assert partner.strand in ("+", "-")
    assert re.fullmatch(r"[pq][0-9]{1,2}(\.[0-9]{1,2})?", partner.band)
    assert all(re.fullmatch(r"[pq][0-9]{1,2}(\.[0-9]{1,2})?", b) for b in partner.legacy_bands)
    assert re.fullmatch(r"chr([1-9]|1[0-9]|2[0-2]|X)", partner.contig)
    assert 0 < partner.start < partner.end
    assert partner.patients is None or partner.patients > 0
    assert isinstance(partner.evidence, Evidence)
    for names in (partner.legacy_names, partner.previous_symbols, partner.aliases):
        assert all(name == name.strip() != "" for name in names)


@pytest.mark.parametrize("partner", partners().values(), ids=lambda partner: partner.symbol)
def test_mechanism_and_distance_follow_from_position_and_strand(partner: Partner) -> None:
    if partner.contig != "chr11":
        assert partner.distance_to_kmt2a_bp is None
        assert partner.mechanism in (Mechanism.TRANSLOCATION, Mechanism.INSERTION_OR_INVERSION)
        return
    gap = max(partner.start - KMT2A_END, KMT2A_START - partner.end)
    assert partner.distance_to_kmt2a_bp == gap
    if partner.strand == "-":
        assert partner.mechanism is Mechanism.INVERSION
    elif partner.start > KMT2A_END:
        assert partner.mechanism is Mechanism.INTERSTITIAL_DELETION
    else:
        assert partner.mechanism is Mechanism.DUPLICATION_OR_INSERTION


def test_a_partner_stands_once_and_the_identifiers_are_unique() -> None:
    rows = table("partners.tsv").rows
    assert len(rows) == len(partners()) == 123
    assert len({partner.hgnc_id for partner in partners().values()}) == len(partners())


def test_no_gene_is_a_partner_and_a_neighbour() -> None:
    assert partners().keys().isdisjoint(neighbours())


def test_partners_in_full() -> None:
    assert partners()["AFF1"] == Partner(
        symbol="AFF1",
        hgnc_id="HGNC:7135",
        legacy_names=("AF4", "MLLT2", "FEL"),
        previous_symbols=("PBM1", "MLLT2"),
        aliases=("AF-4", "AF4", "FEL"),
        contig="chr4",
        start=86935002,
        end=87141039,
        strand="+",
        band="q21.3",
        legacy_bands=(),
        mechanism=Mechanism.TRANSLOCATION,
        distance_to_kmt2a_bp=None,
        patients=1262,
        evidence=Evidence.SOURCED,
        source="Meyer 2023, doi:10.1038/s41375-023-01877-1, Table 1",
        note="",
    )
    usp2 = partners()["USP2"]
    assert (usp2.mechanism, usp2.distance_to_kmt2a_bp) == (Mechanism.INVERSION, 828_383)
    # The five most frequent of the 3,401 patients of Meyer 2023.
    counts = sorted(((p.patients or 0, p.symbol) for p in partners().values()), reverse=True)
    assert counts[:5] == [
        (1262, "AFF1"),
        (612, "MLLT3"),
        (460, "MLLT1"),
        (304, "MLLT10"),
        (138, "AFDN"),
    ]
    assert sum(count for count, _ in counts) <= 3401


def test_neighbours_lie_beside_kmt2a() -> None:
    assert {"CD3G", "UBE4A", "ATP5MG", "TTC36", "PHLDB1"} <= set(neighbours())
    assert "KMT2A" not in neighbours()
    assert "ATP5L" in neighbours()["ATP5MG"].aliases
    for row in table("neighbours.tsv").rows:
        assert row["contig"] == "chr11"
        if row["start"]:
            start, end = int(row["start"]), int(row["end"])
            assert start < end
            assert max(start - KMT2A_END, KMT2A_START - end) < 300_000


def test_kmt2a_exons_agree_with_the_gene() -> None:
    exons = kmt2a_exons()
    assert (exons[0].start_grch38, exons[-1].end_grch38) == (KMT2A_START, KMT2A_END)
    assert {row["contig"] for row in table("kmt2a_exons.tsv").rows} == {"chr11"}
    assert re.fullmatch(r"ENST[0-9]{11}", KMT2A_TRANSCRIPT)


@pytest.mark.parametrize("symbol", partner_exons())
def test_exons_are_numbered_along_the_transcript(symbol: str) -> None:
    exons = partner_exons()[symbol]
    assert [exon.number for exon in exons] == list(range(1, len(exons) + 1))
    (transcript,) = {exon.transcript for exon in exons}
    assert re.fullmatch(r"ENST[0-9]{11}\.[0-9]+", transcript)
    ((contig, strand),) = {(exon.contig, exon.strand) for exon in exons}
    assert all(exon.start <= exon.end for exon in exons)
    for exon, following in itertools.pairwise(exons):
        if strand == "+":
            assert exon.end < following.start
        else:
            assert following.end < exon.start
    if symbol in partners():
        partner = partners()[symbol]
        assert (partner.contig, partner.strand) == (contig, strand)
        # The gene's span holds its exons; annotation versions differ by little.
        assert min(exon.start for exon in exons) >= partner.start - 50_000
        assert max(exon.end for exon in exons) <= partner.end + 50_000


def test_exons_belong_to_genes_that_matter_here() -> None:
    # SNAPC3 is the third gene of THP-1's rearrangement.
    expected = {*partners(), *neighbours(), "SNAPC3"}
    assert {s for s in partner_exons() if s not in expected and not paralogues_of(s)} == set()


@pytest.mark.parametrize("panel", panels().values(), ids=lambda panel: panel.id)
def test_a_panel_sees_known_partners_only(panel: fusion_caller.knowledge.Panel) -> None:
    assert panel.name
    assert panel.source
    assert len(set(panel.targets)) == len(panel.targets) > 0
    assert set(panel.from_memory) <= set(panel.targets)
    assert [t for t in panel.targets if t != PTD and t not in partners()] == []


def test_the_panel_of_the_cohort_has_its_eleven_targets() -> None:
    assert set(panels()["wen-2022"].targets) == {
        *("AFF1", "AFDN", "MLLT3", "MLLT10", "MLLT6", "EPS15"),
        *("MLLT11", "FLNA", "ELL", "MLLT1", "PTD"),
    }
    assert panels()["wen-2022"].from_memory == ()
    assert panels()["pallisgaard-1998"].from_memory == (
        *("AFDN", "MLLT3", "MLLT10", "MLLT6", "MLLT1", "ELL"),
    )

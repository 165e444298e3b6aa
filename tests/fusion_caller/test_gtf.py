"""GTF files as Ensembl, GENCODE, RefSeq and UCSC write them, what is refused, and the cache."""

from __future__ import annotations

import gzip
import os
import random
from typing import TYPE_CHECKING

import pytest

from fusion_caller.annotation import Annotation, Gene, Transcript
from fusion_caller.contigs import Build
from fusion_caller.errors import InputError
from fusion_caller.gtf import read_gtf
from fusion_caller.gtf_cache import cached_gtf
from fusion_caller.knowledge import kmt2a_exons

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Span = tuple[int, int]


def row(contig: str, feature: str, span: Span, strand: str, rest: str, *, frame: str = ".") -> str:
    cells = (contig, "test", feature, str(span[0]), str(span[1]), ".", strand, frame, rest)
    return "\t".join(cells) + "\n"


def transcript_rows(
    contig: str,
    strand: str,
    exons: Sequence[Span],
    attributes: str,
    *,
    coding: Sequence[tuple[Span, str]] = (),
    stop: Sequence[Span] = (),
) -> str:
    """The lines of a transcript; exons in any order, CDS parts with their frames."""
    whole = (min(start for start, _ in exons), max(end for _, end in exons))
    return "".join(
        [
            row(contig, "transcript", whole, strand, attributes),
            *(row(contig, "exon", exon, strand, attributes) for exon in exons),
            *(row(contig, "CDS", span, strand, attributes, frame=frame) for span, frame in coding),
            *(row(contig, "stop_codon", span, strand, attributes, frame="0") for span in stop),
            *(row(contig, "UTR", exons[0], strand, attributes) for _ in stop),
        ]
    )


def kmt2a_rows(build: Build = Build.GRCH38, contig: str = "chr11") -> str:
    """KMT2A by its real exons; the coding part is that of ENST00000534358."""
    offset = 0 if build is Build.GRCH38 else 129_285
    exons = [(e.start_grch38 - offset, e.end_grch38 - offset) for e in kmt2a_exons()]
    first, last = 118_436_513 - offset, 118_522_169 - offset
    coding = [((max(s, first), min(e, last)), "0") for s, e in exons]
    attributes = (
        'gene_id "ENSG00000118058.24"; transcript_id "ENST00000534358.8"; '
        'gene_type "protein_coding"; gene_name "KMT2A"; level 2; tag "basic"; tag "MANE_Select";'
    )
    return row(
        contig,
        "gene",
        (exons[0][0], exons[-1][1]),
        "+",
        'gene_id "ENSG00000118058.24"; gene_type "protein_coding"; gene_name "KMT2A"; level 1;',
    ) + transcript_rows(contig, "+", exons, attributes, coding=coding, stop=[(last + 1, last + 3)])


KMT2A = kmt2a_rows()


def read(path: Path, content: str | bytes, **options: Build) -> Annotation:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_gtf(path, **options)


def gene_of(tmp_path: Path, content: str, symbol: str) -> Gene:
    return read(tmp_path / "g.gtf", KMT2A + content).genes[symbol]


def transcript_of(tmp_path: Path, content: str, symbol: str) -> Transcript:
    transcript = gene_of(tmp_path, content, symbol).transcript
    assert transcript is not None
    return transcript


def refusal(tmp_path: Path, content: str | bytes, **options: Build) -> InputError:
    path = tmp_path / "bad.gtf"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as error:
        read_gtf(path, name="bad.gtf", **options)
    assert error.value.file == "bad.gtf"
    assert "\n" not in str(error.value)
    return error.value


def test_kmt2a_with_its_coding_part_and_build(tmp_path: Path) -> None:
    annotation = read(tmp_path / "gencode.gtf", "##provider: GENCODE\n" + KMT2A)
    assert (annotation.build, annotation.name) == (Build.GRCH38, "gencode.gtf")
    gene = annotation.genes["KMT2A"]
    assert (gene.gene_id, gene.contig, gene.start, gene.end, gene.strand, gene.biotype) == (
        "ENSG00000118058.24",
        "chr11",
        118_436_492,
        118_526_832,
        "+",
        "protein_coding",
    )
    transcript = gene.transcript
    assert transcript is not None
    assert (transcript.id, transcript.symbol) == ("ENST00000534358.8", "KMT2A")
    assert len(transcript.exons) == 36
    assert transcript.exons[7] == (118_482_422, 118_482_495)
    # 21 bases before the start codon; 3,972 residues and the stop codon.
    assert (transcript.cds_start, transcript.cds_end) == (22, 11_940)
    assert transcript.coding_known


def ensembl(feature_attributes: str) -> str:
    return 'gene_id "ENSG1"; gene_version "5"; ' + feature_attributes + ' gene_biotype "lncRNA"; '


def test_ensembl_names_contigs_without_chr_and_versions_apart(tmp_path: Path) -> None:
    own = ensembl('transcript_id "ENST1"; transcript_version "3"; gene_name "AAA";')
    content = (
        "#!genome-build GRCh38.p14\n"
        + kmt2a_rows(contig="11")
        + row("MT", "gene", (10, 90), "-", ensembl('gene_name "AAA";'))
        + transcript_rows("MT", "-", [(60, 90), (10, 40)], own + 'tag "Ensembl_canonical";')
    )
    annotation = read(tmp_path / "ensembl.gtf", content)
    assert set(annotation.genes) == {"KMT2A", "AAA"}
    assert annotation.genes["KMT2A"].contig == "chr11"
    assert annotation.genes["AAA"] == Gene(
        symbol="AAA",
        gene_id="ENSG1",
        contig="chrM",
        start=10,
        end=90,
        strand="-",
        biotype="lncRNA",
        transcript=Transcript(
            id="ENST1.3",
            symbol="AAA",
            contig="chrM",
            strand="-",
            exons=((60, 90), (10, 40)),
            coding_known=True,
        ),
    )


def test_refseq_accessions_tags_and_gene_attribute(tmp_path: Path) -> None:
    own = 'gene_id "AAA_1"; transcript_id "NM_1.2"; gene "AAA"; gbkey "mRNA"; tag "MANE Select"; '
    other = own.replace("NM_1.2", "NM_2.1").replace("MANE Select", "RefSeq Select")
    content = (
        kmt2a_rows(contig="NC_000011.10")
        + row(
            "NC_000023.11", "gene", (5, 60), "+", 'gene_id "AAA_1"; transcript_id ""; gene "AAA";'
        )
        + transcript_rows("NC_000023.11", "+", [(5, 60)], other)
        + transcript_rows("NC_000023.11", "+", [(5, 9)], own)
        + row("NT_187361.1", "gene", (1, 9), "+", 'gene_id "LOC1"; transcript_id "";')
        + row("NC_012920.1", "gene", (1, 9), "+", 'gene_id "ND1"; transcript_id "";')
    )
    genes = read(tmp_path / "refseq.gtf", content).genes
    assert [(gene.symbol, gene.contig) for gene in genes.values()] == [
        ("KMT2A", "chr11"),
        ("AAA", "chrX"),
        ("ND1", "chrM"),
        ("LOC1", "NT_187361.1"),
    ]
    transcript = genes["AAA"].transcript
    assert transcript is not None
    assert transcript.id == "NM_1.2"
    assert genes["LOC1"].transcript is None


@pytest.mark.parametrize("tag", ["", ' tag "MANE_Select";'])
def test_ucsc_has_no_gene_lines(tmp_path: Path, tag: str) -> None:
    # A gene's span then is that of all of its transcripts, also of those that are not kept.
    content = "".join(
        transcript_rows("chr2", "+", exons, f'gene_id "AAA"; transcript_id "{name}";{tags}')
        for name, exons, tags in (("NM_1", [(50, 90)], tag), ("NM_2", [(20, 30), (60, 70)], ""))
    )
    gene = gene_of(tmp_path, content, "AAA")
    assert (gene.start, gene.end, gene.biotype) == (20, 90, "")
    assert gene.transcript is not None
    assert gene.transcript.id == "NM_1"


# The exons of the transcripts A, B, C and D have 30, 60, 60 and 90 bases.
LENGTHS = {"A": (101, 130), "B": (101, 160), "C": (201, 260), "D": (101, 190)}


@pytest.mark.parametrize(
    ("tags", "coding", "chosen"),
    [
        ({"A": "MANE_Select", "B": "Ensembl_canonical"}, {"D": 90}, "A"),
        ({"B": "Ensembl_canonical", "D": "MANE_Plus_Clinical"}, {"D": 90}, "B"),
        ({"D": "appris_principal_1"}, {"A": 27, "D": 24}, "A"),
        ({}, {"A": 27, "D": 27}, "D"),
        ({}, {}, "D"),
        ({"B": "Ensembl_canonical", "C": "Ensembl_canonical"}, {"C": 3}, "C"),
        ({"B": "MANE_Select", "C": "MANE_Select"}, {}, "B"),
    ],
)
@pytest.mark.parametrize("order", ["ABCD", "DCBA"])
def test_which_transcript_a_gene_keeps(
    tmp_path: Path, tags: dict[str, str], coding: dict[str, int], chosen: str, order: str
) -> None:
    rows = [row("chr2", "gene", (101, 260), "+", 'gene_id "G"; gene_name "AAA";')]
    for name in order:
        start, end = LENGTHS[name]
        tag = f'tag "{tags[name]}";' if name in tags else ""
        part = [((start, start + coding[name] - 1), "0")] if name in coding else []
        attributes = f'gene_id "G"; transcript_id "{name}"; {tag}'
        rows.append(transcript_rows("chr2", "+", [(start, end)], attributes, coding=part))
    assert transcript_of(tmp_path, "".join(rows), "AAA").id == chosen


def test_the_order_of_lines_changes_nothing(tmp_path: Path) -> None:
    rows = [row("chr2", "gene", (101, 260), "+", 'gene_id "G"; gene_name "AAA";')]
    for name, (start, end) in LENGTHS.items():
        tag = 'tag "Ensembl_canonical";' if name == "B" else ""
        attributes = f'gene_id "G"; transcript_id "{name}"; gene_name "AAA"; {tag}'
        text = transcript_rows(
            "chr2", "+", [(start, end), (301, 340)], attributes, coding=[((start + 3, end), "0")]
        )
        rows += text.splitlines(keepends=True)
    rows += KMT2A.splitlines(keepends=True)
    expected = read(tmp_path / "same.gtf", "".join(rows))
    for seed in range(20):
        random.Random(seed).shuffle(rows)  # noqa: S311
        assert read(tmp_path / "same.gtf", "".join(rows)) == expected, seed


EXONS = [(1001, 1100), (2001, 2100), (3001, 3100)]
OWN = 'gene_id "G"; transcript_id "T"; gene_name "AAA";'


@pytest.mark.parametrize(
    ("strand", "coding", "stop", "expected"),
    [
        # The stop codon follows the coding part and counts with it, also split by an intron.
        ("+", [((1051, 1100), "0"), ((2001, 2040), "1")], [(2041, 2043)], (51, 143)),
        ("-", [((3001, 3050), "0"), ((2061, 2100), "1")], [(2058, 2060)], (51, 143)),
        ("+", [((1051, 1100), "0"), ((2001, 2099), "1")], [(2100, 2100), (3001, 3002)], (51, 202)),
        ("-", [((3001, 3050), "0"), ((2002, 2100), "1")], [(2001, 2001), (1099, 1100)], (51, 202)),
        # Without a stop codon the coding part ends where the CDS lines do.
        ("+", [((1051, 1100), "0"), ((2001, 2100), "1")], [], (51, 200)),
        # No start codon: the frame tells how many bases to skip to the first whole codon.
        ("+", [((1001, 1100), "2"), ((2001, 2040), "1")], [(2041, 2043)], (3, 143)),
        ("-", [((3001, 3100), "1"), ((2061, 2100), "0")], [(2058, 2060)], (2, 143)),
        ("+", [((1001, 1100), ".")], [], (1, 100)),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_coding_part_in_transcript_positions(
    tmp_path: Path,
    *,
    strand: str,
    coding: list[tuple[Span, str]],
    stop: list[Span],
    expected: tuple[int, int],
    turned: bool,
) -> None:
    parts = list(reversed(coding)) if turned else coding
    exons = list(reversed(EXONS)) if turned else EXONS
    content = transcript_rows("chr2", strand, exons, OWN, coding=parts, stop=stop)
    transcript = transcript_of(tmp_path, content, "AAA")
    assert transcript.exons == tuple(EXONS if strand == "+" else reversed(EXONS))
    assert (transcript.cds_start, transcript.cds_end) == expected
    assert transcript.coding_known


def test_a_coding_part_off_the_exons_is_not_known(tmp_path: Path) -> None:
    content = transcript_rows("chr2", "+", EXONS, OWN, coding=[((1051, 1150), "0")])
    transcript = transcript_of(tmp_path, content, "AAA")
    assert (transcript.cds_start, transcript.cds_end) == (None, None)
    assert not transcript.coding_known


def test_a_file_without_coding_parts_does_not_know_them(tmp_path: Path) -> None:
    rows = KMT2A.splitlines(keepends=True)
    content = "".join(line for line in rows if "\tCDS\t" not in line)
    transcript = read(tmp_path / "g.gtf", content).genes["KMT2A"].transcript
    assert transcript is not None
    assert not transcript.coding_known


def test_overlapping_exons_make_no_transcript(tmp_path: Path) -> None:
    content = transcript_rows("chr2", "+", [(101, 200), (200, 300)], OWN)
    gene = gene_of(tmp_path, content, "AAA")
    assert (gene.start, gene.end, gene.transcript) == (101, 300, None)


def test_a_transcript_on_the_other_strand_is_not_its_genes(tmp_path: Path) -> None:
    content = row("chr2", "gene", (1, 99), "+", OWN)
    content += transcript_rows("chr2", "-", [(1, 99)], OWN.replace('"T"', '"turned"'))
    content += transcript_rows("chr2", "+", [(1, 9)], OWN)
    assert transcript_of(tmp_path, content, "AAA").id == "T"


def test_a_symbol_names_the_gene_on_x_before_y_and_on_a_chromosome_before_a_scaffold(
    tmp_path: Path,
) -> None:
    def gene(contig: str, identifier: str, symbol: str = "CRLF2") -> str:
        return row(contig, "gene", (1, 9), "+", f'gene_id "{identifier}"; gene_name "{symbol}";')

    content = (
        gene("chrY", "ENSG00000205755.12_PAR_Y")
        + gene("chr1_KI270762v1_alt", "ENSG9")
        + gene("chrX", "ENSG00000205755.12")
        + gene("chrX", "ENSG7", "Y_RNA")
        + gene("chr3", "ENSG8", "Y_RNA")
        + row("chrUn_KI270742v1", "gene", (1, 9), "+", 'gene_id "ENSG5";')
    )
    tagged = 'gene_id "ENSG00000205755.12_PAR_Y"; transcript_id "T"; tag "MANE_Select";'
    content += transcript_rows("chrY", "+", [(1, 9)], tagged)
    genes = read(tmp_path / "g.gtf", KMT2A + content).genes
    assert (genes["CRLF2"].contig, genes["CRLF2"].gene_id) == ("chrX", "ENSG00000205755.12")
    assert genes["Y_RNA"].gene_id == "ENSG7"
    assert genes["ENSG5"].contig == "chrUn_KI270742v1"


def test_one_identifier_on_x_and_y_is_two_genes(tmp_path: Path) -> None:
    attributes = 'gene_id "G"; transcript_id "T"; gene_name "AAA";'
    content = transcript_rows("chrY", "+", [(5, 9)], attributes) + transcript_rows(
        "chrX", "+", [(105, 109)], attributes
    )
    gene = gene_of(tmp_path, content, "AAA")
    assert (gene.contig, gene.start, gene.end) == ("chrX", 105, 109)


def test_a_longer_name_of_an_attribute_is_another_one(tmp_path: Path) -> None:
    attributes = 'ref_gene_id "X"; gene_id "G";parent_transcript_id "Y";transcript_id "T"; level 2'
    assert (
        transcript_of(tmp_path, transcript_rows("chr2", "+", [(5, 9)], attributes), "G").id == "T"
    )


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: content])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_compression_line_breaks_comments_and_blank_lines(
    tmp_path: Path, pack: object, newline: str
) -> None:
    assert callable(pack)
    content = '# comment\n#chr9\tx\tgene\t1\t2\t.\t+\t.\tgene_id "no";\n\n' + KMT2A + "###\n"
    annotation = read(tmp_path / "g.gtf", pack(content.replace("\n", newline).encode()))
    assert list(annotation.genes) == ["KMT2A"]


def test_builds(tmp_path: Path) -> None:
    grch37 = kmt2a_rows(Build.GRCH37)
    assert read(tmp_path / "g.gtf", grch37).build is Build.GRCH37
    assert read(tmp_path / "g.gtf", grch37, build=Build.GRCH37).build is Build.GRCH37
    mll = grch37.replace("ENSG00000118058.24", "MLL").replace("KMT2A", "MLL")
    assert read(tmp_path / "g.gtf", mll).build is Build.GRCH37
    other = row("chr2", "gene", (1, 9), "+", 'gene_id "G";')
    assert read(tmp_path / "g.gtf", other, build=Build.GRCH37).build is Build.GRCH37


def test_the_build_is_refused_where_kmt2a_lies_elsewhere_or_is_missing(tmp_path: Path) -> None:
    error = refusal(tmp_path, kmt2a_rows(Build.GRCH37), build=Build.GRCH38)
    assert error.problem == (
        "expected KMT2A with its exons on GRCh38, found it at chr11:118307207-118397547"
    )
    # As on another assembly: within the gene of GRCh38, but on none of its exons.
    moved = row("chr11", "exon", (118_450_000, 118_450_100), "+", OWN.replace("AAA", "KMT2A"))
    error = refusal(tmp_path, moved)
    assert error.problem == (
        "expected KMT2A with its exons on GRCh38 or GRCh37, found it at chr11:118450000-118450100"
    )
    error = refusal(tmp_path, row("chr2", "gene", (1, 9), "+", 'gene_id "G";'))
    assert error.problem == "expected KMT2A, whose place tells the build, found no such gene"
    assert error.remedy == "give the GTF of the whole human genome, or name its build"


GOOD = row("chr2", "exon", (1, 9), "+", OWN)


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("chr2 x exon 1 9\n", "expected 9 columns separated by tabs, found 1"),
        ("chr2\tx\texon\t1\t9\n", "expected 9 columns separated by tabs, found 5"),
        (
            GOOD.replace("\t1\t", "\t-1\t"),
            "expected a start of at least 1 and an end not before it, found '-1' and '9'",
        ),
        (
            GOOD.replace("\t1\t", "\t0\t"),
            "expected a start of at least 1 and an end not before it, found '0' and '9'",
        ),
        (
            GOOD.replace("\t1\t", "\t10\t"),
            "expected a start of at least 1 and an end not before it, found '10' and '9'",
        ),
        (
            GOOD.replace("\t9\t", "\t" + 5000 * "9" + "\t"),
            f"expected a start of at least 1 and an end not before it, found '1' and '{40 * '9'}'",
        ),
        (GOOD.replace("\t+\t", "\t?\t"), "expected the strand + or -, found '?'"),
        (
            GOOD.replace("exon", "CDS").replace("+\t.", "+\t3"),
            "expected the frame 0, 1, 2 or ., found '3'",
        ),
        (GOOD.replace("gene_id", "gen"), 'expected gene_id "..." among the attributes, found none'),
        (
            GOOD.replace("transcript_id", "t"),
            'expected transcript_id "..." among the attributes, found none',
        ),
        (
            GOOD.replace(OWN, "ID=exon1;Parent=T"),
            "expected attributes as in a GTF, found those of a GFF3",
        ),
        (GOOD.replace(OWN, 'gene_id "G"; transcript_id "'), None),
        (GOOD.rstrip("\n")[:-3], "expected a whole last line, found one that was cut off"),
        ("\x00\x01\x02\xff\n", "expected 9 columns separated by tabs, found 1"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, bad: str, problem: str | None) -> None:
    error = refusal(tmp_path, KMT2A + bad)
    assert error.problem == (
        problem or 'expected transcript_id "..." among the attributes, found none'
    )
    assert error.line == KMT2A.count("\n") + 1


@pytest.mark.parametrize(
    "content", ["", "# only a comment\n", "chr1\tx\tregion\t1\t2\t.\t+\t.\tx;\n"]
)
def test_a_file_without_genes_is_refused(tmp_path: Path, content: str) -> None:
    assert refusal(tmp_path, content).problem == "expected the lines of a GTF, found no gene"


def test_a_gzip_that_is_cut_off_or_damaged_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(KMT2A.encode(), mtime=0)
    for length in range(2, len(packed), 97):
        assert "gzip stream" in refusal(tmp_path, packed[:length]).problem, length
    damaged = bytearray(packed)
    damaged[-6] ^= 0xFF  # in the checksum
    assert refusal(tmp_path, bytes(damaged)).problem.startswith("the gzip stream is damaged")


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    for read_one in (read_gtf, cached_gtf):
        with pytest.raises(InputError, match="expected a file, found none"):
            read_one(tmp_path / "none.gtf")
        with pytest.raises(InputError, match="expected a file, found a folder"):
            read_one(tmp_path)


PARTNER = row("chr2", "gene", (1, 9), "+", 'gene_id "G"; gene_name "AAA";') + transcript_rows(
    "chr4", "-", EXONS, OWN.replace("AAA", "BBB"), coding=[((3001, 3050), "0")]
)


def test_what_is_kept_is_what_was_read(tmp_path: Path) -> None:
    path, folder = tmp_path / "g.gtf", tmp_path / "cache"
    expected = read(path, KMT2A + PARTNER)
    assert cached_gtf(path, folder) == expected
    (kept,) = folder.iterdir()
    # What is read the second time comes from the cache: it has another name there.
    text = gzip.decompress(kept.read_bytes()).replace(b'"name":"g.gtf"', b'"name":"kept"')
    kept.write_bytes(gzip.compress(text))
    again = cached_gtf(path, folder)
    assert again.name == "kept"
    assert (again.build, again.genes) == (expected.build, expected.genes)
    assert list(again.genes) == list(expected.genes)
    assert again.genes_at("chr2", 5)[0].symbol == "AAA"


def test_a_changed_gtf_is_read_again(tmp_path: Path) -> None:
    path, folder = tmp_path / "g.gtf", tmp_path / "cache"
    path.write_text(KMT2A)
    assert set(cached_gtf(path, folder).genes) == {"KMT2A"}
    path.write_text(KMT2A + PARTNER)
    assert set(cached_gtf(path, folder).genes) == {"KMT2A", "AAA", "BBB"}
    # The same size at another time.
    path.write_text((KMT2A + PARTNER).replace("AAA", "CCC"))
    os.utime(path, ns=(1, 1))
    assert set(cached_gtf(path, folder).genes) == {"KMT2A", "CCC", "BBB"}
    with pytest.raises(InputError, match="exons on GRCh37"):
        cached_gtf(path, folder, build=Build.GRCH37)
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"no gzip",
        gzip.compress(b"no json", mtime=0),
        gzip.compress(b"[]", mtime=0),
        gzip.compress(b'{"build": "GRCh38", "name": "x", "genes": {"KMT2A": ["KMT2A"]}}', mtime=0),
        gzip.compress(b'{"build": "hg18", "name": "x", "genes": {}}', mtime=0),
        gzip.compress(b'{"build": "GRCh38"}', mtime=0),
        gzip.compress(b'{"build": "GRCh38", "name": "x", "genes": {"KMT2A"', mtime=0)[:-12],
    ],
)
def test_a_damaged_cache_is_made_again(tmp_path: Path, damaged: bytes) -> None:
    path, folder = tmp_path / "g.gtf", tmp_path / "cache"
    path.write_text(KMT2A)
    expected = cached_gtf(path, folder)
    (kept,) = folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damaged)
    assert cached_gtf(path, folder) == expected
    assert list(folder.iterdir()) == [kept]
    assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "g.gtf"
    path.write_text(KMT2A)
    (tmp_path / "file").write_text("no folder")
    assert set(cached_gtf(path, tmp_path / "file").genes) == {"KMT2A"}
    assert set(cached_gtf(path, tmp_path / "file" / "below").genes) == {"KMT2A"}


def test_a_cache_file_is_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "g.gtf", tmp_path / "cache"
    path.write_text(KMT2A)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.replace", full)
        assert set(cached_gtf(path, folder).genes) == {"KMT2A"}
    assert list(folder.iterdir()) == []


def test_the_cache_is_in_the_users_cache_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.gtf"
    path.write_text(KMT2A)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    cached_gtf(path)
    assert len(list((tmp_path / "xdg" / "kmt2a").iterdir())) == 1
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    cached_gtf(path)
    assert len(list((tmp_path / "home" / ".cache" / "kmt2a").iterdir())) == 1


def test_no_cache_is_kept_where_none_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.gtf"
    path.write_text(KMT2A)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("KMT2A_CACHE", "off")
    assert set(cached_gtf(path).genes) == {"KMT2A"}
    assert not (tmp_path / "xdg").exists()

"""BEDPE: intervals to breakpoints, strands of genes and of breakends, what is no BEDPE.

Synthetic: KMT2A's MANE exon 8 ends at 118,482,495, AFF1's exon 5 begins at 87,084,120 (plus
strand), MLLT1's exon 2 at 6,270,759 (minus strand), all on GRCh38.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.contigs import Build
from fusion_caller.errors import InputError
from fusion_caller.placing import Genes, place
from fusion_caller.readers import CallerFile, read_caller_file, recognise
from fusion_caller.records import NO_GENE, Breakpoint, FusionCall, Source

DATA = Path(__file__).parents[1] / "data" / "callers"
UNKNOWN = "orientation not known"
KMT2A_E8 = Breakpoint("chr11", 118482495, "+")
AFF1_E5 = Breakpoint("chr4", 87084120, "+")
MLLT1_E2 = Breakpoint("chr19", 6270759, "-")
HEADER = "#chrom1 start1 end1 chrom2 start2 end2 name score strand1 strand2"
AFF1 = "chr11 118482494 118482495 chr4 87084119 87084120 KMT2A--AFF1 12 + +"
MLLT1 = "11 118482494 118482495 19 6270758 6270759 MLL::ENL 0 + -"
# The same as breakends: of MLLT1 what lies left is kept, of AFF1 what lies right.
MLLT1_ENDS = "11 118482494 118482495 19 6270758 6270759 SV1 . + +"
AFF1_ENDS = "11 118482494 118482495 4 87084119 87084120 SV2 . + -"


def read(folder: Path, *lines: str) -> CallerFile:
    path = folder / "f"
    text = "".join("\t".join(line.split()) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def ends(call: FusionCall) -> tuple[Breakpoint | None, Breakpoint | None]:
    return call.breakpoint_5prime, call.breakpoint_3prime


def test_a_call_in_full(tmp_path: Path) -> None:
    file = read(tmp_path, f"{HEADER} caller reads", f"{MLLT1} arriba 7")
    assert (file.source, file.n_rows, file.set_aside) == (Source.BEDPE, 1, ())
    assert file.calls == (
        FusionCall(
            patient="P1",
            sample="P1-d0",
            source=Source.BEDPE,
            gene_5prime="KMT2A",
            gene_3prime="MLLT1",
            reported_5prime="MLL",
            reported_3prime="ENL",
            breakpoint_5prime=KMT2A_E8,
            breakpoint_3prime=MLLT1_E2,
            event_type="translocation",
            extras={"score": "0", "caller": "arriba", "reads": "7"},
            file="f",
            line=2,
        ),
    )


@pytest.mark.parametrize(
    "head",
    [
        (),
        ("# made by hand",),
        ("##fileDate=20240101", HEADER),
        (HEADER.removeprefix("#"),),
        ("##x", "#CHROM_A START_A END_A CHROM_B START_B END_B ID QUAL STRAND_A STRAND_B"),
        ("chr1 start1 end1 chr2 start2 end2 sv_id pe_support strand1 strand2",),
    ],
)
def test_with_and_without_headers(tmp_path: Path, head: tuple[str, ...]) -> None:
    (call,) = read(tmp_path, *head, AFF1).calls
    assert ends(call) == (KMT2A_E8, AFF1_E5)
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "AFF1")
    assert call.line == len(head) + 1
    score = "pe_support" if head and "pe_support" in head[0] else "score"
    assert call.extras == {score: "12"}


def test_columns_are_free_in_order_and_more_have_numbers(tmp_path: Path) -> None:
    (call,) = read(
        tmp_path,
        "strand2 strand1 name end2 start2 chrom2 end1 start1 chrom1",
        "+ + KMT2A::AFF1 87084120 87084119 chr4 118482495 118482494 chr11",
    ).calls
    assert ends(call) == (KMT2A_E8, AFF1_E5)
    (call,) = read(tmp_path, f"{AFF1} in-frame 5").calls
    assert call.extras == {"score": "12", "column 11": "in-frame", "column 12": "5"}


@pytest.mark.parametrize(
    ("name", "genes"),
    [
        ("KMT2A--AFF1", ("KMT2A", "AFF1")),
        ("KMT2A>>AFF1", ("KMT2A", "AFF1")),
        ("MLL->AF4", ("KMT2A", "AFF1")),
        ("KMT2A-AFF1", ("KMT2A", "AFF1")),
        ("MLL_AF4", ("KMT2A", "AFF1")),
        ("AFF1-KMT2A", ("AFF1", "KMT2A")),
        ("NKX2-1--HLA-A", ("NKX2-1", "HLA-A")),
        # Names of other things: a hyphen alone joins genes only if KMT2A is one and both are known.
        ("SV-12", (NO_GENE, NO_GENE)),
        ("NKX2-1", (NO_GENE, NO_GENE)),
        ("KMT2A-12", (NO_GENE, NO_GENE)),
        ("MantaBND:12:0:1--", (NO_GENE, NO_GENE)),
        (".", (NO_GENE, NO_GENE)),
    ],
)
def test_genes_of_the_name(tmp_path: Path, name: str, genes: tuple[str, str]) -> None:
    (call,) = read(tmp_path, AFF1.replace("KMT2A--AFF1", name)).calls
    assert (call.gene_5prime, call.gene_3prime) == genes
    assert call.event_type.endswith(UNKNOWN) is (genes == (NO_GENE, NO_GENE))
    assert call.extras.get("name", ".") == (name if genes[0] == NO_GENE else ".")


@pytest.mark.parametrize(
    ("row", "genes", "places"),
    [
        (MLLT1_ENDS, ("KMT2A", "MLLT1"), (KMT2A_E8, MLLT1_E2)),
        (AFF1_ENDS, ("KMT2A", "AFF1"), (KMT2A_E8, AFF1_E5)),
        (
            "4 87084119 87084120 11 118482494 118482495 SV3 . - +",
            ("KMT2A", "AFF1"),
            (KMT2A_E8, AFF1_E5),
        ),
    ],
)
def test_breakends_have_other_strands_than_genes(
    tmp_path: Path, row: str, genes: tuple[str, str], places: tuple[Breakpoint, Breakpoint]
) -> None:
    (call,) = read(tmp_path, row).calls
    assert (call.gene_5prime, call.event_type) == (NO_GENE, f"translocation; {UNKNOWN}")
    placed = place(call, Genes().on(Build.GRCH38))
    assert ((placed.gene_5prime, placed.gene_3prime), ends(placed)) == (genes, places)


def test_of_an_interval_the_end_next_to_the_join_is_taken(tmp_path: Path) -> None:
    (call,) = read(tmp_path, "11 118482400 118482495 19 6270700 6270759 MLL::ENL 0 + -").calls
    assert ends(call) == (KMT2A_E8, MLLT1_E2)
    assert call.extras == {
        "score": "0",
        "start1": "118482400",
        "end1": "118482495",
        "start2": "6270700",
        "end2": "6270759",
    }
    (call,) = read(tmp_path, "11 118482400 118482495 4 87084119 87084200 MLL::AF4 0 + +").calls
    assert ends(call) == (KMT2A_E8, AFF1_E5)
    (call,) = read(tmp_path, "19 6270758 6270799 11 118482494 118482599 MLLT1::MLL 0 - +").calls
    assert ends(call) == (MLLT1_E2, KMT2A_E8)


@pytest.mark.parametrize(
    ("row", "places"),
    [
        ("11 -1 118482495 4 87084119 -1 KMT2A>>AFF1 0 + +", (KMT2A_E8, AFF1_E5)),
        ("11 118482494 -1 4 -1 87084120 KMT2A>>AFF1 0 + +", (KMT2A_E8, AFF1_E5)),
        ("11 118482494 118482495 . -1 -1 KMT2A>>AFF1 0 + .", (KMT2A_E8, None)),
        (
            "11 118482494 118482495 4 87084119 87084120 KMT2A>>AFF1 0 + .",
            (KMT2A_E8, Breakpoint("chr4", 87084120)),
        ),
    ],
)
def test_unknown_bounds_and_strands(
    tmp_path: Path, row: str, places: tuple[Breakpoint | None, Breakpoint | None]
) -> None:
    (call,) = read(tmp_path, row).calls
    assert ends(call) == places


def test_a_duplication_within_kmt2a(tmp_path: Path) -> None:
    (call,) = read(tmp_path, "11 118482494 118482495 11 118468774 118468775 MLL--MLL 9 + +").calls
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "KMT2A")
    assert ends(call) == (KMT2A_E8, Breakpoint("chr11", 118468775, "+"))
    assert call.event_type == "duplication"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            AFF1.replace("118482494", "x"),
            "the row names KMT2A; column 'start1': expected a position, found 'x'",
        ),
        (
            AFF1.replace("+ +", "+ ?"),
            "the row names KMT2A; column 'strand2': expected the strand + or -, found '?'",
        ),
        (
            AFF1.replace("87084119", "987084119"),
            (
                "the row names KMT2A; column 'start2': expected a position within chr4 (at most "
                "191154276), found 987084120"
            ),
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    file = read(tmp_path, HEADER, AFF1, row)
    assert (file.n_rows, len(file.calls)) == (2, 1)
    assert [(one.line, one.reason, one.names_kmt2a) for one in file.set_aside] == [
        (3, reason, True)
    ]


def test_a_header_only_file_has_no_calls(tmp_path: Path) -> None:
    file = read(tmp_path, HEADER)
    assert (file.n_rows, file.calls, file.set_aside) == (0, (), ())


def test_a_row_of_another_width_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, AFF1, f"{AFF1} more")
    assert (error.value.line, error.value.problem) == (
        2,
        "expected 10 fields as in the header, found 11",
    )


@pytest.mark.parametrize(
    "line",
    [
        # BED with twelve columns, nine columns, no strand, a header of other columns.
        "chr11 118482494 118482495 x 0 + 118482494 118482495 0 1 5 0",
        "chr11 118482494 118482495 chr4 87084119 87084120 KMT2A--AFF1 12 +",
        "chr11 . . chr4 . . KMT2A--AFF1 12 + +",
        "#chrom1 start1 end1 chrom2 start2 end2 name score a b",
        "#chr1 x1 x2 chr2 y1 y2 name score strand1 strand2",
    ],
)
def test_what_only_looks_like_it_is_not_recognised(line: str) -> None:
    assert recognise(("\t".join(line.split()) + "\n",)) is None


def test_a_caller_s_table_with_such_columns_is_that_caller_s() -> None:
    squid = read_caller_file(DATA / "squid_hcc1954_sv.txt", name="f", patient="P1", sample="S")
    assert squid.source is Source.SQUID

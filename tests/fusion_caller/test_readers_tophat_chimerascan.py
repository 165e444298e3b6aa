"""TopHat-Fusion and ChimeraScan, which count positions from 0.

Rows with KMT2A are synthetic, on GRCh38: KMT2A exon 10 ends at 118484975 and exon 8 at 118482495,
exon 2 begins at 118468775, AFF1 exon 5 at 87084120 (1-based).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import Breakpoint, FusionCall, Source

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="S1")


def text_file(folder: Path, *lines: str) -> Path:
    path = folder / "table"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def reasons(file: CallerFile) -> list[str]:
    assert len(file.calls) + len(file.set_aside) == file.n_rows
    return [row.reason for row in file.set_aside]


def fusions_row(chromosomes: str, left: int, right: int, direction: str, pairs: str = "") -> str:
    info = f"{chromosomes}\t{left}\t{right}\t{direction}\t106\t116\t167\t0\t47\t43\t0.398"
    parts = ("11 25 38 49 63 ", "CTGGGGCCG AGGTAGGGG", "TGTGTGCCAC AGGTACCTT", "106 98 ", "106 90 ")
    return "\t@\t".join((info, *parts, pairs))


def test_tophat_s_fusions_in_full(tmp_path: Path) -> None:
    # The manual's BCAS4::BCAS3 of MCF-7: exons end at 49411710 and begin at 59445688 of GRCh37,
    # and the two bases AG before the one and the other are alike.
    row = fusions_row("chr20-chr17", 49411707, 59445685, "ff", "-6:1 11:0 ")
    file = read(text_file(tmp_path, row))
    assert (file.source, file.variant, file.n_rows) == (Source.TOPHAT_FUSION, "fusions.out", 1)
    (call,) = file.calls
    assert (call.gene_5prime, call.gene_3prime, call.reported_5prime) == ("?", "?", "")
    assert call.breakpoint_5prime == Breakpoint("chr20", 49411708, "+")
    assert call.breakpoint_3prime == Breakpoint("chr17", 59445686, "+")
    assert (call.split_reads, call.spanning_fragments) == (106, 116)
    assert (call.event_type, call.line) == ("orientation not known", 1)
    assert call.extras == {
        "direction": "ff",
        "spanning_pairs_one_end_across": "167",
        "contradicting_reads": "0",
        "left_bases": "47",
        "right_bases": "43",
        "asymmetry": "0.398",
        "differences": "11 25 38 49 63",
        "left_sequence": "CTGGGGCCG AGGTAGGGG",
        "right_sequence": "TGTGTGCCAC AGGTACCTT",
        "left_depth": "106 98",
        "right_depth": "106 90",
        "pair_distances": "-6:1 11:0",
    }


def test_tophat_s_directions_are_strands(tmp_path: Path) -> None:
    rows = [fusions_row("11-4", 118484974, 87084119, way) for way in ("ff", "fr", "rf", "rr")]
    calls = read(text_file(tmp_path, *rows)).calls
    strands = [
        (c.breakpoint_5prime.strand, c.breakpoint_3prime.strand)
        for c in calls
        if c.breakpoint_5prime and c.breakpoint_3prime
    ]
    assert strands == [("+", "+"), ("+", "-"), ("-", "+"), ("-", "-")]
    assert calls[0].breakpoint_5prime == Breakpoint("chr11", 118484975, "+")


def test_tophat_writes_a_tandem_duplication_backwards(tmp_path: Path) -> None:
    # Exon 8 into exon 2, read along the minus strand, so that the smaller position is left.
    (call,) = read(
        text_file(tmp_path, fusions_row("chr11-chr11", 118468774, 118482494, "rr"))
    ).calls
    assert call.breakpoint_5prime == Breakpoint("chr11", 118468775, "-")
    assert call.breakpoint_3prime == Breakpoint("chr11", 118482495, "-")


def test_tophat_s_line_for_a_browser_is_no_fusion(tmp_path: Path) -> None:
    track = 'track name=fusions description="TopHat fusions"'
    row = fusions_row("chr20-chr17", 49411707, 59445685, "ff")
    (call,) = read(text_file(tmp_path, track, row)).calls
    assert call.line == 2
    empty = read(text_file(tmp_path, track))
    assert (empty.variant, empty.n_rows, empty.calls) == ("fusions.out", 0, ())


def test_what_tophat_cannot_have_written_is_set_aside(tmp_path: Path) -> None:
    file = read(
        text_file(
            tmp_path,
            fusions_row("chr20-chr17", 49411707, 59445685, "ff"),
            fusions_row("chr20", 49411707, 59445685, "ff"),
            fusions_row("chr20-chr17", 49411707, 59445685, "fx"),
            fusions_row("chr20-chr17", -1, 59445685, "ff"),
        )
    )
    assert reasons(file) == [
        "column 'chromosomes': expected contig-contig, found 'chr20'",
        "column 'direction': expected a direction such as ff or fr, found 'fx'",
        "column 'left': expected a position counted from 0, found '-1'",
    ]


RESULT = "MCF7\tBCAS4\tchr20\t49411707\tBCAS3\tchr17\t59445685\t106\t116\t167\t520.83"


def test_tophat_fusion_post_in_full(tmp_path: Path) -> None:
    path = text_file(tmp_path, RESULT)
    file = read(path)
    assert (file.source, file.variant) == (Source.TOPHAT_FUSION, "result.txt")
    assert file.calls == (
        FusionCall(
            patient="P1",
            sample="S1",
            source=Source.TOPHAT_FUSION,
            gene_5prime="BCAS4",
            gene_3prime="BCAS3",
            reported_5prime="BCAS4",
            reported_3prime="BCAS3",
            breakpoint_5prime=Breakpoint("chr20", 49411708),
            breakpoint_3prime=Breakpoint("chr17", 59445686),
            split_reads=106,
            spanning_fragments=116,
            extras={
                "sample_name": "MCF7",
                "spanning_pairs_one_end_across": "167",
                "score": "520.83",
            },
            file="f",
            line=1,
        ),
    )
    (named,) = read_caller_file(path, name="f").calls
    assert (named.patient, named.sample) == ("MCF7", "MCF7")


def test_tophat_fusion_post_without_a_gene(tmp_path: Path) -> None:
    (call,) = read(text_file(tmp_path, RESULT.replace("BCAS3", "N/A"))).calls
    assert (call.gene_3prime, call.reported_3prime) == ("?", "N/A")


# ChimeraScan: positions of the two rows from a published run on MCF-7 and BT-474 (GRCh37).

CHIMERAS = (
    "#chrom5p\tstart5p\tend5p\tchrom3p\tstart3p\tend3p\tchimera_cluster_id\tscore\tstrand5p\t"
    "strand3p\ttranscript_ids_5p\ttranscript_ids_3p\tgenes5p\tgenes3p\ttype\tdistance\ttotal_frags\t"
    "spanning_frags\tunique_alignment_positions\tisoform_fraction_5p\tisoform_fraction_3p\t"
    "breakpoint_spanning_reads\tchimera_ids"
)
PLUS = (
    "chr20\t49411466\t49411709\tchr17\t59445687\t59470198\tCLUSTER10677\t196\t+\t+\t"
    "uc002xvr.3:0-315\tuc002iyz.4:1249-2344\tBCAS4\tBCAS3\tInterchromosomal\tNone\t196\t75\t187\t"
    "0.687719298246\t0.830508474576\t>28785405/2;pos=2535;strand=-,CTGACC\tC8730509,C8730742"
)
MINUS = (
    "chr17\t35479452\t35562785\tchr17\t37366788\t37374425\tCLUSTER11520\t80\t-\t-\t"
    "uc010wdc.2:0-840\tuc002hrs.3:375-3276\tACACA\tSTAC2\tIntrachromosomal_Complex\t1804002\t80\t"
    "44\t78\t0.225988700565\t0.952380952381\t\tC5693002"
)


def test_chimerascan_in_full(tmp_path: Path) -> None:
    file = read(text_file(tmp_path, CHIMERAS, PLUS, MINUS))
    assert (file.source, file.variant, file.n_rows) == (Source.CHIMERASCAN, "chimeras.bedpe", 2)
    plus, minus = file.calls
    assert (plus.gene_5prime, plus.gene_3prime) == ("BCAS4", "BCAS3")
    assert plus.breakpoint_5prime == Breakpoint("chr20", 49411710, "+")
    assert plus.breakpoint_3prime == Breakpoint("chr17", 59445688, "+")
    assert minus.breakpoint_5prime == Breakpoint("chr17", 35479453, "-")
    assert minus.breakpoint_3prime == Breakpoint("chr17", 37374426, "-")
    # Of 196 fragments 75 cross the junction.
    assert (plus.split_reads, plus.spanning_fragments) == (75, 121)
    assert (minus.split_reads, minus.spanning_fragments) == (44, 36)
    assert (minus.event_type, minus.line) == ("Intrachromosomal_Complex", 3)
    assert plus.extras == {
        "start5p": "49411466",
        "end3p": "59470198",
        "chimera_cluster_id": "CLUSTER10677",
        "score": "196",
        "transcript_ids_5p": "uc002xvr.3:0-315",
        "transcript_ids_3p": "uc002iyz.4:1249-2344",
        "distance": "None",
        "total_frags": "196",
        "unique_alignment_positions": "187",
        "isoform_fraction_5p": "0.687719298246",
        "isoform_fraction_3p": "0.830508474576",
        "breakpoint_spanning_reads": ">28785405/2;pos=2535;strand=-,CTGACC",
        "chimera_ids": "C8730509,C8730742",
    }
    assert (minus.extras["end5p"], minus.extras["start3p"]) == ("35562785", "37366788")


def test_chimerascan_s_gene_of_several(tmp_path: Path) -> None:
    lists = [
        ("RP11-770J1.3,MLL", "TTC36,AFF1", "KMT2A", "AFF1"),
        ("STAC2,MLLT4", "na", "AFDN", "?"),
    ]
    rows = [PLUS.replace("BCAS4\tBCAS3", f"{five}\t{three}") for five, three, *_ in lists]
    calls = read(text_file(tmp_path, CHIMERAS, *rows)).calls
    assert [(c.gene_5prime, c.gene_3prime) for c in calls] == [pair[2:] for pair in lists]
    assert calls[0].reported_5prime == "RP11-770J1.3,MLL"


def test_what_chimerascan_cannot_have_written_is_set_aside(tmp_path: Path) -> None:
    file = read(
        text_file(
            tmp_path,
            CHIMERAS,
            PLUS.replace("\t+\t+\t", "\t+\t.\t"),
            PLUS.replace("49411709", "4e7"),
            PLUS.replace("\t196\t75\t", "\t60\t75\t"),
        )
    )
    assert reasons(file) == [
        "column 'strand3p': expected a value, found none",
        "column 'end5p': expected a position counted from 0, found '4e7'",
        "column 'spanning_frags': expected at most 60 fragments, as in total_frags, found 75",
    ]

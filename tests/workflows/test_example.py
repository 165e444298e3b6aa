"""The bundled example: made again it is the same, and it is what its README says."""

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import pytest

import workflows.example
from fusion_caller.knowledge import kmt2a_exons, partner_exons
from workflows.example.make_example import example_files, write_example

EXAMPLE = Path(workflows.example.__file__).parent
SYNTHETIC = EXAMPLE / "synthetic"
CELL_LINES = EXAMPLE / "cell_lines"
TEST_READS = Path(__file__).parents[1] / "data" / "kmt2a_reads"
CALLERS = ("star-fusion", "arriba", "fusioncatcher")

# Headers as printed by the callers: STAR-Fusion and FusionCatcher from the samples of chimeraviz,
# the nine columns from STAR-Fusion's own test data, Arriba's from its repository. The two tables
# with `est_J` are STAR-Fusion 1.10's, as its wiki and users' files show them.
STAR_FUSION_HEADERS = {
    "early_abridged": (
        "#FusionName JunctionReadCount SpanningFragCount SpliceType LeftGene LeftBreakpoint "
        "RightGene RightBreakpoint LargeAnchorSupport"
    ),
    "coding_effect": (
        "#FusionName JunctionReadCount SpanningFragCount SpliceType LeftGene LeftBreakpoint "
        "RightGene RightBreakpoint LargeAnchorSupport LeftBreakDinuc LeftBreakEntropy "
        "RightBreakDinuc RightBreakEntropy FFPM annots CDS_LEFT_ID CDS_LEFT_RANGE CDS_RIGHT_ID "
        "CDS_RIGHT_RANGE PROT_FUSION_TYPE FUSION_MODEL FUSION_CDS FUSION_TRANSL PFAM_LEFT "
        "PFAM_RIGHT"
    ),
    "abridged": (
        "#FusionName JunctionReadCount SpanningFragCount est_J est_S SpliceType LeftGene "
        "LeftBreakpoint RightGene RightBreakpoint LargeAnchorSupport FFPM LeftBreakDinuc "
        "LeftBreakEntropy RightBreakDinuc RightBreakEntropy annots"
    ),
    "full": (
        "#FusionName JunctionReadCount SpanningFragCount est_J est_S SpliceType LeftGene "
        "LeftBreakpoint RightGene RightBreakpoint JunctionReads SpanningFrags LargeAnchorSupport "
        "FFPM LeftBreakDinuc LeftBreakEntropy RightBreakDinuc RightBreakEntropy annots"
    ),
}
ARRIBA_HEADER = (
    "#gene1 gene2 strand1(gene/fusion) strand2(gene/fusion) breakpoint1 breakpoint2 site1 site2 "
    "type split_reads1 split_reads2 discordant_mates coverage1 coverage2 confidence reading_frame "
    "tags retained_protein_domains closest_genomic_breakpoint1 closest_genomic_breakpoint2 "
    "gene_id1 gene_id2 transcript_id1 transcript_id2 direction1 direction2 filters "
    "fusion_transcript peptide_sequence read_identifiers"
)
FUSIONCATCHER_HEADER = (
    "Gene_1_symbol(5end_fusion_partner) Gene_2_symbol(3end_fusion_partner) Fusion_description "
    "Counts_of_common_mapping_reads Spanning_pairs Spanning_unique_reads Longest_anchor_found "
    "Fusion_finding_method Fusion_point_for_gene_1(5end_fusion_partner) "
    "Fusion_point_for_gene_2(3end_fusion_partner) Gene_1_id(5end_fusion_partner) "
    "Gene_2_id(3end_fusion_partner) Exon_1_id(5end_fusion_partner) "
    "Exon_2_id(3end_fusion_partner) Fusion_sequence Predicted_effect Predicted_fused_transcripts "
    "Predicted_fused_proteins"
)


def text_of(content: bytes) -> str:
    plain = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    return plain.decode()


def table(name: str, folder: Path = SYNTHETIC) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def assay(name: str) -> dict[str, str]:
    return {row["patient"]: row["result"] for row in table("assays.csv") if row["assay"] == name}


def caller_rows(patient: str, caller: str) -> list[dict[str, str]]:
    (file,) = (
        row["file"]
        for row in table("samplesheet.csv")
        if row["patient"] == patient and f"/{caller}/" in row["file"]
    )
    text = text_of((SYNTHETIC / file).read_bytes())
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def junctions(patient: str, caller: str) -> list[tuple[str, str, int, str, str, int]]:
    """The calls that name KMT2A: gene, contig and position of the 5' side, then of the 3' side."""
    found = []
    for row in caller_rows(patient, caller):
        if caller == "star-fusion":
            genes = [row[f"{side}Gene"].split("^")[0] for side in ("Left", "Right")]
            places = [row[f"{side}Breakpoint"] for side in ("Left", "Right")]
        elif caller == "arriba":
            genes = [row["#gene1"], row["gene2"]]
            places = [f"chr{row['breakpoint1']}", f"chr{row['breakpoint2']}"]
        else:
            ends = ("1_symbol(5end", "2_symbol(3end")
            genes = [row[f"Gene_{end}_fusion_partner)"] for end in ends]
            ends = ("1(5end", "2(3end")
            places = [f"chr{row[f'Fusion_point_for_gene_{end}_fusion_partner)']}" for end in ends]
        if "KMT2A" in genes:
            left, right = (place.split(":") for place in places)
            found.append((genes[0], left[0], int(left[1]), genes[1], right[0], int(right[1])))
    return found


RNA_PATIENTS = sorted({row["patient"] for row in table("samplesheet.csv")})


def test_made_again_the_example_is_the_same(tmp_path: Path) -> None:
    write_example(tmp_path)
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(SYNTHETIC) for path in SYNTHETIC.rglob("*") if path.is_file()}
    assert made == kept
    for name in made:
        new, old = (tmp_path / name).read_bytes(), (SYNTHETIC / name).read_bytes()
        if name.suffix == ".gz":
            # Builds of zlib compress to different bytes; what is in the file must be the same.
            new, old = text_of(new).encode(), text_of(old).encode()
        assert new == old, name


def test_two_runs_give_the_same_bytes() -> None:
    assert example_files() == example_files()


def test_gzipped_files_hold_neither_name_nor_time() -> None:
    gzipped = sorted(SYNTHETIC.rglob("*.gz"))
    assert len(gzipped) == 5
    for path in gzipped:
        header = path.read_bytes()[:8]
        assert header[3] == 0, path
        assert header[4:8] == b"\0\0\0\0", path


def test_files_are_small_and_plain() -> None:
    files = [path for path in EXAMPLE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sum(path.stat().st_size for path in files) < 1_000_000
    for path in files:
        assert "\r" not in text_of(path.read_bytes()), path


def test_samplesheet_lists_every_call_file_once() -> None:
    rows = table("samplesheet.csv")
    on_disk = {str(path.relative_to(SYNTHETIC)) for path in (SYNTHETIC / "calls").rglob("*.*")}
    assert Counter(row["file"] for row in rows) == Counter(on_disk)
    assert len(RNA_PATIENTS) == 18
    assert Counter(row["source"] for row in rows) == {
        "auto": 51,
        "star-fusion": 1,
        "arriba": 1,
        "fusioncatcher": 1,
    }


def test_cohort_has_the_subtypes_of_the_paper() -> None:
    partners = Counter(result.removeprefix("KMT2A::") for result in assay("split-rt-pcr").values())
    assert partners == {
        "AFF1": 24,
        "MLLT3": 13,
        "MLLT1": 5,
        "MLLT10": 1,
        "EPS15": 1,
        "FLNA": 1,
        "CLTC": 1,
        "CT45A1": 1,
        "USP2": 1,
    }


def test_karyotypes_show_11q23_in_18_of_40() -> None:
    karyotypes = assay("karyotype").values()
    assert sum("q23" in text and "11" in text for text in karyotypes) == 18
    assert sum(text in ("46,XX[20]", "46,XY[20]") for text in karyotypes) == 20
    assert sum(text == "not done" for text in karyotypes) == 8
    assert len(karyotypes) == 48


def test_sex_of_karyotype_and_clinical_table_agree() -> None:
    sexes = {row["patient"]: row["sex"] for row in table("clinical.csv")}
    for patient, text in assay("karyotype").items():
        if text != "not done":
            assert ("Y" in text) == (sexes[patient] == "male"), patient


def test_fish_is_positive_in_46_of_48() -> None:
    results = assay("fish")
    normal = {patient for patient, text in results.items() if text in ("negative", "2F")}
    assert normal == {"SYN04", "SYN05"}
    for patient, text in results.items():
        shown = ("sep", "1F1R1G", "positive", "5'KMT2Ax3", "3'KMT2Ax1")
        assert (patient in normal) != any(word in text for word in shown), patient
    assert len(results) == 48


def test_rt_pcr_is_positive_in_45_of_48_and_names_the_true_partner() -> None:
    legacy = {"AF4": "AFF1", "AF9": "MLLT3", "ENL": "MLLT1", "AF10": "MLLT10", "AF1p": "EPS15"}
    truth = assay("split-rt-pcr")
    results = assay("rt-pcr")
    negative = {patient for patient, text in results.items() if text == "negative"}
    assert {truth[patient] for patient in negative} == {
        "KMT2A::USP2",
        "KMT2A::CT45A1",
        "KMT2A::CLTC",
    }
    for patient in results.keys() - negative:
        named = results[patient].replace("--", "-").replace("::", "-").replace("/", "-")
        first, second = named.split("-")
        assert first in ("KMT2A", "MLL")
        assert f"KMT2A::{legacy.get(second, second)}" == truth[patient]
    panels = {row["panel"] for row in table("assays.csv") if row["assay"] == "rt-pcr"}
    assert panels == {"wen-2022"}
    assert len(results) == 48


@pytest.mark.parametrize("patient", RNA_PATIENTS)
def test_headers_are_the_callers_own(patient: str) -> None:
    files = [row["file"] for row in table("samplesheet.csv") if row["patient"] == patient]
    headers = [
        text_of((SYNTHETIC / file).read_bytes()).split("\n", 1)[0].split("\t") for file in files
    ]
    assert headers[0] in [header.split() for header in STAR_FUSION_HEADERS.values()]
    assert headers[1] == ARRIBA_HEADER.split()
    assert headers[2] == FUSIONCATCHER_HEADER.split()


def test_every_star_fusion_table_occurs() -> None:
    seen = Counter(len(caller_rows(patient, "star-fusion")[0]) for patient in RNA_PATIENTS)
    assert seen == {25: 8, 17: 8, 9: 1, 19: 1}


@pytest.mark.parametrize("caller", CALLERS)
def test_breakpoints_lie_on_exon_edges(caller: str) -> None:
    kmt2a_ends = {exon.end_grch38 for exon in kmt2a_exons()}
    kmt2a_starts = {exon.start_grch38 for exon in kmt2a_exons()}
    checked = 0
    for patient in RNA_PATIENTS:
        for left, contig_5, end, right, contig_3, start in junctions(patient, caller):
            partner = {"ATP5L": "ATP5MG"}.get(left, left) if right == "KMT2A" else right
            exons = partner_exons()[partner]
            forward = exons[0].strand == "+"
            if right == "KMT2A":
                assert (contig_5, contig_3) == (exons[0].contig, "chr11")
                assert start in kmt2a_starts
                assert end in {exon.end if forward else exon.start for exon in exons}
            else:
                assert (contig_5, contig_3) == ("chr11", exons[0].contig)
                assert end in kmt2a_ends
                assert start in {exon.start if forward else exon.end for exon in exons}
            checked += 1
    assert checked >= 18


def test_fusions_leave_kmt2a_where_the_paper_and_biology_say() -> None:
    exon_of = {exon.end_grch38: exon.mane for exon in kmt2a_exons()}
    truth = assay("split-rt-pcr")
    for patient in RNA_PATIENTS:
        partner = truth[patient].removeprefix("KMT2A::")
        ((_, _, end, _, _, _),) = (
            call for call in junctions(patient, "star-fusion") if call[3] == partner
        )
        assert exon_of[end] in ({21} if partner == "USP2" else {8, 9, 10, 11})


def test_callers_disagree_where_the_readme_says() -> None:
    def pairs(patient: str, caller: str) -> set[tuple[str, str]]:
        return {(call[0], call[3]) for call in junctions(patient, caller)}

    assert caller_rows("SYN14", "fusioncatcher") == []
    assert pairs("SYN46", "arriba") == {("AFF1", "KMT2A")}
    assert pairs("SYN46", "star-fusion") == {("KMT2A", "AFF1"), ("AFF1", "KMT2A")}
    assert pairs("SYN29", "arriba") == {("KMT2A", "CT45A2")}
    assert pairs("SYN29", "star-fusion") == {("KMT2A", "CT45A1")}
    assert ("KMT2A", "UBE4A") in pairs("SYN27", "star-fusion")
    assert ("ATP5L", "KMT2A") in pairs("SYN31", "star-fusion")
    assert ("ATP5MG", "KMT2A") in pairs("SYN31", "arriba")


def test_no_sequence_is_invented() -> None:
    columns = {
        "star-fusion": ("FUSION_CDS", "FUSION_TRANSL", "FUSION_MODEL"),
        "arriba": ("fusion_transcript", "peptide_sequence"),
        "fusioncatcher": ("Fusion_sequence", "Predicted_fused_proteins"),
    }
    for caller, names in columns.items():
        for patient in RNA_PATIENTS:
            for row in caller_rows(patient, caller):
                assert {row.get(name, ".") for name in names} <= {".", ""}


def test_clinical_events_are_those_of_the_cohort() -> None:
    rows = table("clinical.csv")
    filled = Counter(column for row in rows for column, value in row.items() if value)
    assert filled["patient"] == 48
    assert filled["complete_remission_months"] == 40
    assert filled["induction_failure_months"] == 4
    assert filled["relapse_months"] == filled["relapse_site"] == 15
    assert filled["death_months"] == 4
    assert filled["left_study_months"] == 7
    assert Counter(row["relapse_site"] for row in rows)["marrow+cns"] == 1
    assert {row["death_cause"] for row in rows if row["death_months"]} == {"treatment"}


def test_remission_comes_before_what_follows_it() -> None:
    for row in table("clinical.csv"):
        if row["complete_remission_months"]:
            remission = float(row["complete_remission_months"])
            later = row["relapse_months"] or row["left_study_months"] or row["last_contact_months"]
            assert remission < float(later), row["patient"]
            assert not row["induction_failure_months"]


def test_response_matches_the_paper() -> None:
    rows = table("clinical.csv")
    blasts = Counter(row["blasts_day5_e9_per_l"] for row in rows)
    assert blasts == {"0": 20, "0.4": 9, "3.0": 19}
    assert Counter(row["mrd_fcm_tp1_percent"] for row in rows) == {
        "": 1,
        "<0.01": 24,
        "0.1": 7,
        "2.0": 16,
    }
    assert Counter(row["marrow_tp2"] for row in rows) == {"M1": 40, "M3": 4, "": 4}


def test_every_patient_is_said_to_be_synthetic() -> None:
    notes = {row["note"] for row in table("clinical.csv")}
    assert notes == {"synthetic reconstruction; not patient data"}
    assert list(table("clinical.csv")[0])[-1] == "note"


@pytest.mark.parametrize("number", [1, 2])
def test_reads_of_eol_1_are_every_fourth_of_those_of_the_tests(number: int) -> None:
    whole = text_of((TEST_READS / f"SRR8616218_KMT2A_{number}.fastq.gz").read_bytes())
    lines = text_of((CELL_LINES / f"reads/EOL1_{number}.fastq.gz").read_bytes()).splitlines()
    every = whole.splitlines()
    assert lines == [line for at in range(0, len(every), 16) for line in every[at : at + 4]]


def test_cell_lines_are_the_published_table() -> None:
    assert table("samplesheet.csv", CELL_LINES) == [
        {
            "patient": "",
            "sample": "",
            "source": "star-fusion",
            "file": "DepMap.fusions.pub23Q4.tsv.gz",
            "file_2": "",
        },
        {
            "patient": "EOL1_HAEMATOPOIETIC_AND_LYMPHOID_TISSUE",
            "sample": "EOL1_HAEMATOPOIETIC_AND_LYMPHOID_TISSUE",
            "source": "fastq",
            "file": "reads/EOL1_1.fastq.gz",
            "file_2": "reads/EOL1_2.fastq.gz",
        },
    ]
    lines = text_of((CELL_LINES / "DepMap.fusions.pub23Q4.tsv.gz").read_bytes()).splitlines()
    assert lines[0].split("\t") == [
        "FusionName",
        "DepMap_ID",
        "CCLEName",
        "OncotreePrimaryDisease",
    ]
    assert len(lines) == 18_806
    lines_with_aff1 = [line.split("\t")[2] for line in lines if line.startswith("KMT2A--AFF1\t")]
    assert [name.split("_")[0] for name in lines_with_aff1] == ["MV411", "NALM19", "SEM"]

"""A finished nf-core/rnafusion folder: what is read for which sample, in each release."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from fusion_caller.errors import InputError
from fusion_caller.readers import read_caller_file
from fusion_caller.records import Assay, Source, Timepoint
from fusion_caller.rnafusion import add_rnafusion, choose_rnafusion, find_rnafusion
from fusion_caller.samplesheet import SampleFile

DATA = Path(__file__).parents[1] / "data" / "callers"
RELEASE_4 = (
    "arriba/S1.arriba.fusions.discarded.tsv",
    "arriba/S1.arriba.fusions.tsv",
    "ctatsplicing/S1.cancer.introns",
    "fastqc/S1.html",
    "fusioncatcher/S1.fusion-genes.txt",
    "fusioncatcher/S1.log",
    "fusioncatcher/S1.summary.txt",
    "fusioninspector/S1/IGV_inputs/x.bed",
    "fusioninspector/S1/S1.FusionInspector.fusions.abridged.tsv",
    "fusioninspector/S1/S1.FusionInspector.fusions.tsv",
    "fusioninspector/S1/S1.fusion_inspector_web.html",
    "fusionreport/S1/AAA_BBB.html",
    "fusionreport/S1/S1.fusionreport.tsv",
    "fusionreport/S1/S1.fusionreport_filtered.tsv",
    "fusionreport/S1/S1.fusions.csv",
    "fusionreport/S1/S1.fusions.json",
    "pipeline_info/nf_core_rnafusion_software_mqc_versions.yml",
    "star/S1.Aligned.sortedByCoord.out.bam",
    "star/S1.Chimeric.out.junction",
    "starfusion/S1.starfusion.abridged.coding_effect.tsv",
    "starfusion/S1.starfusion.abridged.tsv",
    "starfusion/S1.starfusion.fusion_predictions.tsv",
    "vcf/S1_fusion_data.vcf.gz",
)
RELEASE_2 = (
    "arriba/S1.arriba.fusions.tsv",
    "fusioncatcher/S1.fusioncatcher.fusion-genes.txt",
    "fusioninspector/S1.FusionInspector.fusions.abridged.tsv",
    "megafusion/S1.vcf",
    "pizzly/S1.pizzly.txt",
    "pizzly/S1.pizzly.unfiltered.json",
    "squid/S1.squid.fusions.annotated.txt",
    "squid/S1.squid.fusions_sv.txt",
    "star_for_starfusion/S1.Chimeric.out.junction",
    "starfusion/S1.starfusion.abridged.tsv",
    "starfusion/S1.starfusion.fusion_predictions.tsv",
)


def results(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def found(folder: Path) -> list[tuple[str, str, str]]:
    return [
        (entry.sample, str(entry.source), str(entry.path.relative_to(folder)))
        for entry in find_rnafusion(folder)
    ]


def test_release_4(tmp_path: Path) -> None:
    assert found(results(tmp_path, *RELEASE_4)) == [
        ("S1", "star-fusion", "starfusion/S1.starfusion.abridged.coding_effect.tsv"),
        ("S1", "arriba", "arriba/S1.arriba.fusions.tsv"),
        ("S1", "fusioncatcher", "fusioncatcher/S1.fusion-genes.txt"),
        ("S1", "fusioninspector", "fusioninspector/S1/S1.FusionInspector.fusions.abridged.tsv"),
    ]


def test_release_2(tmp_path: Path) -> None:
    assert found(results(tmp_path, *RELEASE_2)) == [
        ("S1", "star-fusion", "starfusion/S1.starfusion.abridged.tsv"),
        ("S1", "arriba", "arriba/S1.arriba.fusions.tsv"),
        ("S1", "fusioncatcher", "fusioncatcher/S1.fusioncatcher.fusion-genes.txt"),
        ("S1", "fusioninspector", "fusioninspector/S1.FusionInspector.fusions.abridged.tsv"),
        ("S1", "pizzly", "pizzly/S1.pizzly.txt"),
        ("S1", "squid", "squid/S1.squid.fusions.annotated.txt"),
    ]


def test_each_entry_says_whose_file_it_is(tmp_path: Path) -> None:
    names = ("arriba/b-2.arriba.fusions.tsv", "arriba/a.1.arriba.fusions.tsv")
    first, second = find_rnafusion(results(tmp_path, *names))
    assert (first.patient, first.sample, first.source, first.line) == ("a.1", "a.1", "arriba", 0)
    assert (first.name, first.path) == (str(tmp_path / names[1]), tmp_path / names[1])
    assert second.sample == "b-2"


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (RELEASE_4[12:], "starfusion/S1.starfusion.abridged.coding_effect.tsv"),
        ((*RELEASE_4[11:19], RELEASE_4[22]), "fusionreport/S1/S1.fusions.csv"),
        ((RELEASE_4[12], *RELEASE_4[16:19]), "fusionreport/S1/S1.fusionreport.tsv"),
        ((RELEASE_4[13], *RELEASE_4[16:19], RELEASE_4[22]), "vcf/S1_fusion_data.vcf.gz"),
        (("megafusion/S1.vcf", *RELEASE_4[16:19]), "megafusion/S1.vcf"),
        (RELEASE_4[15:18], "star/S1.Aligned.sortedByCoord.out.bam"),
        (("star_for_starfusion/S1.Chimeric.out.junction",), RELEASE_2[8]),
    ],
)
def test_what_repeats_the_callers_is_read_only_without_them(
    tmp_path: Path, left: tuple[str, ...], expected: str
) -> None:
    assert [path for _, _, path in found(results(tmp_path, *left))] == [expected]


def test_each_sample_falls_back_for_itself(tmp_path: Path) -> None:
    folder = results(tmp_path, *RELEASE_2[:1], "fusionreport/S2/S2.fusions.csv", RELEASE_4[14])
    assert [(sample, source) for sample, source, _ in found(folder)] == [
        ("S1", "arriba"),
        ("S2", "fusion-report"),
    ]


def test_packed_files_and_those_of_a_mac(tmp_path: Path) -> None:
    names = ("arriba/S1.arriba.fusions.tsv.gz", "arriba/._S1.arriba.fusions.tsv", "arriba/x")
    assert found(results(tmp_path, *names)) == [("S1", "arriba", names[0])]


def test_an_empty_file_is_read(tmp_path: Path) -> None:
    (entry,) = find_rnafusion(results(tmp_path, "fusioncatcher/S1.fusion-genes.txt"))
    file = read_caller_file(
        entry.path, source=entry.source, patient=entry.patient, sample=entry.sample
    )
    assert (file.source, file.calls, file.variant) == (Source.FUSIONCATCHER, (), "empty file")


def test_a_file_is_read_by_its_source(tmp_path: Path) -> None:
    path = results(tmp_path, "arriba/S1.arriba.fusions.tsv.gz") / "arriba/S1.arriba.fusions.tsv.gz"
    path.write_bytes(gzip.compress((DATA / "arriba_fusions.tsv").read_bytes()))
    (entry,) = find_rnafusion(tmp_path)
    file = read_caller_file(
        entry.path, source=entry.source, patient=entry.patient, sample=entry.sample
    )
    assert {(call.sample, call.gene_5prime) for call in file.calls} == {("S1", "BCR")}


def test_a_link_whose_file_is_gone_is_not_overlooked(tmp_path: Path) -> None:
    (tmp_path / "arriba").mkdir()
    (tmp_path / "arriba" / "S1.arriba.fusions.tsv").symlink_to(tmp_path / "work" / "gone")
    (entry,) = find_rnafusion(tmp_path)
    with pytest.raises(InputError, match="expected a file, found none"):
        read_caller_file(entry.path, source=entry.source, patient="S1", sample="S1")


@pytest.mark.parametrize("make", [True, False], ids=["empty", "absent"])
def test_a_folder_without_any_of_them_says_what_was_looked_for(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "results"
    if make:
        results(folder, "multiqc/multiqc_report.html", "arriba/S1.arriba.fusions.discarded.tsv")
    with pytest.raises(InputError) as error:
        find_rnafusion(folder)
    assert str(error.value) == (
        f"{folder}: expected the results folder of nf-core/rnafusion, found none of its files; "
        "looked for starfusion/<sample>.starfusion.abridged.coding_effect.tsv, "
        "arriba/<sample>.arriba.fusions.tsv, "
        "fusioncatcher/<sample>.fusioncatcher.fusion-genes.txt, "
        "fusioninspector/<sample>.FusionInspector.fusions.abridged.tsv, "
        "pizzly/<sample>.pizzly.txt, squid/<sample>.squid.fusions.annotated.txt, "
        "fusionreport/*/<sample>.fusions.csv, vcf/<sample>_fusion_data.vcf, "
        "star/<sample>.Chimeric.out.junction, star/<sample>.Aligned.sortedByCoord.out.bam, "
        "plain or packed"
    )


def test_a_name_that_cannot_be_a_sample_s_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        find_rnafusion(results(tmp_path, "arriba/=S1.arriba.fusions.tsv"))
    assert error.value.problem == (
        "expected the identifier of a sample to start with a letter or a digit, found '='"
    )


def test_what_star_wrote_is_read_whole_where_nothing_else_is_left(tmp_path: Path) -> None:
    assert found(results(tmp_path, *RELEASE_4[15:19])) == [
        ("S1", "chimeric-junction", "star/S1.Chimeric.out.junction"),
        ("S1", "bam", "star/S1.Aligned.sortedByCoord.out.bam"),
    ]


@pytest.mark.parametrize("names", [RELEASE_4, RELEASE_2, RELEASE_4[15:], RELEASE_2[3:4]])
def test_a_listing_is_as_good_as_the_folder(tmp_path: Path, names: tuple[str, ...]) -> None:
    folder = results(tmp_path, *names, "fusionreport/S1/deep/S9.fusions.csv", "S9.vcf")
    walked = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()]
    assert choose_rnafusion(reversed(walked), folder=str(folder)) == find_rnafusion(folder)
    assert choose_rnafusion([f"./{name}" for name in walked], folder=str(folder)) == (
        find_rnafusion(folder)
    )


def test_a_listing_of_a_bucket_keeps_its_address() -> None:
    (entry,) = choose_rnafusion(["arriba/S1.arriba.fusions.tsv", ""], folder="s3://b/results/")
    assert entry.name == "s3://b/results/arriba/S1.arriba.fusions.tsv"


def row(sample: str, name: str, line: int, **more: Any) -> SampleFile:
    given: dict[str, Any] = {"patient": "P1", "source": None, "path": Path(name)} | more
    return SampleFile(sample=sample, name=name, line=line, **given)


BOTH = ("arriba/S1.arriba.fusions.tsv", "starfusion/S1.starfusion.abridged.tsv")


def together(
    sheet: list[SampleFile], *names: str, folder: str = "/r"
) -> list[tuple[str, str, str, str]]:
    whole = add_rnafusion(sheet, choose_rnafusion(names or BOTH, folder=folder), name="s.csv")
    return [(one.patient, one.sample, one.name, str(one.timepoint)) for one in whole]


def test_a_sample_of_the_folder_belongs_to_the_patient_of_the_sheet() -> None:
    sheet = [row("S0", "/x/a.tsv", 2), row("S1", "/x/b.tsv", 3, timepoint=Timepoint.RELAPSE)]
    assert together(sheet, *BOTH, "arriba/S2.arriba.fusions.tsv") == [
        ("P1", "S0", "/x/a.tsv", ""),
        ("P1", "S1", "/x/b.tsv", "relapse"),
        ("P1", "S1", "/r/starfusion/S1.starfusion.abridged.tsv", "relapse"),
        ("P1", "S1", "/r/arriba/S1.arriba.fusions.tsv", "relapse"),
        ("S2", "S2", "/r/arriba/S2.arriba.fusions.tsv", ""),
    ]


@pytest.mark.parametrize("folder", ["/r", "s3://b/r"])
def test_a_file_in_both_is_taken_once_and_names_the_sample(folder: str) -> None:
    listed = f"{folder}/{BOTH[0]}"
    assert together([row("S1-d0", listed, 2)], folder=folder) == [
        ("P1", "S1-d0", listed, ""),
        ("P1", "S1-d0", f"{folder}/{BOTH[1]}", ""),
    ]


def test_a_file_is_the_same_by_another_path(tmp_path: Path) -> None:
    folder = results(tmp_path / "results", *BOTH)
    (tmp_path / "link").symlink_to(folder)
    listed = str(tmp_path / "results" / ".." / "link" / BOTH[0])
    (first, second) = together([row("S1", listed, 2)], folder=str(folder))
    assert (first[2], second[2]) == (listed, f"{folder}/{BOTH[1]}")


def test_a_cohort_table_in_both_is_taken_once_and_owns_nothing() -> None:
    listed = f"/r/{BOTH[0]}"
    assert together([row("", listed, 2, patient="")]) == [
        ("", "", listed, ""),
        ("S1", "S1", f"/r/{BOTH[1]}", ""),
    ]


@pytest.mark.parametrize(
    "sheet",
    [
        [row("A", f"/r/{BOTH[0]}", 2), row("B", f"/r/{BOTH[1]}", 5)],
        [row("B", f"/r/{BOTH[1]}", 2), row("S1", "/x/a.tsv", 5, patient="P2")],
    ],
    ids=["by-files", "by-name-and-file"],
)
def test_one_sample_of_the_folder_is_not_two_of_the_sheet(sheet: list[SampleFile]) -> None:
    with pytest.raises(InputError) as error:
        together(sheet)
    assert str(error.value) == (
        "s.csv, line 5, column 'sample': the sample of line 2 and this one are one in the results "
        "folder; give both rows the same sample, or read one of the two without the folder"
    )


def test_what_was_read_of_dna_is_no_sample_of_the_folder() -> None:
    with pytest.raises(InputError, match=r"line 2, column 'assay': expected rna-seq for a sample"):
        together([row("S1", "/x/a.tsv", 2, assay=Assay.DNA_SEQ)])


def test_a_sheet_without_rows_leaves_the_folder() -> None:
    assert [sample for _, sample, _, _ in together([])] == ["S1", "S1"]


def test_a_relative_file_of_a_sheet_in_a_bucket_is_the_folder_s() -> None:
    row_of_sheet = row("S1", BOTH[0], 2, path=Path("s3://b/r") / BOTH[0])
    assert together([row_of_sheet], folder="s3://b/r") == [
        ("P1", "S1", BOTH[0], ""),
        ("P1", "S1", f"s3://b/r/{BOTH[1]}", ""),
    ]

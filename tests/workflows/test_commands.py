"""The commands one by one: each reads what the one before wrote, and says what it did."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fusion_caller.errors import InputError
from workflows.cli import COMMANDS, cli

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "workflows/example/synthetic"


def kmt2a(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], input=stdin, catch_exceptions=False)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    done = kmt2a(name, "--help")
    assert done.exit_code == 0
    assert done.output.startswith(f"Usage: cli {name}")


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from workflows.cli import cli\n"
        "try: cli.main(['--help'], prog_name='kmt2a')\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'lifelines', 'matplotlib', 'jinja2', 'yaml'}\n"
        "heavy |= {'lark', 'numba'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.endswith("[]\n")


def test_unknown_command_is_a_usage_error() -> None:
    done = kmt2a("translocate")
    assert done.exit_code == 2
    assert "No such command 'translocate'" in done.stderr


def test_step_by_step_gives_what_run_gives(tmp_path: Path) -> None:
    sheet = (EXAMPLE / "samplesheet.csv").read_text(encoding="utf-8").splitlines()[1:]
    for line in sheet:
        patient, sample, _, file, _ = line.split(",")
        done = kmt2a(
            "calls", EXAMPLE / file, "--sample", sample, "-o", tmp_path / "calls" / file,
            *(() if "SYN14.txt" not in file else ("--source", "fusioncatcher")),
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        assert patient in sample
    tables = sorted((tmp_path / "calls").rglob("calls.tsv"))
    assert kmt2a("assign", *tables, "-o", tmp_path / "assigned").exit_code == 0
    done = kmt2a(
        "reconcile", "--calls", tmp_path / "assigned/kmt2a.tsv", "-o", tmp_path / "reconciled"
    )
    assert done.exit_code == 0, done.output
    assert done.output.startswith("18 patients, ")
    whole = kmt2a("run", "--samplesheet", EXAMPLE / "samplesheet.csv", "-o", tmp_path / "run")
    assert whole.exit_code == 0, whole.output
    step = (tmp_path / "reconciled/patients.tsv").read_text(encoding="utf-8")
    together = (tmp_path / "run/reconciled/patients.tsv").read_text(encoding="utf-8")
    # `calls` names patients after the sample, the sample sheet knows their own name.
    assert step.replace("-RNA", "") == together


VCF_OF_TWO = (
    "##fileformat=VCFv4.2\n##reference=GRCh38\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tONE\tTWO\tTHREE\n"
    "chr11\t118483000\t.\tA\tA[chr4:87060000[\t.\tPASS\tSVTYPE=BND\tGT\t0/1\t0/0\t0/0\n"
)
REFUSED = "chr11\t118483000\t.\tA\tA[chr4:999999999[\t.\tPASS\tSVTYPE=BND\tGT\t0/1\t0/0\t0/0\n"
UNPLACED = (
    "".join(line for line in VCF_OF_TWO.splitlines(keepends=True) if "reference" not in line)
    + "chr11\t118353700\t.\tA\tA[chr5:60000[\t.\tPASS\tSVTYPE=BND\tGT\t0/0\t0/1\t0/0\n"
)
JAFFA = (
    "sample,fusion genes,chrom1,base1,chrom2,base2,gap (kb),spanning pairs,spanning reads,inframe,"
    "aligns,rearrangement,contig,contig break,classification,known\n"
    "ONE,KMT2A:AFF1,chr11,118484975,chr4,87084120,Inf,8,21,TRUE,TRUE,TRUE,c,371,HighConfidence,-\n"
    "TWO,BCR:ABL1,chr22,23290413,chr9,130854064,Inf,8,21,TRUE,TRUE,TRUE,c,371,HighConfidence,-\n"
)
COHORT = "FusionName\tsample\nKMT2A--AFF1\tONE\nBCR--ABL1\tTWO\nKMT2A--\tTHREE\nETV6--RUNX1\tTWO\n"


@pytest.mark.parametrize(
    ("text", "samples"),
    [
        (VCF_OF_TWO, {"ONE": ("fusion", "0"), "TWO": ("none", "0"), "THREE": ("none", "0")}),
        (
            VCF_OF_TWO + REFUSED,
            {"ONE": ("fusion", "1"), "TWO": ("none", "1"), "THREE": ("none", "1")},
        ),
        (UNPLACED, {"ONE": ("none", "1"), "TWO": ("none", "1"), "THREE": ("none", "0")}),
        (JAFFA, {"ONE": ("fusion", "0"), "TWO": ("none", "0")}),
        (COHORT, {"ONE": ("fusion", "0"), "TWO": ("none", "0"), "THREE": ("none", "1")}),
    ],
    ids=["vcf", "vcf refused", "vcf without build", "jaffa", "cohort"],
)
def test_a_file_of_several_samples_loses_none_step_by_step(
    tmp_path: Path, text: str, samples: dict[str, tuple[str, str]]
) -> None:
    (tmp_path / "several.txt").write_text(text, encoding="utf-8")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("patient,sample,source,file\n,,auto,several.txt\n", encoding="utf-8")
    whole = kmt2a("run", "--samplesheet", sheet, "-o", tmp_path / "run")
    assert whole.exit_code == 0, whole.output
    assert kmt2a("calls", tmp_path / "several.txt", "-o", tmp_path / "calls").exit_code == 0
    done = kmt2a("assign", tmp_path / "calls/calls.tsv", "-o", tmp_path / "assigned")
    assert done.exit_code == 0, done.output
    (table,) = (tmp_path / "run").rglob("kmt2a.tsv")
    together = table.read_text(encoding="utf-8")
    step = (tmp_path / "assigned/kmt2a.tsv").read_text(encoding="utf-8")
    # `calls` is given the path, the sheet names the file seen from its folder.
    assert step.replace(str(tmp_path / "several.txt"), "several.txt") == together
    header, *rows = (line.split("\t") for line in together.splitlines())
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert {row["sample"]: (row["kind"], row["unread_kmt2a_rows"]) for row in found} == samples


def test_reconcile_and_outcomes_from_tables(tmp_path: Path) -> None:
    done = kmt2a("reconcile", "--assays", EXAMPLE / "assays.csv", "-o", tmp_path / "r")
    assert done.exit_code == 0, done.output
    done = kmt2a(
        "outcomes",
        "--patients",
        tmp_path / "r/patients.tsv",
        "--clinical",
        EXAMPLE / "clinical.csv",
        "--analysis",
        "wen-2022",
        "-o",
        tmp_path / "o",
    )
    assert done.exit_code == 0, done.output
    assert "40.8 ± 9.2% at 60 months (n = 37, 19 events, 5 at risk)" in done.output
    assert (tmp_path / "o/table_univariate.tsv").exists()
    assert len((tmp_path / "o/risk.tsv").read_text(encoding="utf-8").splitlines()) == 1 + 3 * 48
    assert list((tmp_path / "o/figures").glob("*.svg"))


def test_reconcile_alone_loses_no_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "patient,assay,panel,result\nP1,fish,,frobnicated\nP1,rt-pcr,,KMT2A::AFF1\n"
        "P1,rt-pcr,,KMT2A::AFF1\n"
    )
    done = kmt2a("reconcile", "--assays", tmp_path / "a.csv", "-o", tmp_path / "r")
    assert done.output.startswith("1 patient, 0 disagreements, 0 unexplained")
    header, *rows = (tmp_path / "r/set_aside.tsv").read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    lines = [dict(zip(columns, row.split("\t"), strict=True)) for row in rows]
    assert [(row["line"], row["disposition"]) for row in lines] == [
        ("4", "flagged"),
        ("2", "flagged"),
    ]


def test_cohort_table_of_pairs_names_its_samples(tmp_path: Path) -> None:
    lines = ROOT / "workflows/example/cell_lines/DepMap.fusions.pub23Q4.tsv.gz"
    done = kmt2a("calls", lines, "-o", tmp_path)
    assert done.exit_code == 0
    assert "18,805 rows = 18,805 in 18,805 calls + 0 set aside" in done.output


def test_cohort_table_is_not_given_to_one_sample(tmp_path: Path) -> None:
    lines = ROOT / "workflows/example/cell_lines/DepMap.fusions.pub23Q4.tsv.gz"
    with pytest.raises(InputError, match="names its own samples"):
        kmt2a("calls", lines, "--sample", "S1", "-o", tmp_path)


def test_files_of_the_same_name_are_not_taken_for_one_sample(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "star-fusion.tsv").write_bytes(
            (EXAMPLE / "calls/star-fusion/SYN02.tsv").read_bytes()
        )
    with pytest.raises(InputError, match="makes it the same sample"):
        kmt2a("calls", *sorted(tmp_path.rglob("*.tsv")), "-o", tmp_path / "out")


def test_sample_name_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "=cmd.tsv"
    file.write_bytes((EXAMPLE / "calls/star-fusion/SYN02.tsv").read_bytes())
    command = [sys.executable, "-m", "workflows.cli", "calls", str(file), "-o", "out"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert "give --sample" in done.stderr


@pytest.mark.parametrize(
    ("text", "kmt2a_says", "candidate"),
    [
        ("46,XY,t(4;11)(q21;q23)[18]/46,XY[2]", "rearranged", "AFF1"),
        ("46,XX,t(9;11)(p22;q23)[13]", "rearranged", "MLLT3"),
        ("46,XX[20]", "not_visible", None),
        ("nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]", "rearranged", None),
        ("2F", "not_visible", None),
        ("46,XY,add(11)(q23)", "possible", None),
    ],
)
def test_iscn(text: str, kmt2a_says: str, candidate: str | None) -> None:
    answer = json.loads(kmt2a("iscn", "--json", text).output)
    assert answer["input"] == text
    assert answer["ok"] is True
    assert answer["kmt2a"] == kmt2a_says
    assert (answer["candidates"] or [None])[0] == candidate


def test_iscn_from_standard_input_refuses_honestly() -> None:
    done = kmt2a("iscn", "--json", "-", stdin="46,XX[20]\n\nhello\n")
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert [answer["ok"] for answer in answers] == [True, False]
    assert "expected" in answers[1]["error"]


def test_partner_by_any_name() -> None:
    answers = [
        json.loads(line)
        for line in kmt2a(
            "partner", "--json", "AF4", "MLLT4", "USP2", "nobody", "AIP1"
        ).output.splitlines()
    ]
    assert [answer["symbols"] for answer in answers] == [
        ["AFF1"],
        ["AFDN"],
        ["USP2"],
        [],
        ["ABI2", "DAB2IP"],
    ]
    fish = answers[2]["assays"][1]
    assert (fish["assay"], fish["seen"]) == ("fish", "no")
    assert fish["reason"] == "cryptic_to_fish_inversion"
    assert fish["why"].startswith("USP2 lies 0.83 Mb from KMT2A")
    panel = next(row for row in answers[0]["assays"] if row["how"] == "panel wen-2022")
    assert panel["seen"] == "yes"
    assert "no known partner" in answers[3]["note"]


def test_panel_lists_its_eleven_targets() -> None:
    answer = json.loads(kmt2a("panel", "--json", "wen-2022").output)
    assert len(answer["targets"]) == 11
    assert "PTD" in answer["targets"]
    assert kmt2a("panel", "no-such").exit_code == 2


def test_panel_says_where_primers_stand_and_what_is_from_memory() -> None:
    text = kmt2a("panel", "pallisgaard-1998").output
    assert "  RNA, nested, longest product not known\n" in text
    assert "primers of MLLT11: KMT2A exon 7 (MANE), partner exon 2 (MANE)\n" in text
    assert "partner exon not known; from memory\n" in text
    assert "  primers: not known\n" in kmt2a("panel", "wen-2022").output
    primers = json.loads(kmt2a("panel", "eac-2003", "--json").output)["primers"]
    assert primers[0]["kmt2a_primer_exon"] == 8


def test_panel_reads_the_template_that_it_prints(tmp_path: Path) -> None:
    path = tmp_path / "ours.tsv"
    path.write_text(kmt2a("panel", "--template").output, encoding="utf-8")
    answer = json.loads(kmt2a("panel", "--panels", path, "--json").output)
    assert (answer["panel"], answer["targets"], answer["nested"]) == (
        "our-panel",
        ["AFF1", "PTD"],
        True,
    )
    assert "products up to 1,500 bp" in kmt2a("panel", "--panels", path, "our-panel").output
    assert kmt2a("panel", "--template", "wen-2022").exit_code == 2
    path.write_text("panel\ttarget\nours\tAFF9\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2, column 'target'"):
        kmt2a("panel", "--panels", path)


def test_dictionary_prints_every_column() -> None:
    from outcomes.clinical.dictionary import COLUMNS

    answers = [json.loads(line) for line in kmt2a("dictionary", "--json").output.splitlines()]
    assert [answer["name"] for answer in answers] == [column.name for column in COLUMNS]
    assert "relapse_site: marrow | " in kmt2a("dictionary").output


def test_dictionary_prints_every_rule_and_the_schema() -> None:
    from outcomes.clinical.rules import RULES
    from outcomes.clinical.schema import row_schema

    words = kmt2a("dictionary").output
    assert all(f"\n{rule.name} (" in words and rule.sentence in words for rule in RULES)
    assert json.loads(kmt2a("dictionary", "--schema").output) == row_schema()
    refused = kmt2a("dictionary", "--schema", "--json")
    assert refused.exit_code == 2
    assert refused.stderr.endswith("give one of --json, --schema and --markdown\n")


def test_the_page_of_the_dictionary_is_what_the_command_prints() -> None:
    """To make it again: kmt2a dictionary --markdown > outcomes/clinical/README.md."""
    page = Path(__file__).parents[2] / "outcomes" / "clinical" / "README.md"
    assert page.read_text(encoding="utf-8") == kmt2a("dictionary", "--markdown").output


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        ("OSError(errno.ENOSPC, 'No space left on device')", 75),
        ("OSError(errno.EIO, 'Input/output error')", 75),
        ("OSError(errno.ENOENT, 'No such file or directory')", 1),
        ("MemoryError()", 75),
        ("WorkerEndedError()", 75),
        ("InputError('bad', file='a.csv')", 1),
        ("InputError('cannot be read', file='a.csv', error=OSError(errno.ESTALE, 'stale'))", 75),
        ("InputError('damaged', file='a.csv', error=gzip.BadGzipFile('no'))", 1),
    ],
)
def test_a_fault_that_may_pass_is_told_from_bad_data(
    tmp_path: Path, raised: str, code: int
) -> None:
    script = (
        "import errno, gzip, sys, workflows.pipeline as p\n"
        "from fusion_caller.errors import InputError\n"
        "from workflows.reading import WorkerEndedError\n"
        f"def broken(*a, **k): raise {raised}\n"
        "p.integrate = broken\n"
        "sys.argv = ['kmt2a', 'run', '--assays', 'a.csv', '-o', 'out']\n"
        "from workflows.cli import main; main()"
    )
    (tmp_path / "a.csv").write_text("patient,assay,result\nP1,fish,2F\n", encoding="utf-8")
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == code
    assert done.stderr.startswith("kmt2a: ")
    assert not (tmp_path / "out").exists()


def test_the_version_is_one_clean_word() -> None:
    from importlib.metadata import version

    assert kmt2a("--version").output == f"{version('kmt2a')}\n"


def test_fault_of_ours_is_told_without_its_text(tmp_path: Path) -> None:
    script = (
        "import sys, workflows.pipeline as p\n"
        "def broken(*a, **k): raise KeyError('NAME-1')\n"
        "p.integrate = broken\n"
        "sys.argv = ['kmt2a', 'run', '--assays', 'a.csv', '-o', 'out']\n"
        "from workflows.cli import main; main()"
    )
    (tmp_path / "a.csv").write_text("patient,assay,result\nNAME-1,fish,2F\n", encoding="utf-8")
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("kmt2a: internal error (KeyError)")
    assert "NAME" not in done.stderr


def test_a_vcf_without_samples_has_the_file_s_name_for_one(tmp_path: Path) -> None:
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    record = ["11", "118482495", "a", "A", "A[4:87084120[", ".", "PASS", "SVTYPE=BND"]
    head = "##fileformat=VCFv4.2\n##reference=GRCh38\n"
    text = head + "\t".join(columns) + "\n" + "\t".join(record) + "\n"
    (tmp_path / "S7.vcf").write_text(text, encoding="utf-8")
    done = kmt2a("calls", tmp_path / "S7.vcf", "-o", tmp_path / "out")
    assert done.exit_code == 0
    row = (tmp_path / "out/calls.tsv").read_text(encoding="utf-8").splitlines()[1].split("\t")
    assert row[:5] == ["S7", "S7", "vcf", "KMT2A", "AFF1"]


def test_outcomes_without_figures_are_the_same_tables(tmp_path: Path) -> None:
    kmt2a("reconcile", "--assays", EXAMPLE / "assays.csv", "-o", tmp_path / "r")
    given = ("--patients", tmp_path / "r/patients.tsv", "--clinical", EXAMPLE / "clinical.csv")
    analysis = tmp_path / "short.yaml"
    analysis.write_text("curves: [aff1]\nstratify_by: []\nunivariate: [aff1]\n")
    for option in ("--figures", "--no-figures"):
        done = kmt2a("outcomes", *given, "--analysis", analysis, option, "-o", tmp_path / option)
        assert done.exit_code == 0, done.output
    assert (tmp_path / "--figures/figures/km_efs_aff1.svg").exists()
    assert not (tmp_path / "--no-figures/figures").exists()
    tables = sorted(path.name for path in (tmp_path / "--no-figures").iterdir())
    assert "table_univariate.tsv" in tables
    for name in tables:
        if name == "manifest.json":  # it lists the figures
            continue
        both = [(tmp_path / option / name).read_bytes() for option in ("--figures", "--no-figures")]
        assert both[0] == both[1]


def test_outcomes_of_other_patients_are_refused(tmp_path: Path) -> None:
    (tmp_path / "p.tsv").write_text("patient\tstatus\nX1\trearranged\n")
    with pytest.raises(InputError, match=r"p\.tsv: expected patients of .*, found none of them"):
        kmt2a(
            "outcomes",
            "--patients",
            tmp_path / "p.tsv",
            "--clinical",
            EXAMPLE / "clinical.csv",
            "-o",
            tmp_path / "o",
        )

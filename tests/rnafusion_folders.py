"""Results folders of nf-core/rnafusion, of the shape that its releases 4.1 and 3.0 write.

Names and places are those of `docs/output.md` and `conf/modules.config` of each release; the
callers' files are those of the bundled example and of `tests/data/caller_formats`.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pysam

_ROOT = Path(__file__).resolve().parents[1]
_EXAMPLE = _ROOT / "workflows" / "example" / "synthetic" / "calls"
_FORMATS = _ROOT / "tests" / "data" / "caller_formats"
# The files of a sample with KMT2A::AFF1, as each caller writes them.
FOUND = {
    "arriba": _EXAMPLE / "arriba" / "SYN02.tsv",
    "starfusion": _EXAMPLE / "star-fusion" / "SYN02.tsv",
    "fusioncatcher": _EXAMPLE / "fusioncatcher" / "SYN02.txt",
    "fusioninspector": _FORMATS / "fusioninspector.tsv",
    "fusionreport": _FORMATS / "fusion-report.csv",
    "vcf": _FORMATS / "vcf-arriba.vcf",
    "junctions": _FORMATS / "chimeric-junction.txt",
}
_NAMES_4 = {
    "arriba": ("arriba/{}.arriba.fusions.tsv",),
    "starfusion": (
        "starfusion/{}.starfusion.abridged.coding_effect.tsv",
        "starfusion/{}.starfusion.abridged.tsv",
        "starfusion/{}.starfusion.fusion_predictions.tsv",
    ),
    "fusioncatcher": ("fusioncatcher/{}.fusion-genes.txt",),
    "fusioninspector": ("fusioninspector/{0}/{0}.FusionInspector.fusions.tsv",),
    "fusionreport": ("fusionreport/{0}/{0}.fusions.csv",),
    "vcf": ("vcf/{}_fusion_data.vcf",),
    "junctions": ("star/{}.Chimeric.out.junction",),
}
_NAMES_3 = _NAMES_4 | {
    "fusioncatcher": ("fusioncatcher/{}.fusioncatcher.fusion-genes.txt",),
    "fusioninspector": ("fusioninspector/{}.FusionInspector.fusions.tsv",),
    "junctions": ("star_for_starfusion/{}.Chimeric.out.junction",),
}
_OTHERS = (
    "fastp/all.fastp.html",
    "multiqc/multiqc_report.html",
    "pipeline_info/nf_core_rnafusion_software_mqc_versions.yml",
)
CALLERS = ("arriba", "starfusion", "fusioncatcher", "fusioninspector")
# What each sample of release 4.1 is there for, and what its patient's status has to be.
RELEASE_4 = {
    "all": "rearranged",
    "none.found": "not_rearranged",
    "ended-early": "indeterminate",
    "packed": "rearranged",
    "report_only": "rearranged",
    "vcf_only": "rearranged",
    "star_only": "indeterminate",  # two reads
    "bam_only": "indeterminate",
}
RELEASE_3 = {"A1": "rearranged", "A2": "not_rearranged", "A3": "indeterminate"}


def release_4(folder: Path) -> Path:
    """A folder of release 4.1 whose samples are those of `RELEASE_4`."""
    _write(folder, _NAMES_4, "all", tuple(_NAMES_4))
    _bam(folder / "star/all.Aligned.sortedByCoord.out.bam")
    _write(folder, _NAMES_4, "none.found", CALLERS, header_only=True)
    (folder / "arriba/ended-early.arriba.fusions.tsv").touch()
    _write(folder, _NAMES_4, "packed", ("arriba",))
    path = folder / "arriba/packed.arriba.fusions.tsv"
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()
    _write(folder, _NAMES_4, "report_only", ("fusionreport", "vcf", "junctions"))
    _write(folder, _NAMES_4, "vcf_only", ("vcf", "junctions"))
    _write(folder, _NAMES_4, "star_only", ("junctions",))
    _bam(folder / "star/bam_only.Aligned.sortedByCoord.out.bam")
    return _with_others(folder)


def release_3(folder: Path) -> Path:
    """A folder of release 3.0 whose samples are those of `RELEASE_3`."""
    _write(folder, _NAMES_3, "A1", tuple(_NAMES_3))
    _write(folder, _NAMES_3, "A2", CALLERS, header_only=True)
    (folder / "fusioncatcher/A3.fusioncatcher.fusion-genes.txt").touch()
    return _with_others(folder)


def listing(folder: Path) -> list[str]:
    """All files of a folder, relative to it, as the pipeline lists them."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def _write(
    folder: Path,
    names: dict[str, tuple[str, ...]],
    sample: str,
    tools: tuple[str, ...],
    *,
    header_only: bool = False,
) -> None:
    for tool in tools:
        lines = FOUND[tool].read_text(encoding="utf-8").splitlines(keepends=True)
        for name in names[tool]:
            path = folder / name.format(sample)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(lines[:1] if header_only else lines), encoding="utf-8")


def _bam(path: Path) -> None:
    """Alignments of two reads, which are too few to tell anything."""
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr11", "LN": 135086622}]}
    with pysam.AlignmentFile(path, "wb", header=header) as stream:
        for number in range(2):
            read = pysam.AlignedSegment(stream.header)
            read.query_name, read.query_sequence = f"read{number}", "ACGT" * 25
            read.reference_id, read.reference_start = 0, 1_000 + number
            read.cigarstring, read.mapping_quality = "100M", 255
            read.query_qualities = pysam.qualitystring_to_array("I" * 100)
            stream.write(read)


def _with_others(folder: Path) -> Path:
    for name in _OTHERS:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("not a caller's\n", encoding="utf-8")
    return folder

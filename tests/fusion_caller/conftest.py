"""One good file of each format that is read, for tests that damage it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file, recognise
from fusion_caller.readers.reader import Reader
from fusion_caller.tables import read_head

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Format
    from fusion_caller.records import FusionCall, Source

FOLDER = Path(__file__).parents[1] / "data" / "caller_formats"


class Shape(Enum):
    """How a format is written."""

    TABLE = auto()
    """A header in the first line; its columns may stand in any order."""
    COLUMNS = auto()
    """Fields that are known by their order, below a header or not."""
    TEXT = auto()
    """No fields between delimiters."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in the first row of a file.

    Attributes:
        around: Text that is there once the value is put in.
        value: The value.
        column: Where it stands, as messages name it.
    """

    around: str
    value: str
    column: str

    def changed(self, text: str, value: str) -> str:
        """The text with another value there."""
        before, found, after = text.partition(self.around.format(self.value))
        assert found
        return f"{before}{self.around.format(value)}{after}"


@dataclass(frozen=True, kw_only=True)
class Example:
    """A good file with a call of KMT2A::AFF1, of a PTD where the format can have it, and another.

    Attributes:
        file: Its name in `tests/data/caller_formats`.
        shape: How it is written.
        header: The lines above the first row. The call of KMT2A::AFF1 begins in the line below, but
            the format may be known by its first row, if that is the first line: then in the second.
        height: The lines of one row.
        nothing: The file when the caller found no fusion; its header by default.
        count: A count of reads, if the format has any.
        place: The position on AFF1, if the format has any.
    """

    file: str
    shape: Shape = Shape.TABLE
    header: int = 1
    height: int = 1
    nothing: str = ""
    count: Spot | None = None
    place: Spot | None = None

    @cached_property
    def content(self) -> bytes:
        return (FOLDER / self.file).read_bytes()

    @cached_property
    def text(self) -> str:
        return self.content.decode()

    @cached_property
    def format(self) -> Format | None:
        return recognise(read_head(FOLDER / self.file, name=self.file))

    @property
    def line(self) -> int:
        """Where the call of KMT2A::AFF1 begins."""
        return self.header + 1 if self.header or self.shape is Shape.TEXT else 2

    @cached_property
    def kmt2a_aff1(self) -> FusionCall:
        """That call."""
        return next(call for call in self.whole.calls if call.line == self.line)

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """Columns without which it is not of its format."""
        header = [cell.lstrip("# ") for cell in self.rows[0]]
        known = self.format
        if not isinstance(known, Reader):
            return tuple(header)
        names = known.sample_columns
        return (*known.signature, *(column for column in header if column in names))

    @cached_property
    def delimiter(self) -> str:
        return "," if self.file.endswith(".csv") else "\t"

    @cached_property
    def without_rows(self) -> str:
        """The file when the caller found nothing; empty for a format without a header."""
        lines = self.text.splitlines(keepends=True)
        return self.nothing or "".join(lines[: self.header])

    @cached_property
    def rows(self) -> list[list[str]]:
        """The cells of each line."""
        if self.delimiter == ",":
            return list(csv.reader(io.StringIO(self.text)))
        return [line.split("\t") for line in self.text.splitlines()]

    def written(self, rows: list[list[str]]) -> str:
        """Rows as this format writes them."""
        if self.delimiter == "\t":
            return "".join("\t".join(row) + "\n" for row in rows)
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(rows)
        return stream.getvalue()

    def read(self, path: Path, content: bytes | str, *, source: Source | None = None) -> CallerFile:
        """What a file of this content is read as; messages call it `f`."""
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        known = recognise(read_head(path, name="f"))
        named = known is not None and known.names_all_samples
        patient, sample = ("", "") if named else ("P1", "S1")
        file = read_caller_file(path, name="f", source=source, patient=patient, sample=sample)
        assert sum(call.n_rows for call in file.calls) + file.n_set_aside == file.n_rows
        assert all(row.file == "f" and "\n" not in row.reason for row in file.set_aside)
        return file

    def refusal(
        self, path: Path, content: bytes | str, *, source: Source | None = None
    ) -> InputError:
        """The one line with which a file of this content is refused."""
        with pytest.raises(InputError) as error:
            self.read(path, content, source=source)
        return one_line(error.value)

    def read_or_refused(
        self, path: Path, content: bytes | str, *, source: Source | None = None
    ) -> CallerFile | InputError:
        """One or the other; anything else fails the test."""
        try:
            return self.read(path, content, source=source)
        except InputError as error:
            return one_line(error)

    @cached_property
    def whole(self) -> CallerFile:
        """The undamaged file."""
        owned = self.format is None or not self.format.names_all_samples
        patient, sample = ("P1", "S1") if owned else ("", "")
        return read_caller_file(FOLDER / self.file, name="f", patient=patient, sample=sample)


def one_line(error: InputError) -> InputError:
    """The error, which must name the file and be told in one line."""
    assert error.file == "f"
    assert str(error).startswith("f")
    assert len(str(error).splitlines()) == 1
    return error


COLUMNS, TEXT = Shape.COLUMNS, Shape.TEXT


def _count(column: str, around: str = "\t{}\t", value: str = "21") -> Spot:
    return Spot(around, value, column)


def _place(column: str, around: str = "\t{}\t", value: str = "87084120") -> Spot:
    return Spot(around, value, column)


def _base_before(column: str, around: str = "\t{}\t") -> Spot:
    """The position where a format counts from 0, or gives the base beside the one kept."""
    return Spot(around, "87084119", column)


_IN_STAR = _place("RightBreakpoint", "\tchr4:{}:+")
_IN_REPORT = _place("starfusion", "#4:{}:+")
_REPORTED = _count("starfusion", "junction_reads: {},")
_ACCEPTOR = _base_before("brkpt_acceptorB")
_POINT_OF_GENE_2 = "Fusion_point_for_gene_2(3end_fusion_partner)"
_FUZZION2 = (
    "fuzzion2 v1.4.0\tsequence\tmatching bases\tpossible\t% match\tjunction spanning\t"
    "left overlap\tright overlap\tinsert size\nread-pairs 1000\n"
)
EXAMPLES = (
    Example(file="star-fusion.tsv", count=_count("JunctionReadCount"), place=_IN_STAR),
    Example(file="star-fusion-early-abridged.tsv", count=_count("JunctionReads"), place=_IN_STAR),
    Example(
        file="star-fusion-early-full.tsv",
        shape=COLUMNS,
        count=_count("JunctionReads"),
        place=_IN_STAR,
    ),
    Example(file="star-fusion-cohort.tsv"),
    Example(file="fusioninspector.tsv", count=_count("JunctionReadCount"), place=_IN_STAR),
    Example(
        file="arriba.tsv", count=_count("split_reads1"), place=_place("breakpoint2", "\t4:{}\t")
    ),
    Example(
        file="fusioncatcher.txt",
        count=_count("Spanning_unique_reads"),
        place=_place(_POINT_OF_GENE_2, "\t4:{}:+\t"),
    ),
    Example(file="cicero.txt", count=_count("readsA"), place=_place("posB")),
    Example(
        file="jaffa.csv", count=_count("spanning reads", ",{},"), place=_place("base2", ",{},")
    ),
    Example(file="pizzly.tsv", count=_count("splitcount")),
    Example(
        file="pizzly.json",
        shape=TEXT,
        header=2,
        nothing='{\n  "genes" : [\n\n  ]\n}\n',
        count=_count("splitcount", '"splitcount" : {},'),
    ),
    Example(file="ctat-lr-fusion.tsv", count=_count("num_LR"), place=_IN_STAR),
    Example(file="dragen.tsv", count=_count("NumSplitReads"), place=_IN_STAR),
    Example(file="defuse.tsv", count=_count("splitr_count"), place=_place("genomic_break_pos2")),
    Example(file="ericscript.tsv", count=_count("spanningreads"), place=_place("Breakpoint2")),
    Example(file="squid.txt", place=_base_before("start2")),
    Example(file="squid-annotated.txt", place=_base_before("start2")),
    Example(file="infusion.txt", count=_count("num_span"), place=_place("break_pos2")),
    Example(file="infusion-detailed.txt", count=_count("num_split"), place=_place("break_pos2")),
    Example(file="soapfuse.txt", count=_count("Junc_reads_num"), place=_place("dw_Genome_pos")),
    Example(file="prada.tsv", count=_count("JSR_n"), place=_place("Junction", "AFF1:4:{},")),
    Example(
        file="star-seqr.txt", count=_count("NREAD_JXNLEFT"), place=_base_before("ID", ":4:{}:+:0")
    ),
    Example(
        file="chimerascan.bedpe", count=_count("spanning_frags"), place=_base_before("start3p")
    ),
    Example(
        file="chimpipe.txt",
        count=_count("nbSpanningReads"),
        place=_place("juncCoord", ":chr4_{}_+"),
    ),
    Example(file="fusion-report.csv", count=_REPORTED, place=_IN_REPORT),
    Example(file="fusion-report-score.csv", count=_REPORTED, place=_IN_REPORT),
    Example(file="fusion-report-names.tsv", shape=COLUMNS, header=0),
    Example(
        file="fusion-report.json",
        shape=TEXT,
        header=0,
        count=_count("starfusion", '"junction_reads": {},'),
        place=_IN_REPORT,
    ),
    Example(file="vcf-arriba.vcf", shape=COLUMNS, header=11, place=_place("ALT", "[4:{}[")),
    Example(
        file="vcf-manta-rna.vcf",
        shape=COLUMNS,
        header=13,
        count=_count("SR", ":50,{}\n"),
        place=_place("ALT", "[4:{}["),
    ),
    Example(file="chimeric-junction.txt", shape=COLUMNS, place=_ACCEPTOR),
    Example(file="chimeric-junction-early.txt", shape=COLUMNS, header=0, place=_ACCEPTOR),
    Example(
        file="tophat-fusion-result.txt",
        shape=COLUMNS,
        header=0,
        count=_count("spanning_reads"),
        place=_base_before("right"),
    ),
    Example(
        file="tophat-fusion.out",
        shape=COLUMNS,
        count=_count("spanning_reads"),
        place=_base_before("right"),
    ),
    Example(file="aeron.txt", shape=COLUMNS, header=0, count=_count("support", "\t{}\n")),
    Example(file="bedpe.bedpe", shape=COLUMNS, header=0, place=_base_before("start2")),
    Example(file="bedpe-header.bedpe", place=_base_before("start2")),
    Example(
        file="fuzzion2.txt",
        shape=COLUMNS,
        height=3,
        nothing=_FUZZION2,
        count=_count("junction spanning", "\t100.0\t{}\t", "1"),
    ),
    Example(file="fuzzion2-summary.txt", shape=COLUMNS, count=_count("strong+")),
    Example(file="km.tsv", count=_count("Min_coverage")),
)
# Patterns that were looked for say nothing of a sample; they are recognised to be refused.
NO_OUTPUT = Example(file="fuzzion2-patterns.txt")


def _fixture_of(examples: tuple[Example, ...]) -> object:
    @pytest.fixture(scope="session", params=examples, ids=lambda example: example.file)
    def fixture(request: pytest.FixtureRequest) -> Example:
        return request.param

    return fixture


example = _fixture_of(EXAMPLES)
headed = _fixture_of(tuple(e for e in EXAMPLES if e.without_rows))
table = _fixture_of(tuple(e for e in EXAMPLES if e.shape is Shape.TABLE))
delimited = _fixture_of(tuple(e for e in EXAMPLES if e.shape is not TEXT))
counted = _fixture_of(tuple(e for e in EXAMPLES if e.count))
placed = _fixture_of(tuple(e for e in EXAMPLES if e.place))


@pytest.fixture(scope="session")
def examples() -> tuple[Example, ...]:
    """All of them."""
    return EXAMPLES


@pytest.fixture(scope="session")
def no_output() -> Example:
    """A file of a format that is always refused."""
    return NO_OUTPUT

"""The records that flow from readers to results.

One coordinate convention holds wherever a position appears: 1-based, closed, on the contig as
GRCh38 names it with `chr` (`chr11`, `chrX`, `chrM`). Positions keep the genome build of the file
they came from. A breakpoint of the 5' gene is the last base kept of
it, a breakpoint of the 3' gene the first base kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from fusion_caller.errors import BadValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion_caller.fused_transcript import FusedTranscript

# What stands for a partner where a breakpoint lies in no gene, as in KMT2A::?.
NO_GENE = "?"
# In `extras`: what was read beside KMT2A, in the direction of transcription.
PARTNER_SEQUENCE = "partner_sequence"
# In `event_type`: the source does not say which of its two genes is the 5' one.
ORIENTATION_NOT_KNOWN = "orientation not known"

_CONTIG = re.compile(r"(?:chr)?([0-9]{1,2}|[XYM]|MT|[A-Za-z0-9_.]{3,})", re.IGNORECASE)
# More digits than any position or count has: `int` refuses thousands of them with a ValueError.
_POSITION = re.compile("[0-9]{1,18}")


class Source(StrEnum):
    """Whose output a call came from, by the name used in a sample sheet."""

    STAR_FUSION = "star-fusion"
    FUSION_INSPECTOR = "fusioninspector"
    ARRIBA = "arriba"
    FUSIONCATCHER = "fusioncatcher"
    CICERO = "cicero"
    JAFFA = "jaffa"
    JAFFAL = "jaffal"
    PIZZLY = "pizzly"
    CTAT_LR_FUSION = "ctat-lr-fusion"
    DRAGEN = "dragen"
    DEFUSE = "defuse"
    ERICSCRIPT = "ericscript"
    SQUID = "squid"
    INFUSION = "infusion"
    SOAPFUSE = "soapfuse"
    PRADA = "prada"
    TOPHAT_FUSION = "tophat-fusion"
    STAR_SEQR = "star-seqr"
    CHIMERASCAN = "chimerascan"
    CHIMPIPE = "chimpipe"
    AERON = "aeron"
    FUSION_REPORT = "fusion-report"
    VCF = "vcf"
    BEDPE = "bedpe"
    CHIMERIC_JUNCTION = "chimeric-junction"
    FUZZION2 = "fuzzion2"
    KM = "km"
    FASTQ = "fastq"
    """The reads themselves, by `kmt2a detect`."""
    BAM = "bam"
    """The same from a file of alignments: BAM, CRAM or SAM."""


READS = frozenset({Source.FASTQ, Source.BAM})


class Frame(StrEnum):
    """The reading frame across a junction."""

    IN_FRAME = "in-frame"
    OUT_OF_FRAME = "out-of-frame"
    STOP_CODON = "stop-codon"
    UNKNOWN = ""


class FrameBasis(StrEnum):
    """What a statement on the reading frame rests on, the surest first."""

    SEQUENCE = "sequence"
    """The fused transcript was translated."""
    PHASE = "phase"
    """The codon phases of both exons."""
    CALLER = "caller"
    NONE = ""


class Flag(StrEnum):
    """Remarks on a call or a fusion; a flag never removes anything."""

    READ_THROUGH = "read_through"
    NEIGHBOUR = "neighbour"
    PARTNER_NOT_KNOWN = "partner_not_known"
    PARALOGUE = "paralogue_ambiguity"
    LOW_SUPPORT = "low_support"
    OUT_OF_FRAME = "out_of_frame"
    RECIPROCAL_ONLY = "reciprocal_only"
    COMPLEX = "complex_rearrangement"
    ORIENTATION = "orientation_not_known"
    DISCARDED = "discarded_by_caller"
    ALIGNER_ONLY = "aligner_only"
    GENE_BY_POSITION = "gene_by_position"
    BUILD_GUESSED = "build_guessed"
    OFF_GENE = "breakpoint_outside_gene"
    PARTNER_ELSEWHERE = "partner_elsewhere"
    FRAME_DISAGREES = "frame_disagrees"
    MANY_SAMPLES = "in_many_samples"
    KNOWN_ARTEFACT = "known_artefact"


@dataclass(frozen=True, slots=True, order=True)
class Breakpoint:
    """A position on a contig with the strand of the gene there (`+`, `-`, or empty: unknown)."""

    contig: str
    position: int
    strand: str = ""

    def __post_init__(self) -> None:
        if self.position < 1:
            raise BadValueError(f"expected a position of at least 1, found {self.position}")
        if self.strand not in ("+", "-", ""):
            raise BadValueError(f"expected the strand + or -, found '{self.strand}'")

    @classmethod
    def from_string(cls, text: str) -> Self:
        """Read `contig:position[:strand]`, with or without `chr`.

        Raises:
            BadValueError: If the text is anything else.
        """
        parts = text.split(":")
        contig = _contig(parts[0])
        if len(parts) not in (2, 3) or not contig or not _POSITION.fullmatch(parts[1]):
            raise BadValueError(f"expected contig:position:strand, found '{text}'")
        strand = parts[2] if len(parts) == 3 else ""  # noqa: PLR2004
        return cls(contig, int(parts[1]), "" if strand == "." else strand)

    def __str__(self) -> str:
        return f"{self.contig}:{self.position}" + (f":{self.strand}" if self.strand else "")


@lru_cache(maxsize=4096)
def _contig(name: str) -> str:
    """The contig by our name for it, nothing where the text cannot be one."""
    return normalise_contig(name) if _CONTIG.fullmatch(name) else ""


def normalise_contig(name: str) -> str:
    """Name a contig as GRCh38 does with `chr`; unplaced contigs keep their own name."""
    bare = name[3:] if name[:3].lower() == "chr" else name
    bare = "M" if bare.upper() == "MT" else bare
    return f"chr{bare.upper()}" if re.fullmatch("[0-9]{1,2}|[xymXYM]", bare) else name


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionCall:
    """One row of a caller's file, normalised; its genes in the order 5' then 3'.

    `gene_5prime` and `gene_3prime` are HGNC symbols where the knowledge base knows the name and
    the caller's own name otherwise; the `reported_` fields always hold what the caller printed.
    `split_reads` and `spanning_fragments` are None where the source does not count them.
    `inserted_bases` are those at the junction that are of neither gene. `extras` keeps what only
    this caller knows, by its own column names. `n_rows` counts the rows of
    the file that the call was made from, `line` is the first of them. `build` is the genome build
    of the positions, empty where nothing in the file tells.
    """

    patient: str
    sample: str
    source: Source
    gene_5prime: str
    gene_3prime: str
    reported_5prime: str
    reported_3prime: str
    gene_id_5prime: str = ""
    gene_id_3prime: str = ""
    breakpoint_5prime: Breakpoint | None = None
    breakpoint_3prime: Breakpoint | None = None
    split_reads: int | None = None
    spanning_fragments: int | None = None
    caller_confidence: str = ""
    caller_reading_frame: Frame = Frame.UNKNOWN
    event_type: str = ""
    inserted_bases: str = ""
    extras: Mapping[str, str] = field(default_factory=dict)
    build: str = ""
    flags: tuple[Flag, ...] = ()
    n_rows: int = 1
    file: str
    line: int

    def __post_init__(self) -> None:
        for column in ("split_reads", "spanning_fragments"):
            count = getattr(self, column)
            if count is not None and count < 0:
                raise BadValueError(f"expected a count, found {count}", column=column)


class Disposition(StrEnum):
    """Why a row stands in the set-aside list."""

    REFUSED = "refused"
    """The row is in no result."""
    PASSED_OVER = "passed_over"
    """The rows can be no fusion of KMT2A, as most of an aligner's file; they are in no result."""
    FLAGGED = "flagged"
    """The row is in a result, but somebody should know."""
    UNREAD = "unread"
    """The file could not be read, and the run went on without it; the row is that of its sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A row of input that was refused or flagged, with the place to look.

    `patient` and `sample` are empty where the row does not belong to one. `names_kmt2a` says that a
    refused row of a caller has KMT2A in it, so that its sample must not count as negative. Rows
    that were passed over are one entry: `n_rows` counts them, `line` is the first.
    """

    file: str
    line: int
    patient: str = ""
    sample: str = ""
    names_kmt2a: bool = False
    disposition: Disposition
    n_rows: int = 1
    reason: str


class FusionKind(StrEnum):
    """What a KMT2A event of one sample is."""

    FUSION = "fusion"
    RECIPROCAL = "reciprocal"
    COMPLEX_RECIPROCAL = "complex_reciprocal"
    PTD = "ptd"
    READ_THROUGH = "read_through"
    INTRAGENIC = "intragenic"

    @property
    def within_kmt2a(self) -> bool:
        """Whether both ends lie in KMT2A."""
        return self in (FusionKind.PTD, FusionKind.INTRAGENIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerReads:
    """What one caller counted for an event, in its best call; None where it does not count."""

    source: Source
    split_reads: int | None
    spanning_fragments: int | None

    def __str__(self) -> str:
        if self.split_reads is None:
            return f"{self.source}:?"
        return f"{self.source}:{self.split_reads}+{self.spanning_fragments or 0}"

    @classmethod
    def from_string(cls, text: str) -> Self:
        """Read `arriba:12+5` or `star-fusion:?`.

        Raises:
            BadValueError: If the text is anything else.
        """
        match = re.fullmatch(r"([a-z0-9-]+):(?:([0-9]{1,18})\+([0-9]{1,18})|\?)", text)
        if not match or match[1] not in set(Source):
            raise BadValueError(f"expected caller:split+spanning, found '{text}'", column="reads")
        split, spanning = (int(n) if n is not None else None for n in match.group(2, 3))
        return cls(source=Source(match[1]), split_reads=split, spanning_fragments=spanning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kmt2aFusion:
    """One KMT2A event of one sample, joined from every call that supports it.

    `fusion` is the HGVS/HGNC name in transcript order (`KMT2A::AFF1`, `AFF1::KMT2A`). Breakpoints,
    exons and place are those of the leading junction. Exon numbers are MANE numbers on the
    transcript named beside them, `kmt2a_exon_nilson` and `kmt2a_exon_legacy` the same exon in the
    two older numberings. A distance is positive in the intron beyond the exon that is kept and
    negative inside it. `reads` lists the callers, best supported first, and is never summed:
    callers share reads. `reported_partners` are the partner's names as callers gave them,
    `partner_alternatives` the genes that reads cannot tell from the partner. `isoforms` are all
    junctions with their callers, the leading one first. `frame_basis` says what `reading_frame`
    rests on; `caller_frames` keeps what the callers said. `fused` is there only right after the
    assignment, where a genome was at hand; tables do not hold it.
    """

    patient: str
    sample: str
    kind: FusionKind
    partner: str
    fusion: str
    reads: tuple[CallerReads, ...]
    reported_partners: tuple[str, ...]
    partner_alternatives: tuple[str, ...] = ()
    breakpoint_5prime: Breakpoint | None = None
    breakpoint_3prime: Breakpoint | None = None
    build: str = ""
    kmt2a_exon: str = ""
    kmt2a_exon_nilson: str = ""
    kmt2a_exon_legacy: str = ""
    kmt2a_site: str = ""
    kmt2a_distance: int | None = None
    kmt2a_transcript: str = ""
    partner_exon: str = ""
    partner_site: str = ""
    partner_distance: int | None = None
    partner_transcript: str = ""
    duplicated_exons: str = ""
    region: str = ""
    reading_frame: Frame = Frame.UNKNOWN
    frame_basis: FrameBasis = FrameBasis.NONE
    caller_frames: tuple[str, ...] = ()
    domains_kept: tuple[str, ...] = ()
    domains_lost: tuple[str, ...] = ()
    isoforms: tuple[str, ...] = ()
    reciprocal: str = ""
    flags: tuple[Flag, ...] = ()
    hgvs: str = ""
    vicc: str = ""
    vicc_exons: str = ""
    fused: FusedTranscript | None = field(default=None, compare=False, repr=False)
    n_calls: int
    file: str
    line: int

    @property
    def callers(self) -> tuple[Source, ...]:
        """The callers that reported it, in alphabetical order."""
        return tuple(sorted(reads.source for reads in self.reads))

    @property
    def split_reads(self) -> int:
        """The split reads of the best-supported call, 0 where its caller does not count them."""
        return self.reads[0].split_reads or 0


class Assay(StrEnum):
    """The assays that are reconciled, by the name used in an assay table."""

    KARYOTYPE = "karyotype"
    FISH = "fish"
    RT_PCR = "rt-pcr"
    SPLIT_RT_PCR = "split-rt-pcr"
    QRT_PCR = "qrt-pcr"
    RNA_SEQ = "rna-seq"
    DNA_SEQ = "dna-seq"
    """Breakpoints in the genome: mate pairs, whole genomes, inverse PCR, Southern blots."""


class Timepoint(StrEnum):
    """When a sample was taken, in the words of an assay table; empty where it does not say."""

    DIAGNOSIS = "diagnosis"
    FOLLOW_UP = "follow-up"
    RELAPSE = "relapse"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFusions:
    """One sequenced sample: the callers that ran on it and the KMT2A events, perhaps none.

    `unread_kmt2a_rows` counts rows that name KMT2A and were refused: such a sample is not negative.
    `callers_empty` are those of `callers_run` of which there is nothing but a file without a byte.
    `file` is the first of its files, where a sample without events is to be looked up. `date`
    (YYYY-MM-DD) and `timepoint` say when it was taken, as far as the sample sheet does; `assay` is
    DNA_SEQ for calls from genomic reads.
    """

    patient: str
    sample: str
    callers_run: tuple[Source, ...]
    events: tuple[Kmt2aFusion, ...]
    unread_kmt2a_rows: int = 0
    callers_empty: tuple[Source, ...] = ()
    file: str = ""
    date: str = ""
    timepoint: Timepoint = Timepoint.UNKNOWN
    assay: Assay = Assay.RNA_SEQ


class Verdict(StrEnum):
    """What an assay says on the question whether KMT2A is rearranged."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    INCONCLUSIVE = "inconclusive"
    NOT_DONE = "not_done"
    NOT_UNDERSTOOD = "not_understood"


class Finding(StrEnum):
    """What an assay saw, in the closed vocabulary of `evidence.tsv`."""

    # RT-PCR, RNA-seq and DNA-seq
    FUSION = "fusion"
    RECIPROCAL_FUSION = "reciprocal_fusion"
    PTD = "ptd"
    READ_THROUGH = "read_through"
    INTRAGENIC = "intragenic"
    NO_FUSION = "no_fusion"
    BREAK_OUTSIDE_GENE = "break_outside_gene"
    # FISH
    BREAK_APART = "break_apart"
    LOSS_3PRIME = "loss_3prime"
    LOSS_5PRIME = "loss_5prime"
    EXTRA_5PRIME = "extra_5prime"
    DUAL_FUSION = "dual_fusion"
    GAIN = "gain"
    DELETION = "deletion"
    AMPLIFICATION = "amplification"
    NORMAL_SIGNALS = "normal_signals"
    # karyotype
    REARRANGED_11Q23 = "rearranged_11q23"
    POSSIBLE_11Q23 = "possible_11q23"
    ABNORMAL_WITHOUT_11Q23 = "abnormal_without_11q23"
    NORMAL_KARYOTYPE = "normal_karyotype"
    # any
    POSITIVE = "positive"
    NEGATIVE = "negative"
    INCONCLUSIVE = "inconclusive"
    NOT_DONE = "not_done"
    FAILED = "failed"
    OTHER_GENE_TESTED = "other_gene_tested"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssayReport:
    """One row of the assay table, as the laboratory wrote it."""

    patient: str
    assay: Assay
    panel: str
    result: str
    date: str
    timepoint: Timepoint = Timepoint.UNKNOWN
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssayReading:
    """What a laboratory's words mean.

    `partners` are HGNC symbols that fit, likeliest first; the assay names the partner when there
    is exactly one and `specific` is true. A karyotype's band never is specific: a band holds many
    genes. `scope` is None for an assay that is not limited to certain partners; for one that is, it
    holds the partners that it can see, none where they are not known. `band_known` says that a
    karyotype gives the partner's band, whether or not a known partner lies there. `sentence` says
    it in words. `cells_abnormal` is a fraction in 0..1. `junctions` are exons as the laboratory
    wrote them (`e8-e2`), in its own numbering.
    """

    verdict: Verdict
    finding: Finding
    partners: tuple[str, ...] = ()
    specific: bool = False
    scope: tuple[str, ...] | None = None
    band_known: bool = False
    cells_abnormal: float | None = None
    junctions: tuple[str, ...] = ()
    sentence: str

    @property
    def partner(self) -> str:
        """The partner that this assay names, empty if it names none."""
        return self.partners[0] if self.specific and len(self.partners) == 1 else ""

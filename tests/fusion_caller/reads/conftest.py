"""The packaged index, EOL-1's reads, published junctions, and fragments made across a join."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fusion_caller.contigs import Build
from fusion_caller.gtf import read_gtf
from fusion_caller.reads.detection import Detection, Observed, decide, observe
from fusion_caller.reads.genome_index import MadeOf, index_content, open_index
from fusion_caller.reads.index import ReadIndex, complement, read_index
from fusion_caller.reads.make_genome_index import all_exons, content_of
from fusion_caller.reads.screening import Fragment, Screened, screen

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parents[2] / "data" / "kmt2a_reads"
EOL1 = tuple(DATA / f"SRR8616218_KMT2A_{number}.fastq.gz" for number in (1, 2))
LENGTH = 101


@pytest.fixture(scope="session")
def index() -> ReadIndex:
    return read_index()


@pytest.fixture(scope="session")
def whole(made_genome: Any, tmp_path_factory: pytest.TempPathFactory) -> ReadIndex:
    """The index of the made genome, written and opened again."""
    folder = tmp_path_factory.mktemp("index")
    gtf = folder / "made.gtf"
    gtf.write_text(made_genome.gtf(), encoding="utf-8")
    content = content_of(
        made_genome, read_gtf(gtf), all_exons(gtf), genome_name="made", gtf_name="made.gtf"
    )
    made_of = MadeOf(
        build=Build.GRCH38, genome="made", genome_sha256="", gtf="made.gtf", gtf_sha256="",
        n_genes=len(content.genes), n_bases=content.bases.n_bases, n_genes_left_out=0,
    )  # fmt: skip
    path = folder / "made.index"
    path.write_bytes(
        b"".join(index_content(made_of, content.entries, content.bases, content.genes))
    )
    return open_index(path)


@pytest.fixture(scope="session")
def eol1(index: ReadIndex) -> Screened:
    return screen(EOL1, index)


@dataclass(frozen=True)
class Published:
    """A published junction: KMT2A's exon beside it, and the sequence on both sides."""

    partner: str
    exon: int
    kmt2a_is_5prime: bool
    within_exon: bool
    left: bytes
    right: bytes

    @property
    def partner_part(self) -> bytes:
        return self.right if self.kmt2a_is_5prime else self.left

    def fragments(self, n: int) -> list[Fragment]:
        """Pairs with one read across the join, the other further away from it."""
        made = []
        for number in range(n):
            whole = self.left + self.right
            beside = min(len(self.partner_part), LENGTH - 25) - number
            start = len(self.left) + beside - LENGTH
            if not self.kmt2a_is_5prime:
                start = len(self.left) - beside
            across = whole[start : start + LENGTH]
            if self.kmt2a_is_5prime:
                mate_start = max(0, start - 60 - 11 * number)
                pair = complement(whole[mate_start : mate_start + LENGTH]), across
            else:
                mate_start = start + 60 + 11 * number
                pair = across, complement(whole[mate_start : mate_start + LENGTH])
            made.append(pair if number % 2 else (pair[1], pair[0]))
        return made


@pytest.fixture(scope="session")
def published(index: ReadIndex) -> list[Published]:
    """All of `kmt2a_junctions.tsv`, then all of `partner_entry_exons.fa` behind KMT2A's exon 8."""
    rna = index.transcript
    lines = (DATA / "kmt2a_junctions.tsv").read_text(encoding="ascii").splitlines()[1:]
    found = []
    for partner, _, _, kind, exon, kmt2a, part in (line.split("\t") for line in lines):
        own, beside = kmt2a.encode(), part.encode()
        five_prime = kind.startswith("KMT2A_5prime")
        if five_prime:
            at = rna.index(own[:14])
            left, right = rna[max(0, at - 400) : at] + own, beside
        else:
            end = rna.index(own[4:18]) - 4 + len(own)  # one of them is misread at its end
            left, right = beside, own + rna[end : end + 400]
        within = "within_exon" in kind
        found.append(Published(partner, int(exon), five_prime, within, left, right))
    text = (DATA / "partner_entry_exons.fa").read_text(encoding="ascii")
    for partner, sequence in re.findall(r">\S+ gene=(\w+).*\n([ACGT]+)", text):
        left = rna[index.exon_ends[7] - 400 : index.exon_ends[7]]
        found.append(Published(partner, 8, True, False, left, sequence.encode()))
    return found


@pytest.fixture(scope="session")
def added(index: ReadIndex, eol1: Screened) -> Callable[..., Detection]:
    """What is found in EOL-1's reads with fragments added, by the packaged index or another."""

    own = observe(eol1, index)  # once: no partner is in them, whatever an index holds

    def add(fragments: list[Fragment], by: ReadIndex = index) -> Detection:
        added = observe(replace(eol1, kept=fragments), by)
        other = [replace(one, fragment=-1 - one.fragment) for one in added.seen]
        around = [(pair, -1 - fragment) for pair, fragment in added.around]
        both = Observed(
            seen=own.seen + other,
            around=own.around + around,
            no_join=own.no_join + added.no_join,
        )
        return decide(eol1, both, by)

    return add


@pytest.fixture
def plain(index: ReadIndex) -> Callable[[int, int], list[Fragment]]:
    """Makes pairs of KMT2A's own transcript, with errors of reading."""

    def make(seed: int, n: int) -> list[Fragment]:
        rng = random.Random(seed)  # noqa: S311 - no secret
        return [
            _pair_of(index.transcript, rng, rng.randrange(len(index.transcript) - 400))
            for _ in range(n)
        ]

    return make


def _pair_of(rna: bytes, rng: random.Random, start: int) -> Fragment:
    insert = rng.randrange(110, 380)
    piece = rna[start : start + insert]
    return with_errors(piece[:LENGTH], rng), with_errors(complement(piece)[:LENGTH], rng)


def with_errors(read: bytes, rng: random.Random, rate: float = 0.005) -> bytes:
    return bytes(rng.choice(b"ACGT") if rng.random() < rate else base for base in read)


@pytest.fixture
def write_fastq(tmp_path: Path) -> Callable[..., tuple[Path, ...]]:
    """Writes fragments as FASTQ files and gives their paths."""

    def write(fragments: list[Fragment], *names: str) -> tuple[Path, ...]:
        paths = []
        for side, name in enumerate(names):
            path = tmp_path / name
            path.write_bytes(
                b"".join(
                    b"@made:%d/%d\n%s\n+\n%s\n" % (n, side + 1, f[side], b"F" * len(f[side]))
                    for n, f in enumerate(fragments)
                )
            )
            paths.append(path)
        return tuple(paths)

    return write

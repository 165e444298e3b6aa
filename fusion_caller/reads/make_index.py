"""Makes the packaged index again: `python -m fusion_caller.reads.make_index tests/data OUT.tsv`.

From KMT2A's cDNA, published junctions, entry exons read from the genome at published breakpoints,
and reads of EOL-1 in which exons of KMT2A run on into their introns; `tests/data/README.md` says
where those are from.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import Counter, defaultdict
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_caller.knowledge import KMT2A, KMT2A_TRANSCRIPT, kmt2a_exons, partner_exons
from fusion_caller.reads.index import COLUMNS, VERSION, Kind, body_checksum, complement
from fusion_caller.reads.pieces import share_alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The cDNA of the file begins so many bases before the MANE transcript.
_BEFORE_TRANSCRIPT = 2
# A shorter piece of a partner is in other genes by chance too often to name it.
_NAMES_FROM = 20
_SHORTEST_RUN, _LONGEST_RUN = 4, 12
_EDGE = 24
_ANCHOR = 20
_SAME_EDGE = 10
_OWN = 14
_LIKE_AN_EXON = 0.6
# Of the TruSeq adapter, behind an exon and, read backwards, before one.
_ADAPTER = ("AGATCGG", "TCTAGCC")
_SHORTEST_EDGE = 12

_Row = dict[str, str]


def make_index(data: Path) -> str:
    """The text of the index.

    Args:
        data: The folder `tests/data`.
    """
    cdna = _sequence(data / "kmt2a_cdna" / "KMT2A-213.fa")[_BEFORE_TRANSCRIPT:]
    reads = data / "kmt2a_reads"
    rows = [
        _row(Kind.TRANSCRIPT, KMT2A, cdna, "HAMLET (LUMC 2019), MIT", transcript=KMT2A_TRANSCRIPT),
        *_longest([*_entry_exons(reads), *_published(reads, cdna)]),
        *_introns(_reads_of(reads), cdna),
    ]
    body = "".join(
        "\t".join(row) + "\n" for row in (COLUMNS, *(map(str, r.values()) for r in rows))
    )
    return f"#kmt2a-read-index version={VERSION} sha256={body_checksum(body)}\n{body}"


def _row(kind: Kind, symbol: str, sequence: str, source: str, **more: str) -> _Row:
    known = {"kind": kind.value, "symbol": symbol, "sequence": sequence, "source": source}
    return dict.fromkeys(COLUMNS, "") | known | more


def _sequence(path: Path) -> str:
    return "".join(path.read_text(encoding="ascii").splitlines()[1:])


def _entry_exons(folder: Path) -> Iterator[_Row]:
    """Partners' exons, numbered by the packaged exon that begins at the breakpoint."""
    text = (folder / "partner_entry_exons.fa").read_text(encoding="ascii")
    for head, sequence in re.findall(r">(.+)\n([ACGT]+)", text):
        fields = dict(re.findall(r"(\w+)=(\S+)", head))
        position = int(fields["breakpoint_GRCh37"].partition(":")[2])
        more = {}
        for exon in partner_exons()[fields["gene"]]:
            plus = exon.strand == "+"
            if position == (exon.start_grch37 if plus else exon.end_grch37):
                first = exon.start if plus else exon.end
                more = {
                    "exon": str(exon.number),
                    "transcript": exon.transcript,
                    "breakpoint": f"{exon.contig}:{first}:{exon.strand}",
                }
        source = f"human genome behind the breakpoint {fields['breakpoint_GRCh37']} (GRCh37)"
        source += f", of {fields['seen_in']}"
        yield _row(Kind.ENTRY, fields["gene"], sequence, source, **more)


def _published(folder: Path, cdna: str) -> Iterator[_Row]:
    lines = (folder / "kmt2a_junctions.tsv").read_text(encoding="ascii").splitlines()
    columns = lines[0].split("\t")
    for line in lines[1:]:
        row = dict(zip(columns, line.split("\t"), strict=True))
        part = row["partner_part"]
        if row["kind"].startswith("KMT2A_3prime"):
            kind = Kind.EXIT
        else:
            kind = Kind.ENTRY
            part = part[_runs_on(row["kmt2a_part"], part, cdna) :]
        if len(part) >= _NAMES_FROM:
            yield _row(kind, row["partner"], part, row["source"])


def _runs_on(kmt2a_part: str, partner_part: str, cdna: str) -> int:
    """How many bases that are printed as the partner's are the end of KMT2A's exon."""
    at = cdna.find(kmt2a_part)
    if at < 0:
        return 0
    end = next(end for end in _exon_ends() if end >= at + len(kmt2a_part))
    lengths = range(_LONGEST_RUN, _SHORTEST_RUN - 1, -1)
    return next((n for n in lengths if partner_part.startswith(cdna[end - n : end])), 0)


def _exon_ends() -> tuple[int, ...]:
    return tuple(accumulate(e.end_grch38 - e.start_grch38 + 1 for e in kmt2a_exons()))


def _longest(rows: Iterable[_Row]) -> list[_Row]:
    """Without what is a part of another sequence of the same gene."""
    kept: list[_Row] = []
    for row in sorted(rows, key=lambda row: -len(row["sequence"])):
        same = (k for k in kept if (k["symbol"], k["kind"]) == (row["symbol"], row["kind"]))
        if not any(row["sequence"] in other["sequence"] for other in same):
            kept.append(row)
    return sorted(kept, key=lambda row: (row["kind"], row["symbol"], row["sequence"]))


def _reads_of(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.fastq.gz")):
        with gzip.open(path, "rt", encoding="ascii") as stream:
            for bases in islice(stream, 1, None, 4):
                read = bases.strip()
                yield read
                yield complement(read.encode()).decode()


def _introns(reads: Iterable[str], cdna: str) -> Iterator[_Row]:
    """The edges of KMT2A's introns as reads show them that run over an exon's edge: GT...AG."""
    ends = _exon_ends()[:-1]
    last = {cdna[end - _ANCHOR : end]: exon for exon, end in enumerate(ends, 1)}
    first = {cdna[end : end + _ANCHOR]: exon for exon, end in enumerate(ends, 2)}
    found: dict[tuple[Kind, int], list[str]] = defaultdict(list)
    for read in reads:
        for at in range(len(read) - _ANCHOR + 1):
            anchor = read[at : at + _ANCHOR]
            behind, before = read[at + _ANCHOR :][:_EDGE], read[max(0, at - _EDGE) : at]
            if anchor in last and behind.startswith("GT") and _is_new(behind, anchor, cdna):
                found[Kind.INTRON_START, last[anchor]].append(behind)
            backwards = before[::-1], anchor[::-1], cdna[::-1]
            if anchor in first and before.endswith("AG") and _is_new(*backwards):
                found[Kind.INTRON_END, first[anchor]].append(before)
    for (kind, exon), seen in sorted(found.items()):
        ahead = kind is Kind.INTRON_START
        edge = Counter(s[:_SAME_EDGE] if ahead else s[-_SAME_EDGE:] for s in seen)
        best = max(edge, key=lambda e: (edge[e], e))
        same = [s for s in seen if (s.startswith(best) if ahead else s.endswith(best))]
        sequence = max(same, key=lambda s: (len(s), s))
        reads_word = "read" if len(same) == 1 else "reads"
        source = f"{len(same)} {reads_word} of EOL-1 (SRR8616218; HAMLET, LUMC 2019, MIT)"
        yield _row(kind, KMT2A, sequence, source, exon=str(exon), transcript=KMT2A_TRANSCRIPT)


def _is_new(edge: str, anchor: str, cdna: str) -> bool:
    """Whether bases beside an exon are neither KMT2A's, nor doubtful, nor of an adapter.

    Those before an exon come with everything read backwards.
    """
    spliced = cdna[cdna.index(anchor) + len(anchor) :]
    starts = [spliced, *(cdna[cut:] for end in _exon_ends() for cut in (end, len(cdna) - end))]
    like = any(
        share_alike(edge.encode(), start[:_EDGE].encode()) > _LIKE_AN_EXON for start in starts
    )
    inside = any(edge[at : at + _OWN] in cdna for at in range(len(edge) - _OWN + 1))
    adapter = any(part in edge for part in _ADAPTER)
    return len(edge) >= _SHORTEST_EDGE and not (like or inside or adapter or "N" in edge)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(make_index(Path(sys.argv[1])), encoding="utf-8")

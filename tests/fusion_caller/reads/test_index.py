"""The packaged index: made from what is in the repository, checked when it is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fusion_caller.errors import InputError
from fusion_caller.knowledge import partners
from fusion_caller.reads.index import (
    PACKAGED,
    Kind,
    ReadIndex,
    body_checksum,
    can_name,
    complement,
    read_index,
)
from fusion_caller.reads.make_index import make_index

DATA = Path(__file__).parents[2] / "data"


def test_the_packaged_index_is_what_its_sources_make() -> None:
    assert PACKAGED.read_text(encoding="utf-8") == make_index(DATA)
    assert PACKAGED.stat().st_size < 200_000


def test_every_partner_is_known_and_has_a_source(index: ReadIndex) -> None:
    for entry in (*index.of_kind(Kind.ENTRY), *index.of_kind(Kind.EXIT)):
        assert entry.symbol in partners()
        assert entry.source.startswith(("PMID:", "GenBank:", "human genome "))
        assert len(entry.sequence) >= 20
    assert "MLLT3 e6" in can_name(index)
    assert "NUP98::KMT2A" in can_name(index)
    assert "USP2" not in can_name(index)


def test_exons_end_where_the_cdna_says(index: ReadIndex) -> None:
    # Ends of exons 7 to 11 in HAMLET's cDNA, which begins two bases earlier.
    assert [end + 2 for end in index.exon_ends[6:11]] == [4035, 4109, 4241, 4355, 4502]
    assert str(index.genomic(index.exon_ends[7] - 1)) == "chr11:118482495:+"
    assert str(index.genomic(index.exon_ends[0])) == "chr11:118468775:+"
    assert [index.exon_at(base) for base in (0, 452, 453, 16599)] == [1, 1, 2, 36]


def test_a_k_mer_is_found_on_both_strands(index: ReadIndex) -> None:
    piece = index.transcript[4000:4060]
    for read, reverse in ((piece, False), (complement(piece), True)):
        ((first, end, place, wrong),) = index.segments(read)
        spot = index.spot(place)
        assert (first, end, wrong, spot.reverse) == (0, 60, 0, reverse)
        assert spot.offset == (len(index.transcript) - 4060 if reverse else 4000)


def test_a_part_ends_where_mismatches_do_not_pay(index: ReadIndex) -> None:
    piece = bytearray(index.transcript[4000:4100])
    piece[50] ^= 6  # another base, within the part
    piece[70:] = bytes(base ^ 6 for base in piece[70:])
    ((first, end, _, wrong),) = index.segments(bytes(piece))
    assert (first, end, wrong) == (0, 70, 1)


def test_no_part_goes_on_into_the_next_sequence(index: ReadIndex) -> None:
    # What precedes an entry among the targets is another one, whose last bases are no part of it.
    targets = index.tables.targets.tobytes()
    for entry in index.of_kind(Kind.ENTRY):
        at = targets.index(entry.sequence)
        neighbour = targets[at - 31 : at - 1].replace(b"\0", b"A")
        read = neighbour + b"T" + entry.sequence[:60]
        for _, _, place, _ in index.segments(read):
            spot = index.spot(place)
            assert 0 <= spot.offset < len(spot.entry.sequence)
        assert (31, at) in [(first, place) for first, _, place, _ in index.segments(read)]


def test_the_screen_reads_lower_case_and_finds_what_fits_whole(index: ReadIndex) -> None:
    read = index.transcript[4000:4100].lower()
    text = b"@r\n%s\n+\n%s\n" % (read, b"I" * 100)
    room = np.zeros((4, 4), np.int64)
    n, used, _ = index.screen(np.frombuffer(text, np.uint8).copy(), len(text), room)
    assert (n, used) == (1, len(text))
    assert room[0, 3] == 4000


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("MLLT10\t4", "MLLT10\t5", ", line 1: the index is not what its checksum says"),
        ("version=1", "version=9", ": expected an index of version 1, found 9"),
    ],
)
def test_an_index_that_was_changed_is_refused(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    path = tmp_path / "index.tsv"
    path.write_text(PACKAGED.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_index(path)
    assert str(error.value) == f"{path}{problem}; install kmt2a again"


def test_the_checksum_is_of_the_rows(index: ReadIndex) -> None:
    body = PACKAGED.read_text(encoding="utf-8").partition("\n")[2]
    assert index.checksum == body_checksum(body)

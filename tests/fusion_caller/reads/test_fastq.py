"""FASTQ in all its shapes; whatever is broken ends with file, record, problem and remedy."""

from __future__ import annotations

import gzip
import re
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fusion_caller.errors import InputError
from fusion_caller.reads import fastq
from fusion_caller.reads.screening import Screened, screen

if TYPE_CHECKING:
    from pathlib import Path

    from fusion_caller.reads.index import ReadIndex

READ = b"ACGTNACGTA"


def record(number: int, *, bases: bytes = READ, quality: bytes | None = None) -> bytes:
    quality = b"F" * len(bases) if quality is None else quality
    return b"@read:%d 1:N:0:ACGT\n%s\n+\n%s\n" % (number, bases, quality)


GOOD = b"".join(record(n) for n in range(1, 6))


def counted(tmp_path: Path, index: ReadIndex, *contents: bytes, name: str = "r") -> Screened:
    paths = []
    for side, content in enumerate(contents, 1):
        paths.append(tmp_path / f"{name}{side}.fq")
        paths[-1].write_bytes(content)
    return screen(paths, index)


def refusal(tmp_path: Path, index: ReadIndex, *contents: bytes) -> str:
    with pytest.raises(InputError) as error:
        counted(tmp_path, index, *contents)
    message = str(error.value)
    assert "\n" not in message
    assert error.value.remedy
    return message.replace(f"{tmp_path}/", "")


def bgzip(content: bytes, size: int = 60) -> bytes:
    """Blocks as bgzip writes them (SAM specification, 4.1), the empty last one included."""
    blocks = []
    for at in range(0, len(content) + size, size):
        part = content[at : at + size]
        packer = zlib.compressobj(wbits=-15)
        packed = packer.compress(part) + packer.flush()
        head = b"\x1f\x8b\x08\x04" + bytes(5) + b"\xff\x06\x00BC\x02\x00"
        tail = struct.pack("<II", zlib.crc32(part), len(part))
        blocks.append(head + struct.pack("<H", len(packed) + 25) + packed + tail)
        if not part:
            break
    return b"".join(blocks)


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD[:-1],
        GOOD + b"\n",
        GOOD.lower().replace(b"f", b"F"),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r\n")[:-2],
        GOOD.replace(b"+\n", b"+read again\n"),
        gzip.compress(GOOD, mtime=0),
        gzip.compress(GOOD[:50], mtime=0) + gzip.compress(GOOD[50:], mtime=0),
        bgzip(GOOD),
    ],
    ids=[
        "plain",
        "no last line feed",
        "an empty line behind",
        "lower case",
        "CRLF",
        "CRLF without the last",
        "name repeated",
        "gzip without the suffix",
        "two gzip members",
        "bgzip",
    ],
)
def test_every_shape_of_five_records(tmp_path: Path, index: ReadIndex, content: bytes) -> None:
    assert counted(tmp_path, index, content).n_fragments == 5
    assert counted(tmp_path, index, content, content).n_fragments == 5


def test_plain_text_named_gz_is_read(tmp_path: Path, index: ReadIndex) -> None:
    path = tmp_path / "plain.fastq.gz"
    path.write_bytes(GOOD)
    assert screen([path], index).n_fragments == 5


def test_lengths_differ_and_may_be_nothing(tmp_path: Path, index: ReadIndex) -> None:
    lengths = (50, 48, 300, 0, 51, 52, 50, 1)
    content = b"".join(record(n, bases=b"A" * length) for n, length in enumerate(lengths))
    found = counted(tmp_path, index, content)
    assert (found.n_fragments, found.read_length) == (len(lengths), 300)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"@a/1", b"@a/2"),
        (b"@SRR1.7.1 7 length=4", b"@SRR1.7.2 7 length=4"),
        (b"@a 1:N:0", b"@a 2:N:0"),
        (b"@a", b"@a"),
        (b"@a\tx", b"@a\ty"),
    ],
)
def test_names_of_mates(tmp_path: Path, index: ReadIndex, first: bytes, second: bytes) -> None:
    pair = [name + b"\nACGT\n+\nFFFF\n" for name in (first, second)]
    assert counted(tmp_path, index, *pair).n_fragments == 1


@pytest.mark.parametrize("content", [b"", gzip.compress(b"", mtime=0), b"\n\n"])
def test_no_content_is_no_reads(tmp_path: Path, index: ReadIndex, content: bytes) -> None:
    assert counted(tmp_path, index, content).n_fragments == 0


def test_cut_after_every_byte_it_is_refused_or_has_whole_records(
    tmp_path: Path, index: ReadIndex
) -> None:
    whole = {n for n in range(len(GOOD) + 1) if GOOD[:n].count(b"\n") % 4 == 0 and n}
    ends = {n for n in whole if GOOD[n - 1 : n] == b"\n"}
    for n in range(1, len(GOOD) - 1):
        cut = GOOD[:n]
        # Without its last line feed a record is whole.
        if n in ends or n + 1 in ends:
            assert counted(tmp_path, index, cut).n_fragments == (n + 1) * 5 // len(GOOD)
        else:
            message = refusal(tmp_path, index, cut)
            record_number = GOOD[:n].count(b"\n") // 4 + 1
            assert message.startswith(f"r1.fq, line {4 * record_number - 3}: record ")
        assert refusal(tmp_path, index, GOOD, cut)
        assert refusal(tmp_path, index, cut, GOOD)


@pytest.mark.parametrize(
    "packed", [gzip.compress(GOOD, mtime=0), bgzip(GOOD)], ids=["gzip", "bgzip"]
)
def test_gzip_cut_after_every_byte_is_refused(
    tmp_path: Path, index: ReadIndex, packed: bytes
) -> None:
    for n in range(2, len(packed)):
        message = refusal(tmp_path, index, packed[:n])
        assert message.startswith("r1.fq")


@pytest.mark.parametrize("place", range(12, 100, 7))
def test_damaged_gzip_is_refused(tmp_path: Path, index: ReadIndex, place: int) -> None:
    packed = bytearray(gzip.compress(GOOD * 20, mtime=0))
    packed[place] ^= 0xFF
    assert "r1.fq" in refusal(tmp_path, index, bytes(packed))


THREE = record(1) + record(2)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (
            [THREE + record(3, quality=b"FFFFFFF") + record(4)],
            "r1.fq, line 9: record 3: expected 10 qualities, one a base, found 7; make it",
        ),
        (
            [THREE + record(3, quality=b"F" * 12) + record(4)],
            "r1.fq, line 9: record 3: expected 10 qualities, one a base, found 12; make it",
        ),
        (
            [THREE + record(3, quality=b"FFFFFFF")],
            "r1.fq, line 9: record 3: expected 10 qualities, one a base, found 7; make it",
        ),
        (
            [THREE + record(3, quality=b"FFFF FFFFF")],
            "r1.fq, line 9: record 3: expected qualities of printed characters, found others;",
        ),
        (
            [THREE + record(3, bases=b"ACG.ACGT")],
            "r1.fq, line 9: record 3: expected bases, found '.' at base 4; make it",
        ),
        (
            [THREE + b"\n" + record(3)],
            "r1.fq, line 9: record 3: expected a name that begins with @, found an empty line;",
        ),
        (
            [THREE + record(3).replace(b"\n+\n", b"\n-\n")],
            "r1.fq, line 9: record 3: expected a line that begins with +, found '-'; make it",
        ),
        (
            [b">read1\nACGT\n>read2\nACGT\n"],
            (
                "r1.fq, line 1: record 1: expected a name that begins with @, found FASTA, "
                "which has no qualities; give the FASTQ that it was made of"
            ),
        ),
        (
            [b"@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:1\n"],
            "r1.fq, line 1: record 1: expected FASTQ, found alignments (SAM); take the reads out",
        ),
        (
            [bgzip(b"BAM\x01" + bytes(200))],
            "r1.fq, line 1: record 1: expected FASTQ, found alignments (BAM); take the reads out",
        ),
        ([b"CRAM\x03\x00"], "r1.fq: expected FASTQ, found alignments (CRAM); take the reads out"),
        (
            [b"BZh91AY"],
            "r1.fq: expected FASTQ, plain or gzipped, found bzip2; pack it as gzip",
        ),
        ([b"\x00\x01\x02"], "r1.fq, line 1: record 1: expected a name that begins with @, found"),
        (
            [GOOD, THREE],
            "r2.fq, line 9: record 3: the file ends after 2 records, r1.fq goes on; give the two",
        ),
        (
            [THREE, GOOD],
            "r1.fq, line 9: record 3: the file ends after 2 records, r2.fq goes on; give the two",
        ),
        (
            [GOOD, b""],
            "r2.fq, line 1: record 1: the file ends after 0 records, r1.fq goes on; give the two",
        ),
        (
            [GOOD, THREE + record(4) + record(3) + record(5)],
            "r2.fq, line 9: record 3: its name is not that of the same record in r1.fq; give the",
        ),
        (
            [record(1) * 3],
            (
                "r1.fq, line 9: record 3: expected pairs one behind the other, found the last "
                "read without its mate; copy the file again"
            ),
        ),
        (
            [record(1) * 2 + GOOD + record(9)],
            (
                "r1.fq, line 21: record 6: expected the mate of the record before, as in the "
                "pairs above, found another name; write R1 and R2 into two files"
            ),
        ),
        (
            [bgzip(GOOD)[:-28]],
            (
                "r1.fq: expected the empty block that ends a bgzip file, found none: the file "
                "is cut off; copy it again"
            ),
        ),
        (
            [gzip.compress(GOOD, mtime=0)[:-9]],
            "r1.fq: the gzip data stop before their end: the file is cut off, after ",
        ),
    ],
)
def test_what_is_broken_is_named(
    tmp_path: Path, index: ReadIndex, contents: list[bytes], message: str
) -> None:
    assert refusal(tmp_path, index, *contents).startswith(message)


def test_a_record_is_named_behind_many_blocks(
    tmp_path: Path, index: ReadIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fastq, "_BLOCK_BYTES", 1000)
    monkeypatch.setattr(fastq, "_RECORDS_A_BLOCK", 7)
    many = b"".join(record(n) for n in range(500))
    assert counted(tmp_path, index, many, many).n_fragments == 500
    broken = many + record(500, quality=b"F") + many
    assert refusal(tmp_path, index, broken).startswith(
        "r1.fq, line 2001: record 501: expected 10 qualities, one a base, found 1; "
    )
    assert refusal(tmp_path, index, many, many[: -len(record(499))]).startswith(
        "r2.fq, line 1997: record 500: the file ends after 499 records, r1.fq goes on"
    )
    long = record(1, bases=b"A" * 2000)
    assert "found 999 bytes without an end; only short reads" in refusal(tmp_path, index, long)


def test_reads_at_any_place_of_a_block_are_the_same(
    tmp_path: Path, index: ReadIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = index.transcript[4000:4060]
    tails = np.random.default_rng(1).choice(np.frombuffer(b"ACGT", np.uint8), (40, 30))
    content = b"".join(
        record(n, bases=piece[: 30 + n % 30] + tails[n].tobytes()) for n in range(40)
    )
    whole = counted(tmp_path, index, content).kept
    assert len(whole) == 40
    for size in (211, 307, 1009):
        monkeypatch.setattr(fastq, "_BLOCK_BYTES", size)
        assert counted(tmp_path, index, content).kept == whole


def test_one_file_twice_a_folder_and_no_file(tmp_path: Path, index: ReadIndex) -> None:
    path = tmp_path / "r1.fq"
    path.write_bytes(GOOD)
    for paths, message in (
        ([path, path], f"{path}: the same file was given for the first and the second reads; give"),
        ([tmp_path], f"{tmp_path}: expected a FASTQ file, found a folder; give the files in it"),
        ([tmp_path / "x"], f"{tmp_path / 'x'}: expected a FASTQ file, found none of this name"),
    ):
        with pytest.raises(InputError, match=re.escape(message)):
            screen(paths, index)

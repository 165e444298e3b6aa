"""The callers' files of a run, read in their order, by several processes where there are many.

A file that was read leaves its rows of `calls.tsv` as text and its KMT2A calls; nothing else of it
is kept, so that the memory of a run does not grow with its files.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.call_tables import CALL_COLUMNS, FILE_COLUMNS, call_rows, file_rows
from fusion_caller.errors import InputError, Kmt2aError
from fusion_caller.placing import Genes, place_file
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.reads.file_kind import holds_alignments
from fusion_caller.records import READS, Disposition, SetAside, Source
from fusion_caller.tables import table_lines
from workflows.manifest import InputFile, input_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fusion_caller.contigs import Build
    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.screening import Progress
    from fusion_caller.samplesheet import SampleFile
    from workflows.evidence_files import Evidence

# From so many files on, starting processes takes less time than it saves.
MANY_FILES = 400
_CHUNK = 16

processes_option = click.option(
    "--processes",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that read files or draw, where there are many; by default one a processor.",
)

keep_going_option = click.option(
    "--keep-going",
    is_flag=True,
    help="Note files that cannot be read in set_aside.tsv and go on without them.",
)

read_index_option = click.option(
    "--index",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What `kmt2a index` made: reads are looked up in it, and any partner is named.",
)


class WorkerEndedError(Kmt2aError):
    """A process that read files came to an end before it had read them."""

    is_passing = True

    def __init__(self) -> None:
        super().__init__(
            "a process that read files was ended by the system, perhaps for want of memory; "
            "give --processes 1"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file that was read.

    Attributes:
        file: The file with its KMT2A calls only.
        call_lines: Its rows of `calls.tsv`, with line breaks, without the header.
        file_lines: The same of `files.tsv`.
        inputs: The file, for the manifest, and its second reads if it has any.
        evidence: Its calls with their reads, where it holds reads.
    """

    file: CallerFile
    call_lines: str
    file_lines: str
    inputs: tuple[InputFile, ...]
    evidence: tuple[Evidence, ...] = ()


def read_file(
    file: CallerFile, inputs: tuple[InputFile, ...], evidence: tuple[Evidence, ...] = ()
) -> ReadFile:
    """A file with all its calls, as what is kept of it."""
    kept = file.kmt2a_only()
    return ReadFile(
        file=kept,
        call_lines=_lines(CALL_COLUMNS, call_rows([file])),
        file_lines=_lines(FILE_COLUMNS, file_rows([kept])),
        inputs=inputs,
        evidence=evidence,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file that could not be read, as a row of `set_aside.tsv`."""

    row: SetAside


def unread(entry: SampleFile, why: str) -> SetAside:
    """What `set_aside.tsv` says of a file that could not be read."""
    return SetAside(
        file=entry.name,
        line=1,
        patient=entry.patient,
        sample=entry.sample,
        disposition=Disposition.UNREAD,
        # A file that no sheet lists, as in a folder of results, is no row of one.
        n_rows=sum(row.line > 0 for row in entry.rows),
        reason=f"not read: {why}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What reading one file needs beside the file.

    Attributes:
        sheet: How messages call the sheet that lists the files; empty where none does.
        genes: What positions are looked up in.
        build: The build of all files as the user stated it.
        index: What reads are looked up in; the packaged index if None.
        keep_going: Whether a file that cannot be read is noted, rather than the end of it all.
    """

    sheet: str
    genes: Genes
    build: Build | None
    index: Path | None = None
    keep_going: bool = False

    def read(self, entry: SampleFile) -> ReadFile | Unread:
        """Read one file.

        Raises:
            InputError: If it cannot be read.
        """
        try:
            return self._read(entry)
        except InputError as error:
            if not self.keep_going or error.is_passing:
                raise
            return Unread(row=unread(entry, str(error)))

    def _read(self, entry: SampleFile) -> ReadFile:
        for row in entry.rows:
            for column, path in zip(row.columns, (row.path, row.path_2), strict=True):
                if self.sheet and row.line and path is not None and not path.is_file():
                    # The place in the sheet, since the path may be named after a patient.
                    raise InputError(
                        "expected a file at this path, seen from the sheet's folder; found none",
                        file=self.sheet,
                        line=row.line,
                        column=column,
                    )
        evidence: tuple[Evidence, ...] = ()
        if are_reads(entry):
            read, evidence = _read_reads(entry, self.index)
        else:
            read = read_caller_file(
                entry.path,
                name=entry.name,
                source=entry.source,
                patient=entry.patient,
                sample=entry.sample,
            )
        file = place_file(read, self.genes, stated=self.build)
        return read_file(file, inputs_of(entry, file), evidence)


def are_reads(entry: SampleFile) -> bool:
    """Whether a file holds reads: as its sheet says, or alignments by its content.

    Raises:
        InputError: If its sheet says one and it is the other.
    """
    if entry.source is not None and entry.source not in READS:
        return False
    if entry.source is Source.BAM and not entry.path.stat().st_size:
        return False  # what an aligner that ended early leaves says nothing, as any empty file
    is_aligned = holds_alignments(entry.path)
    if entry.source is not None and is_aligned != (entry.source is Source.BAM):
        found = Source.BAM if is_aligned else Source.FASTQ
        raise InputError(
            f"expected {'reads' if is_aligned else 'alignments'} ({entry.source}), found "
            f"{'alignments' if is_aligned else 'none'}",
            file=entry.name,
            remedy=f"write {found} into the column 'source'",
        )
    return is_aligned or entry.source is Source.FASTQ


def detect_in(
    entry: SampleFile,
    index: Path | None,
    *,
    reference: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Detection, CallerFile]:
    """What KMT2A fusions the reads of a sample show, and the same as a caller's file.

    Args:
        entry: Its row of a sheet, with those of the other lanes.
        index: What reads are looked up in; the packaged index if None.
        reference: The genome as FASTA, which a CRAM file may need.
        progress: Told how many fragments were read.

    Raises:
        InputError: If a file is damaged.
    """
    from fusion_caller.reads.calls import caller_file
    from fusion_caller.reads.detection import detect
    from fusion_caller.reads.genome_index import open_index
    from fusion_caller.reads.screening import untold

    lanes: list[tuple[int, ...]] = []
    for row in entry.rows:
        start = lanes[-1][-1] + 1 if lanes else 0
        lanes.append(tuple(range(start, start + (1 if row.path_2 is None else 2))))
    found = detect(
        [path for _, _, path in entry.files],
        open_index(index),
        names=[name for _, name, _ in entry.files],
        lanes=lanes,
        reference=reference,
        progress=progress or untold,
    )
    file = caller_file(found, file=entry.name, patient=entry.patient, sample=entry.sample)
    return found, file


def _read_reads(entry: SampleFile, index: Path | None) -> tuple[CallerFile, tuple[Evidence, ...]]:
    """What KMT2A fusions the reads of a sample show, and those reads."""
    from workflows.evidence_files import evidence_of

    found, file = detect_in(entry, index)
    return file, evidence_of(found, file)


def inputs_of(entry: SampleFile, file: CallerFile) -> tuple[InputFile, ...]:
    """The files of an entry, for the manifest; only the first has rows."""
    (_, name, path), *others = entry.files
    first = input_file(
        file.source, path, name=name, rows_in=file.n_rows, set_aside=file.n_set_aside
    )
    more = (input_file(file.source, path, name=name, rows_in=0) for _, name, path in others)
    return first, *more


def _lines(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Rows of a table without its header."""
    return "".join(itertools.islice(table_lines(columns, rows, for_people=False), 1, None))


def read_files(
    entries: Sequence[SampleFile], job: Job, *, processes: int | None = None
) -> Iterator[ReadFile | Unread]:
    """Read files, in their order.

    Args:
        entries: The files.
        job: What reading needs.
        processes: How many processes may read; as many as there are processors if not given. Few
            files are read by this one.

    Raises:
        InputError: If a file cannot be read, for the first such file.
        WorkerEndedError: If a process was ended while it read.
    """
    processes = processes or processors()
    if processes == 1 or len(entries) < MANY_FILES:
        yield from map(job.read, entries)
        return
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(job,),
    )
    try:
        # Only so many are under way that the results in waiting stay few.
        waiting: deque[Future[list[ReadFile | Unread]]] = deque()
        for start in range(0, len(entries), _CHUNK):
            waiting.append(pool.submit(_read_chunk, tuple(entries[start : start + _CHUNK])))
            if len(waiting) > 3 * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        raise WorkerEndedError from None
    finally:
        pool.shutdown(cancel_futures=True)


def processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_job: Job | None = None


def _begin(job: Job) -> None:
    """Give a process of the pool what its work needs, once."""
    global _job  # noqa: PLW0603 - the only way from a pool's initializer to its work
    _job = job
    begin_worker()


def begin_worker() -> None:
    """Make a process of a pool end with the one that started it, and by nothing else."""
    # An interruption is the first process's to handle, which then ends the pool.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, which could be killed outright."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_chunk(entries: tuple[SampleFile, ...]) -> list[ReadFile | Unread]:
    if _job is None:  # pragma: no cover - a pool without its initializer
        raise RuntimeError
    return [_job.read(entry) for entry in entries]

"""What was found in a sample's reads, for programs: `detect.json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.judge import Judged


def detection_as_json(found: Detection, files: Sequence[str], sample: str) -> dict[str, object]:
    """The answer, how it was found, and every join that was looked at.

    Args:
        found: What was found.
        files: How the user calls the files.
        sample: The sample.
    """
    screened = found.screened
    return {
        "sample": sample,
        "files": [*files],
        "index": _index_as_json(found.index),
        "paired": screened.paired,
        "alignments": asdict(screened.aligned) if screened.aligned is not None else None,
        "longest_read": screened.read_length,
        "fragments": screened.n_fragments,
        "fragments_on_kmt2a": screened.n_on_kmt2a,
        "fragments_looked_at": len(screened.kept),
        "distinct_fragments_looked_at": len(set(screened.copies)),
        "no_join": {str(why): n for why, n in found.no_join.items()},
        "answer": found.answer,
        "sentence": "" if found.calls else found.sentence,
        "limit": found.limit,
        "breakpoint_exons": {
            str(exon): {"reads_across_end": n, "smallest_share_seen": found.smallest_share[exon]}
            for exon, n in screened.depth.items()
        },
        "calls": [_judged_as_json(one, found) for one in found.calls],
        "not_called": [_judged_as_json(one, found) for one in found.not_called if not _single(one)],
        "not_called_in_one_fragment": sum(map(_single, found.not_called)),
    }


def _index_as_json(index: ReadIndex) -> dict[str, object]:
    """Which index it was and what it can name."""
    from fusion_caller.reads.index import NOT_PACKAGED, can_name

    said: dict[str, object] = {"file": index.file or "packaged", "sha256": index.checksum}
    if index.genome is None:
        return said | {"can_name": can_name(index), "cannot_name": NOT_PACKAGED}
    return said | {"made_of": asdict(index.genome.made_of)}


def _single(judged: Judged) -> bool:
    return len(judged.candidate.fragments) == 1


def _judged_as_json(judged: Judged, found: Detection) -> dict[str, object]:
    from fusion_caller.reads.calls import join_text, label

    return {
        "name": label(judged, found.index),
        "confidence": judged.confidence,
        "fragments_across": len(judged.candidate.fragments),
        "fragments_around": len(judged.candidate.spanning),
        "join": join_text(judged, found.index),
        "reasons": judged.reasons,
    }

"""Reciprocal fusions, joined to the fusion that they belong to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.event_flags import is_weak
from fusion_caller.knowledge import partners
from fusion_caller.records import Flag, FusionKind, Kmt2aFusion

if TYPE_CHECKING:
    from collections.abc import Sequence


def join_reciprocals(events: Sequence[Kmt2aFusion]) -> list[Kmt2aFusion]:
    """Join each reciprocal to the fusion of the same partner, or mark it for what it is.

    A reciprocal with another partner than the fusion's is what a three-way rearrangement leaves.
    One without any fusion may be all that is expressed, and is marked as such.
    """
    fusions = [event for event in events if event.kind is FusionKind.FUSION]
    direct = {event.partner for event in fusions}
    trusted = [event for event in fusions if not is_weak(event)]
    reciprocals = {e.partner: e.fusion for e in events if e.kind is FusionKind.RECIPROCAL}
    joined = []
    for event in events:
        if event.kind is FusionKind.FUSION:
            others = [name for partner, name in reciprocals.items() if partner not in direct]
            own = reciprocals.get(event.partner)
            names = [own] if own else sorted(others) if event in trusted else []
            complex_one = bool(names) and own is None
            flags = (*event.flags, Flag.COMPLEX) if complex_one else event.flags
            joined.append(replace(event, reciprocal=";".join(names), flags=flags))
        elif event.kind is FusionKind.RECIPROCAL and event.partner not in direct:
            if trusted or (fusions and event.partner not in partners()):
                known = tuple(f for f in event.flags if f is not Flag.PARTNER_NOT_KNOWN)
                flags = (*known, Flag.COMPLEX)
                kind = FusionKind.COMPLEX_RECIPROCAL
            else:
                flags = (*event.flags, Flag.RECIPROCAL_ONLY)
                kind = FusionKind.RECIPROCAL
            joined.append(replace(event, kind=kind, flags=flags))
        else:
            joined.append(event)
    return joined

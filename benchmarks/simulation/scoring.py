"""What was called in a simulated sample against its truth.

A sample is judged as many: one for each kind of artefact, beside KMT2A's own reads, and for each
support several that hold all artefacts and some events, of which no two share an exon of KMT2A or a
partner.

A call has the right pair if it names both genes in their order, or has its breakpoints in them
where it names none, or calls the partner `?` and shows the fused sequence. Both exons are exact if
both breakpoints are those of the event, or KMT2A's is and the sequence begins at the partner's. A
break that is not between two exons may lie some bases off: what is the same on both sides belongs
to either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.records import NO_GENE
from simulation.artefacts import Artefact
from simulation.asked import ASKED
from simulation.events import EventClass
from simulation.sample import BACKGROUND, batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fusion_caller.records import Breakpoint, FusionCall
    from simulation.events import Event
    from simulation.genome import Gene, Genome
    from simulation.sample import Sample

_AT_EDGES = (
    *(EventClass.CANONICAL, EventClass.BCR2, EventClass.RECIPROCAL, EventClass.PTD),
    *(EventClass.CRYPTIC_INSERT, EventClass.UNLISTED),
)
_NEAR = 10
_SAME_SHARE = 0.85
_LEAST_BASES = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an event at one support.

    Attributes:
        event: The event.
        n_pairs: Its junction pairs.
        right_pair: Whether a call has its genes.
        exact: Whether that call has both exons, or both breaks, too.
        named: Whether it says by name or place what the partner is.
        confidence: Of that call, as its caller says it.
    """

    event: Event
    n_pairs: int
    right_pair: bool
    exact: bool
    named: bool
    confidence: str


def outcome_of(event: Event, n_pairs: int, calls: Iterable[FusionCall], genome: Genome) -> Outcome:
    """Score the calls of a sample for one of its events.

    Args:
        event: The event.
        n_pairs: Its junction pairs.
        calls: What was called.
        genome: Where the genes lie.
    """
    right = [call for call in calls if has_pair(call, event, genome)]
    best = max(right, key=lambda call: (is_exact(call, event), _names(call)), default=None)
    return Outcome(
        event=event,
        n_pairs=n_pairs,
        right_pair=best is not None,
        exact=best is not None and is_exact(best, event),
        named=best is not None and _names(best),
        confidence=best.caller_confidence if best is not None else "",
    )


def _unknown(
    calls: Iterable[FusionCall],
    events: Sequence[Event],
    before: Iterable[Iterable[FusionCall]],
    genome: Genome,
) -> tuple[FusionCall, ...]:
    """The calls that are none of some events and were not listed before."""
    known = {_key(call) for listed in before for call in listed}
    return tuple(
        call
        for call in calls
        if _key(call) not in known and not any(has_pair(call, e, genome) for e in events)
    )


def _key(call: FusionCall) -> tuple[object, ...]:
    return (
        *(call.gene_5prime, call.gene_3prime, call.breakpoint_5prime, call.breakpoint_3prime),
        call.extras.get("join", ""),
    )


def _names(call: FusionCall) -> bool:
    """Whether a call says by name or place what both genes are."""
    sides = (
        (call.gene_5prime, call.breakpoint_5prime),
        (call.gene_3prime, call.breakpoint_3prime),
    )
    return all(name != NO_GENE or place is not None for name, place in sides)


def has_pair(call: FusionCall, event: Event, genome: Genome) -> bool:
    """Whether a call has an event's genes in their order, by name, place or sequence."""
    sides = (
        (call.gene_5prime, call.breakpoint_5prime, event.gene_5prime),
        (call.gene_3prime, call.breakpoint_3prime, event.gene_3prime),
    )
    fits = [_fits(name, place, genome.genes[gene]) for name, place, gene in sides]
    if not all(fits):
        unknown = [name == NO_GENE and place is None for name, place, _ in sides]
        others = [fit or free for fit, free in zip(fits, unknown, strict=True)]
        if not (all(others) and any(fits)):
            return False
        return _shift(call, event) is not None
    if event.kind is EventClass.PTD:
        return _near(call.breakpoint_5prime, event.breakpoint_5prime) and _near(
            call.breakpoint_3prime, event.breakpoint_3prime
        )
    return True


def _fits(name: str, place: Breakpoint | None, gene: Gene) -> bool:
    if name != NO_GENE:
        return name == gene.symbol
    return (
        place is not None
        and place.contig == gene.contig
        and gene.start <= place.position <= gene.end
    )


def is_exact(call: FusionCall, event: Event) -> bool:
    """Whether a call has both breakpoints of an event, or one and the sequence behind it."""
    same = _equal if event.kind in _AT_EDGES else _near
    five, three = call.breakpoint_5prime, call.breakpoint_3prime
    if five is not None and not same(five, event.breakpoint_5prime):
        return False
    if three is not None and not same(three, event.breakpoint_3prime):
        return False
    if five is not None and three is not None:
        return True
    shift = _shift(call, event)
    return shift is not None and (shift == 0 or event.kind not in _AT_EDGES)


def _equal(one: Breakpoint | None, other: Breakpoint) -> bool:
    return one is not None and (one.contig, one.position) == (other.contig, other.position)


def _near(one: Breakpoint | None, other: Breakpoint) -> bool:
    return (
        one is not None
        and one.contig == other.contig
        and abs(one.position - other.position) <= _NEAR
    )


def _shift(call: FusionCall, event: Event) -> int | None:
    """How many bases the shown sequence has its join off the event's; None if it is another."""
    left, _, right = call.extras.get("join", "").partition("|")
    if min(len(left), len(right)) < _LEAST_BASES:
        return None
    template = event.template.tobytes().decode()
    join = event.left.size
    for shift in sorted(range(-_NEAR, _NEAR + 1), key=abs):
        at = join + shift
        before, behind = template[max(0, at - len(left)) : at], template[at : at + len(right)]
        if min(_alike(left[::-1], before[::-1]), _alike(right, behind)) >= _SAME_SHARE:
            return shift
    return None


def _alike(one: str, other: str) -> float:
    n = min(len(one), len(other))
    return sum(a == b for a, b in zip(one, other, strict=False)) / n if n else 0.0


def described(call: FusionCall) -> str:
    """A call in a line."""
    places = f"{call.breakpoint_5prime or '?'} {call.breakpoint_3prime or '?'}"
    n = call.split_reads or 0
    said = f"{call.gene_5prime}::{call.gene_3prime} {places} {n} across {call.caller_confidence}"
    return f"{said} {call.extras.get('join', '')}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Everything that was found in one simulated sample.

    Attributes:
        outcomes: Of each event at each support.
        false_calls: What was called of each kind of artefact, of all together, and beside events.
    """

    outcomes: tuple[Outcome, ...]
    false_calls: dict[str, tuple[FusionCall, ...]]

    def lines(self) -> Iterable[str]:
        """A table for people, then what was missed and what was called that is none."""
        supports = sorted({one.n_pairs for one in self.outcomes})
        yield f"{'right pair (both exons)':24}" + "".join(f"{n:>9}" for n in supports)
        for kind in EventClass:
            of_kind = [one for one in self.outcomes if one.event.kind is kind]
            cells = [_cell([o for o in of_kind if o.n_pairs == n]) for n in supports]
            n_events = len({one.event.name for one in of_kind})
            yield f"{f'{kind} ({n_events})':24}" + "".join(f"{cell:>9}" for cell in cells)
        levels = Counter(one.confidence for one in self.outcomes if one.right_pair)
        yield "confidence: " + ", ".join(f"{n} {level or '-'}" for level, n in levels.items())
        n_named = sum(one.named for one in self.outcomes)
        yield f"partner named in {n_named} of {len(self.outcomes)}"
        for one in self.outcomes:
            if not (one.right_pair and one.exact):
                how = "not exact" if one.right_pair else "missed"
                yield f"  {how}: {one.event.name} {one.event.label} at {one.n_pairs}"
        for cause, calls in self.false_calls.items():
            yield f"called of {cause}: {len(calls)}"
            yield from (f"  {described(call)}" for call in calls)
        for asked in ASKED:
            yield f"{'met' if asked.is_met(self.outcomes) else 'NOT MET'}: {asked.text}"
        n_false = self.n_false
        yield f"{'met' if not n_false else 'NOT MET'}: no call of what is none ({n_false})"

    @property
    def n_false(self) -> int:
        """How many calls there are of what is no fusion."""
        return sum(map(len, self.false_calls.values()))

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "outcomes": [
                {
                    "event": one.event.name,
                    "label": one.event.label,
                    "n_pairs": one.n_pairs,
                    "right_pair": one.right_pair,
                    "exact": one.exact,
                    "named": one.named,
                    "confidence": one.confidence,
                }
                for one in self.outcomes
            ],
            "false_calls": {
                cause: [described(call) for call in calls]
                for cause, calls in self.false_calls.items()
            },
            "asked": {asked.text: asked.is_met(self.outcomes) for asked in ASKED},
        }


def _cell(outcomes: Sequence[Outcome]) -> str:
    right = sum(one.right_pair for one in outcomes)
    return f"{right}({sum(one.exact for one in outcomes)})"


def score(sample: Sample, called: Callable[[Sequence[int]], tuple[FusionCall, ...]]) -> Score:
    """Score all of a sample.

    Args:
        sample: The sample.
        called: Gives what is called of the fragments of some groups, by their numbers.
    """
    by_cause: dict[Artefact, list[int]] = defaultdict(list)
    for number, group in enumerate(sample.groups):
        if group.artefact is not None:
            by_cause[group.artefact].append(number)
    plain = [BACKGROUND, *by_cause.pop(Artefact.PLAIN)]
    wrong = {str(Artefact.PLAIN): called(plain)}
    wrong |= {str(cause): called([*plain, *groups]) for cause, groups in by_cause.items()}
    artefacts = [*plain, *(number for groups in by_cause.values() for number in groups)]
    without = called(artefacts)
    wrong["all artefacts together"] = _unknown(without, [], wrong.values(), sample.genome)
    outcomes: list[Outcome] = []
    for batch in batches(sample):
        events = list(batch.events.values())
        calls = called([*artefacts, *batch.events])
        outcomes += (outcome_of(event, batch.n_pairs, calls, sample.genome) for event in events)
        cause = f"events at {batch.n_pairs}"
        wrong[cause] = wrong.get(cause, ()) + _unknown(calls, events, [without], sample.genome)
    return Score(outcomes=tuple(outcomes), false_calls=wrong)

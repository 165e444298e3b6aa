"""Exons and quantities beside a fusion's name, and other spellings of the name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fusion_caller.gene_names import resolve, symbols_for

_GENE = r"[A-Z][A-Za-z0-9]{1,11}"
_EXON = r"(?:exons?|introns?|ex|e|i) ?\d{1,2}(?!\d)"
_JOIN = r" ?(?:::|--|->|-|/|:|to) ?"
# `e8-e2`, `(exon 8/exon 2)`, `e9-intron`.
_EXON_PAIR = re.compile(
    rf"(?<![A-Za-z0-9.])\(?(?P<five>{_EXON}){_JOIN}(?P<three>{_EXON}|intron\b|\d{{1,2}}(?!\d))\)?",
    re.IGNORECASE,
)
# `KMT2A e8::AFDN e2`, `KMT2A i9::FLNA`, `KMT2A (exon 8)-AFDN (exon 2)`.
_ENDS = tuple(
    re.compile(
        rf"\b(?P<a>{_GENE}){five}(?P<join> ?(?:::|--|->|[-/]) ?)(?P<b>{_GENE}\b){three}",
    )
    for five, three in (
        (rf" \(?(?P<five>(?i:{_EXON}))\)?", rf"(?: \(?(?P<three>(?i:{_EXON}))\)?)?"),
        (r"(?P<five>)", rf" \(?(?P<three>(?i:{_EXON}))\)?"),
    )
)
_ALIAS = re.compile(rf"\b(?P<name>{_GENE}) ?\((?P<alias>{_GENE})\)")
_INSERTED = (
    re.compile(
        rf"(?:~? ?\d{{1,5}}(?:\.\d{{1,3}})? ?[km]?b )?\b(?P<gene>{_GENE}) insert(?:ion|ed) into "
        r"(?:KMT2A|MLL)\b"
    ),
    re.compile(rf"\binsertion of (?P<gene>{_GENE}) into (?:KMT2A|MLL)\b"),
)
# The exons that are duplicated, first and last, as the junction of the last with the first.
_DUPLICATED = (
    re.compile(
        r"\b(?:KMT2A|MLL)[ -]?(?:exons?|ex|e)? ?(?P<first>\d{1,2}) ?(?:-|to) ?(?:exons?|ex|e)? ?"
        r"(?P<last>\d{1,2}) (?:partial )?(?:tandem )?(?:duplication|dup|ptd)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:duplication|dup|ptd) of (?:the )?(?:KMT2A|MLL) exons? (?P<first>\d{1,2}) ?(?:-|to) ?"
        r"(?P<last>\d{1,2})(?!\d)",
        re.IGNORECASE,
    ),
)
# FLT3 has its internal tandem duplication; one that is partial is KMT2A's.
_TANDEM = re.compile(
    r"\b(?:KMT2A|MLL)[ -](?:partial )?tandem duplication\b|"
    r"\b(?:partial )?tandem duplication (?:of|in) (?:KMT2A|MLL)\b|\bpartial tandem duplication\b",
    re.IGNORECASE,
)
_CONTROL_GENE = r"(?:ABL1?|GUSB?|B2M)"
_OF_CONTROL = re.compile(rf"(?P<name>(?:::|--|[-/]) ?{_GENE})/{_CONTROL_GENE}\b")
_SENSITIVITY = re.compile(
    r"\(?\b(?:sensitivity|limit of detection|lod)[: ]{0,2}(?:of )?"
    r"(?:10\^?-\d{1,2}|1e-\d{1,2}|0?\.\d{1,6}%?)\)?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?<![\w.<>~^-])(?P<number>\d{1,3}(?:,\d{3}){1,3}|10\^-\d{1,2}|"
    r"\d{1,9}(?:\.\d{1,9})?(?: ?(?:[eE]|x ?10\^?) ?[+-]?\d{1,2})?)"
    r"(?P<unit> ?%| ?copies\b)?"
    rf"(?P<control> ?(?:/|per) ?(?:10\^\d|1e\d|\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,9}})? ?"
    rf"(?:copies (?:of )?)?(?:{_CONTROL_GENE}\b)?(?: copies\b)?)?(?![\w.%/^])"
)
# A change in number of another chromosome, seen by an array, says nothing of KMT2A.
_COPY_NUMBER = re.compile(
    r"(?:focal )?(?!11)(?:\d{1,2}|X|Y)[pq][\d.]{0,6} (?:deletion|loss|gain|duplication|"
    r"amplification)(?: (?:on|by) (?:CMA|(?:SNP |microarray|array)(?:-?CGH)?))?",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(
    r"(?:OGM |WGS )?auto(?:mated|matic)? pipeline missed(?: it)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Details:
    """Exons as `e8-e2`, in the laboratory's own numbering, and quantities as it wrote them.

    `something` and `nothing` say that a quantity above zero, or one of zero, was reported.
    """

    junctions: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    something: bool = False
    nothing: bool = False

    def __add__(self, other: Details) -> Details:
        return Details(
            junctions=self.junctions + other.junctions,
            amounts=self.amounts + other.amounts,
            something=self.something or other.something,
            nothing=self.nothing or other.nothing,
        )


NO_DETAILS = Details()


def spell_out(text: str) -> str:
    """Write `MLLT4(AFDN)` as `MLLT4` and `AFDN insertion into KMT2A` as `KMT2A::AFDN`.

    A duplication of exons of KMT2A is written as `KMT2A-PTD`.
    """
    for inserted in _INSERTED:
        text = inserted.sub(r"KMT2A::\g<gene>", text)
    for duplicated in _DUPLICATED:
        text = duplicated.sub(r"KMT2A-PTD e\g<last>-e\g<first>", text)
    text = _TANDEM.sub("KMT2A-PTD", text)
    return _OF_CONTROL.sub(r"\g<name>", _ALIAS.sub(_without_alias, text))


def _without_alias(match: re.Match[str]) -> str:
    same = resolve(match["name"]) == resolve(match["alias"]) and symbols_for(match["name"])
    return match["name"] if same else match[0]


def is_remark(clause: str) -> bool:
    """Whether a clause speaks of something that cannot change what is said of KMT2A."""
    return bool(_COPY_NUMBER.fullmatch(clause)) or says_missed(clause)


def says_missed(clause: str) -> bool:
    """Whether a clause says that an automatic analysis missed what a person then found."""
    return bool(_AUTOMATIC.fullmatch(clause))


def take_details(text: str) -> tuple[str, Details]:
    """Take the exons and the quantities out of a text that names one fusion."""
    junctions = []

    def _pair(match: re.Match[str]) -> str:
        junctions.append(f"{_exon(match['five'])}-{_exon(match['three'])}")
        return " "

    def _ends(match: re.Match[str]) -> str:
        junctions.append(f"{_exon(match['five'])}-{_exon(match['three'])}")
        return f"{match['a']}{match['join']}{match['b']}"

    text = _EXON_PAIR.sub(_pair, text)
    for ends in _ENDS:
        text = ends.sub(_ends, text)
    amounts: list[str] = []
    values: list[bool] = []

    def _amount(match: re.Match[str]) -> str:
        number = match["number"]
        plain = number.replace(",", "").isdigit() and not (match["unit"] or match["control"])
        if plain and number != "0":
            return match[0]  # a bare whole number may be anything
        amounts.append(" ".join(match[0].split()))
        values.append(bool(re.search("[1-9]", re.split("[eEx]", number)[0])))
        return " "

    text = _AMOUNT.sub(_amount, _SENSITIVITY.sub(" ", text))
    return text, Details(
        junctions=tuple(junctions),
        amounts=tuple(amounts),
        something=any(values),
        nothing=not all(values),
    )


def _exon(text: str | None) -> str:
    """`e8` or `i9`, `intron` where its number is not given, `?` where nothing is."""
    if not text:
        return "?"
    if text.lower() == "intron":
        return "intron"
    number = re.sub(r"\D", "", text)
    return f"{'i' if text[0] in 'iI' else 'e'}{number}"

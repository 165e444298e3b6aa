"""Names of genes and fusions, in every way in which they are written."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import (
    KMT2A_NAMES,
    PARALOGUES,
    PTD_NAMES,
    is_known,
    paralogues_of,
    parse_fusion_name,
    resolve,
    resolve_symbol,
    symbols_for,
)
from fusion_caller.knowledge import Partner, neighbours, partners

# The same examples each time, however slow the machine.
SETTINGS = settings(deadline=None, derandomize=True)
SEPARATORS = ["::", "--", "-", "/", "_", ":", ">", "->", "\u2013", "\u2014", "\u2212", " ", "|"]
# The names in leukaemia papers, with the symbols of today (HGNC).
LEGACY = {
    "AF4": "AFF1",
    "AF-4": "AFF1",
    "MLLT2": "AFF1",
    "FEL": "AFF1",
    "AF9": "MLLT3",
    "AF-9": "MLLT3",
    "ENL": "MLLT1",
    "LTG19": "MLLT1",
    "AF10": "MLLT10",
    "AF6": "AFDN",
    "AF-6": "AFDN",
    "MLLT4": "AFDN",
    "AF17": "MLLT6",
    "AF1q": "MLLT11",
    "AF1p": "EPS15",
    "AF-1p": "EPS15",
    "SEPT2": "SEPTIN2",
    "SEPT5": "SEPTIN5",
    "SEPT6": "SEPTIN6",
    "SEPT9": "SEPTIN9",
    "SEPT11": "SEPTIN11",
    "CDCREL1": "SEPTIN5",
    "MSF": "SEPTIN9",
    "EEN": "SH3GL1",
    "LAF4": "AFF3",
    "AF5q31": "AFF4",
    "AFX": "FOXO4",
    "AF6q21": "FOXO3",
    "AF15q14": "KNL1",
    "CBP": "CREBBP",
    "CALM": "PICALM",
    "GRAF": "ARHGAP26",
    "LARG": "ARHGEF12",
    "AF3p21": "NCKIPSD",
    "LCX": "TET1",
    "MEN": "ELL",
    "ELL": "ELL",
    "AFF1": "AFF1",
    "USP2": "USP2",
    "CT45A1": "CT45A1",
    "CLTC": "CLTC",
}


def names_of(partner: Partner) -> tuple[str, ...]:
    return (
        partner.symbol,
        *partner.previous_symbols,
        *partner.legacy_names,
        *partner.aliases,
    )


def owners(name: str) -> set[str]:
    """Every symbol that the knowledge base lists a name under."""

    def plain(text: str) -> str:
        return "".join(c for c in text.upper() if c not in " ._-")

    found = {
        partner.symbol
        for partner in partners().values()
        if plain(name) in map(plain, names_of(partner))
    }
    return found | {
        neighbour.symbol
        for neighbour in neighbours().values()
        if plain(name) in map(plain, (neighbour.symbol, *neighbour.aliases))
    }


@pytest.mark.parametrize("symbol", partners())
def test_every_name_of_a_partner_means_a_gene_that_has_it(symbol: str) -> None:
    for name in names_of(partners()[symbol]):
        meant = symbols_for(name)
        assert meant, name
        assert set(meant) <= owners(name), name
        assert resolve(name) == (meant[0] if len(meant) == 1 else name)
        for written in (name.lower(), name.upper(), f" {name} "):
            assert symbols_for(written) == meant


@pytest.mark.parametrize("symbol", partners())
def test_a_symbol_and_the_names_of_papers_mean_the_partner_itself(symbol: str) -> None:
    partner = partners()[symbol]
    assert symbols_for(symbol) == (symbol,)
    assert resolve_symbol(symbol) == symbol
    for name in (*partner.previous_symbols, *partner.legacy_names):
        assert symbol in symbols_for(name), name


def test_the_ambiguous_names_are_these() -> None:
    names = {name for partner in partners().values() for name in names_of(partner)}
    ambiguous = {name: set(symbols_for(name)) for name in names if len(symbols_for(name)) > 1}
    assert ambiguous == {
        "ABP-280": {"FLNA", "FLNC"},
        "AIP1": {"DAB2IP", "ABI2"},
        "AIP-1": {"DAB2IP", "ABI2"},
    }
    assert resolve("ABP-280") == "ABP-280"


@pytest.mark.parametrize(("name", "symbol"), LEGACY.items())
def test_legacy_names(name: str, symbol: str) -> None:
    assert resolve(name) == symbol


@pytest.mark.parametrize("name", KMT2A_NAMES)
def test_names_of_kmt2a(name: str) -> None:
    assert resolve(name) == resolve_symbol(name) == resolve(name.lower()) == "KMT2A"


def test_kmt2a_is_no_partner_and_its_relatives_are_not_kmt2a() -> None:
    assert "KMT2A" not in partners()
    for name in ("KMT2B", "KMT2C", "KMT2D", "MLL2", "MLL3", "MLL4", "MLL5", "KMT2A-AS1"):
        assert resolve(name) == name
        assert not is_known(name)


@pytest.mark.parametrize(
    ("printed", "symbol"),
    [
        # Previous symbols and papers' names of an older annotation:
        ("MLLT4", "AFDN"),
        ("SEPT9", "SEPTIN9"),
        ("CASC5", "KNL1"),
        ("MLL", "KMT2A"),
        ("ATP5L", "ATP5MG"),
        # Aliases that are approved symbols of other genes in any annotation:
        ("MST1", "MST1"),
        ("SLK", "SLK"),
        ("TAP", "TAP"),
        ("HEB", "HEB"),
        ("MAL", "MAL"),
        ("NUP96", "NUP96"),
        ("RP11-9L18.2", "RP11-9L18.2"),
    ],
)
def test_a_caller_s_symbol_is_never_read_as_a_free_alias(printed: str, symbol: str) -> None:
    assert resolve_symbol(printed) == symbol


def test_a_person_s_alias_is_read() -> None:
    assert resolve("MST1") == "STK4"
    assert resolve("SLK") == "FYN"


@pytest.mark.parametrize("separator", SEPARATORS, ids=[f"U+{ord(s[0]):04X}{s}" for s in SEPARATORS])
@pytest.mark.parametrize("kmt2a", KMT2A_NAMES)
def test_fusions_in_every_separator_order_and_name(kmt2a: str, separator: str) -> None:
    for name, symbol in LEGACY.items():
        direct = parse_fusion_name(f"{kmt2a}{separator}{name}")
        assert (direct.gene_5prime, direct.gene_3prime) == ("KMT2A", symbol), name
        reciprocal = parse_fusion_name(f"{name}{separator}{kmt2a}")
        assert (reciprocal.gene_5prime, reciprocal.gene_3prime) == (symbol, "KMT2A"), name
        assert direct.partner == reciprocal.partner == symbol


@pytest.mark.parametrize(
    "text",
    [
        "t(4;11) MLL/AF4",
        "t(4;11)(q21;q23) KMT2A::AFF1",
        "t(4;11)(q21.3;q23.3), MLL-AF4 fusion transcript",
        "MLL-AF4 positive",
        "KMT2A :: AFF1",
        "  kmt2a--aff1  ",
        "MLL-AF4 (t(4;11))",
        "[KMT2A/AFF1]",
        "mll\u2013af4",
    ],
)
def test_what_laboratories_write_around_a_name(text: str) -> None:
    fusion = parse_fusion_name(text)
    assert str(fusion) == "KMT2A::AFF1"
    assert not fusion.is_ptd


@pytest.mark.parametrize(
    "text",
    [
        *PTD_NAMES,
        "KMT2A::KMT2A",
        "MLL-MLL",
        "KMT2A ptd",
        "MLL/PTD",
        "KMT2A-dup",
        "dup MLL",
        "KMT2A::PTD",
        "DUPMLL",
        "KMT2A-PTD positive",
    ],
)
def test_partial_tandem_duplication(text: str) -> None:
    fusion = parse_fusion_name(text)
    assert fusion.is_ptd
    assert fusion.partner == "PTD"
    assert str(fusion) == "KMT2A::KMT2A"


@pytest.mark.parametrize(
    "text",
    ["", "-", "BCR::ABL1", "KMT2A", "MLL", "AFF1", "MLLT3", "KMT2A-", "::KMT2A", "KMT2B::AFF1"],
)
def test_a_name_without_kmt2a_and_another_gene_is_refused(text: str) -> None:
    with pytest.raises(BadValueError) as error:
        parse_fusion_name(text)
    assert error.value.problem == (
        f"expected a KMT2A fusion such as KMT2A::AFF1 or MLL-AF4, found '{text}'"
    )


def test_an_unknown_partner_is_kept_as_it_was_written() -> None:
    assert parse_fusion_name("KMT2A::NewGene1").partner == "NewGene1"
    assert str(parse_fusion_name("KMT2A::AC1234-5")) == "KMT2A::AC1234-5"


def test_a_cut_with_two_known_genes_wins() -> None:
    # `MLL-AF-9` is not `MLL-AF` with `9`, and `ALL-1` is a whole name.
    assert str(parse_fusion_name("ALL-1-AF-9")) == "KMT2A::MLLT3"
    assert str(parse_fusion_name("KMT2A-CT45-1")) == "KMT2A::CT45A1"
    assert str(parse_fusion_name("AF-1p-MLL")) == "EPS15::KMT2A"


@SETTINGS
@given(st.text(max_size=60))
def test_no_text_raises_anything_but_a_bad_value(text: str) -> None:
    resolve_symbol(text)
    try:
        fusion = parse_fusion_name(text)
    except BadValueError:
        return
    assert "KMT2A" in (fusion.gene_5prime, fusion.gene_3prime)
    assert any(map(str.isalnum, fusion.partner))


@SETTINGS
@given(
    st.lists(
        st.sampled_from(
            [*KMT2A_NAMES, *LEGACY, *SEPARATORS, "PTD", "dup", "(", ")", "t", ";", "x"]
        ),
        max_size=8,
    )
)
def test_no_pile_of_names_and_separators_breaks(parts: list[str]) -> None:
    try:
        fusion = parse_fusion_name("".join(parts))
    except BadValueError:
        return
    assert "KMT2A" in (fusion.gene_5prime, fusion.gene_3prime)


def test_paralogues() -> None:
    family = ("CT45A1", *(f"CT45A{n}" for n in (2, 3, 5, 6, 7, 8, 9, 10)))
    for one, other in itertools.product(family, repeat=2):
        assert other in paralogues_of(one)
    assert paralogues_of("CT45A2") == family
    assert paralogues_of("AFF1") == ()
    assert set(PARALOGUES) <= set(partners())

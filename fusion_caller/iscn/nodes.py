"""Access to lark's parse tree: its tokens, its branches, and the numbers in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token, Tree

from fusion_caller.iscn.tree import Cells, Range

if TYPE_CHECKING:
    from collections.abc import Iterable

Node = Tree[Token]


def token_of(child: Token | Node) -> Token:
    """A child that the grammar says is a token."""
    if not isinstance(child, Token):
        raise TypeError(child.data)
    return child


def tree_of(child: Token | Node) -> Node:
    """A child that the grammar says is a branch."""
    if not isinstance(child, Tree):
        raise TypeError(child)
    return child


def tokens_of(children: Iterable[Token | Node]) -> Iterable[Token]:
    """The tokens among some children."""
    return (child for child in children if isinstance(child, Token))


def start_of(token: Token) -> int:
    """The 0-based position of a token in the text."""
    return token.start_pos or 0


def spaceless(text: str) -> str:
    """A text without its blanks."""
    return "".join(text.split())


def range_of(tree: Node) -> Range:
    """A number, or two with a mark between them."""
    tokens = list(tokens_of(tree.children))
    if len(tokens) == 1:
        return Range(first=int(tokens[0]), last=int(tokens[0]))
    return Range(first=int(tokens[0]), last=int(tokens[2]), mark=str(tokens[1]))


def cells_of(tree: Node) -> Cells:
    """A number of cells."""
    numbers = [int(child) for child in tokens_of(tree.children) if child.type == "INT"]
    percent = [
        float(child.strip("% \t")) for child in tokens_of(tree.children) if child.type == "PERCENT"
    ]
    return Cells(
        number=numbers[0] if numbers else None,
        of=numbers[1] if len(numbers) > 1 else None,
        percent=percent[0] if percent else None,
        composite=any(child.type == "CP" for child in tokens_of(tree.children)),
    )

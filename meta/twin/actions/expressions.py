"""The text of an expression -> a tree of what it says; GitHub's grammar. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

TOKEN = re.compile(
    r"\s*(?:(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\].,*]))"
)
#: What binds the least comes first.
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))
WORDS = {"true": True, "false": False, "null": None}


class BadExpression(ValueError):
    """Not an expression, or one that asks for what there is not."""


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` is value, name, call, get, every, not, or a sign that stands between two."""

    kind: str
    value: Any = None
    parts: tuple[Node, ...] = ()


def parse(text: str) -> Node:
    """Raises BadExpression."""
    reader = _Reader(_tokens(text))
    tree = reader.binary(0)
    if reader.peek() != "":
        raise BadExpression(f"unexpected '{reader.peek()}' in: {text.strip()}")
    return tree


def calls(tree: Node) -> set[str]:
    """The functions that a tree names, in lower case."""
    own = {tree.value} if tree.kind == "call" else set()
    return own.union(*(calls(part) for part in tree.parts))


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise BadExpression(f"not an expression: {text.strip()}")
        found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> str:
        """The next sign or word, "" at the end; a text keeps its quotes."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise BadExpression("the expression ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, sign: str) -> None:
        if self.take()[1] != sign:
            raise BadExpression(f"'{sign}' is missing")

    def binary(self, level: int) -> Node:
        if level == len(LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.peek() in LEVELS[level]:
            sign = self.take()[1]
            left = Node(sign, None, (left, self.binary(level + 1)))
        return left

    def unary(self) -> Node:
        if self.peek() == "!":
            self.take()
            return Node("not", None, (self.unary(),))
        return self.postfix(self.atom())

    def atom(self) -> Node:
        kind, word = self.take()
        if word == "(":
            inside = self.binary(0)
            self.expect(")")
            return inside
        if kind == "number":
            return Node("value", float(int(word, 16)) if "0x" in word else float(word))
        if kind == "text":
            return Node("value", word[1:-1].replace("''", "'"))
        if kind != "name":
            raise BadExpression(f"unexpected '{word}'")
        if self.peek() == "(":
            return self.call(word)
        return Node("value", WORDS[word]) if word in WORDS else Node("name", word.lower())

    def call(self, name: str) -> Node:
        self.take()
        given: list[Node] = []
        while self.peek() != ")":
            given.append(self.binary(0))
            if self.peek() != ")":
                self.expect(",")
        self.take()
        return Node("call", name.lower(), tuple(given))

    def postfix(self, tree: Node) -> Node:
        while self.peek() in (".", "["):
            if self.take()[1] == ".":
                kind, word = self.take()
                key = Node("every") if word == "*" else Node("value", word)
                if kind != "name" and word != "*":
                    raise BadExpression(f"unexpected '{word}'")
            elif self.peek() == "*":
                self.take()
                key = Node("every")
                self.expect("]")
            else:
                key = self.binary(0)
                self.expect("]")
            tree = Node("get", None, (tree, key))
        return tree

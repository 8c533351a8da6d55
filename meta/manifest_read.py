"""repos.yaml text -> Document: plain data, and where each part of it stands. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from meta.errors import ManifestError, MetaError

Path = tuple[str | int, ...]
Mark = tuple[int, int]

MAX_BYTES = 5_000_000
MAX_DEPTH = 50
#: Parts that aliases may repeat, over the whole file: enough for a list that a thousand
#: entries share, far too few for a bomb.
MAX_REPEATED = 100_000

_CORE = "tag:yaml.org,2002:"
_MERGE = _CORE + "merge"
_PLAIN = {_CORE + name for name in ("str", "int", "float", "bool", "null", "timestamp", "value")}


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and the line and column (from 1) of each key and of each value.

    A path is the keys and list indexes that lead to a value. `texts` holds how a scalar is
    written, for those that are not text.
    """

    path: str
    data: Any
    keys: Mapping[Path, Mark]
    values: Mapping[Path, Mark]
    texts: Mapping[Path, str]

    def where(self, path: Path) -> str:
        return self._place(self.values.get(path, (1, 1)))

    def where_key(self, path: Path) -> str:
        return self._place(self.keys.get(path) or self.values.get(path, (1, 1)))

    def name(self, path: Path) -> str:
        return dotted(path)

    def text(self, path: Path) -> str:
        return self.texts.get(path, "")

    def _place(self, mark: Mark) -> str:
        return f"{self.path}:{mark[0]}:{mark[1]}"


def dotted(path: Path) -> str:
    """A path as people write it: `repos.api.topics[0]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def read(text: str, *, path: str) -> tuple[Document, tuple[MetaError, ...]]:
    """The document, and the problems that leave the rest of it readable.

    Raises ManifestError where there is nothing to go on with: no YAML, no map, too large.
    """
    if len(text.encode()) > MAX_BYTES:
        raise _fatal(
            path, (1, 1), f"found more than {MAX_BYTES:,} bytes, expected fewer", "split the fleet"
        )
    root = _compose(text, path)
    if not isinstance(root, MappingNode):
        found = "an empty file" if root is None else _found(root)
        raise _fatal(
            path,
            (1, 1) if root is None else _mark(root),
            f"found {found}, expected a map with the keys owner and repos",
            "start with `owner: NAME` and `repos: {}`",
        )
    walk = _Walk(path)
    data = walk.value(root, ())
    return Document(path, data, walk.keys, walk.values, walk.texts), tuple(walk.problems)


def _fatal(path: str, mark: Mark, message: str, hint: str) -> ManifestError:
    return ManifestError((MetaError(message, where=f"{path}:{mark[0]}:{mark[1]}", hint=hint),))


def _mark(node: Node) -> Mark:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _found(node: Node) -> str:
    match node:
        case SequenceNode():
            return "a list"
        case MappingNode():
            return "a map"
        case _:
            return f'"{str(node.value)[:40]}"' if node.value else "nothing"


def _compose(text: str, path: str) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-any-return]
    except RecursionError:
        raise _too_deep(path, (1, 1)) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _fatal(
            path,
            (line, error.position - text.rfind("\n", 0, error.position)),
            f"found the control character {_character(error)!r}, expected text",
            "delete it",
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _fatal(path, place, *_syntax(error)) from None
    except YAMLError as error:
        raise _fatal(path, (1, 1), f"found {error}, expected YAML", "correct it") from None


def _character(error: ReaderError) -> str:
    found = error.character
    return chr(found) if isinstance(found, int) else str(found)


def _syntax(error: MarkedYAMLError) -> tuple[str, str]:
    problem = str(error.problem or error.context or "a mistake")
    if "found another document" in problem or "single document" in str(error.context):
        return "found a second document, expected one", "take the line `---` out"
    if "undefined alias" in problem:
        name = problem.split("'")[1] if "'" in problem else "?"
        return f"found the alias *{name}, expected its anchor above it", f"write &{name} first"
    start = error.context_mark
    begun = f" in what begins at {start.line + 1}:{start.column + 1}" if start else ""
    return (
        f"found broken YAML ({problem.removeprefix('found ')}{begun}), expected `key: value`",
        "look at this line and the ones above it: indentation, colons, quotes, brackets",
    )


def _too_deep(path: str, mark: Mark) -> ManifestError:
    message = f"found values nested deeper than {MAX_DEPTH} levels, expected fewer"
    return _fatal(path, mark, message, "write it flatter")


@dataclass(slots=True)
class _Walk:
    """Goes once through the nodes and notes what they say and where."""

    path: str
    keys: dict[Path, Mark] = field(default_factory=dict)
    values: dict[Path, Mark] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)
    problems: list[MetaError] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    repeated: int = 0

    def value(self, node: Node, path: Path) -> Any:
        self._bound(node, path)
        self.values[path] = _mark(node)
        match node:
            case MappingNode():
                self._tag(node, "map")
                return self._map(node, path)
            case SequenceNode():
                self._tag(node, "seq")
                return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
            case _:
                return self._scalar(node, path)

    def _bound(self, node: Node, path: Path) -> None:
        if len(path) > MAX_DEPTH:
            raise _too_deep(self.path, _mark(node))
        self.repeated += id(node) in self.seen
        self.seen.add(id(node))
        if self.repeated > MAX_REPEATED:
            message = f"found aliases that repeat more than {MAX_REPEATED:,} values, expected fewer"
            raise _fatal(self.path, _mark(node), message, "put shared values in defaults or groups")

    def _map(self, node: MappingNode, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key is None:
                continue
            here = (*path, key)
            if key in out:
                self._twice(key_node, here)
                continue
            self.keys[here] = _mark(key_node)
            out[key] = self.value(value_node, here)
        return out

    def _key(self, node: Node) -> str | None:
        if not isinstance(node, ScalarNode):
            self._problem(node, f"found {_found(node)} as a key, expected a name", "name it")
            return None
        if node.tag == _MERGE:
            hint = "put what entries share in defaults, or in a group with `match:`"
            self._problem(node, "found the YAML merge key <<, expected a name", hint)
            return None
        # A key is a name, however it is written: label 404 is called "404".
        return str(node.value)

    def _twice(self, node: Node, path: Path) -> None:
        line, column = self.keys[path]
        what = "the repository" if path[:-1] == ("repos",) else "the key"
        message = (
            f"found {what} {path[-1]} a second time (first at {self.path}:{line}:{column}), "
            "expected it once"
        )
        self._problem(node, message, "make one of the two")

    def _tag(self, node: Node, core: str) -> None:
        if node.tag != _CORE + core:
            self._odd_tag(node)

    def _odd_tag(self, node: Node) -> None:
        tag = str(node.tag).replace(_CORE, "!!")
        self._problem(node, f"found the tag {tag}, expected plain YAML", f"take {tag} out")

    def _scalar(self, node: Node, path: Path) -> Any:
        if node.tag not in _PLAIN:
            self._odd_tag(node)
            return str(node.value)
        value = _resolve(str(node.tag).removeprefix(_CORE), str(node.value))
        if not isinstance(value, str):
            self.texts[path] = str(node.value)
        return value

    def _problem(self, node: Node, message: str, hint: str) -> None:
        line, column = _mark(node)
        where = f"{self.path}:{line}:{column}"
        self.problems.append(MetaError(message, where=where, hint=hint))


def _resolve(tag: str, text: str) -> Any:
    """A scalar's value; what is no finite number after all stays text."""
    readers: dict[str, Callable[[str], Any]] = {
        "null": lambda _: None,
        "bool": lambda word: word.lower() == "true",
        "int": _integer,
        "float": lambda word: float(word.replace("_", "")),
    }
    try:
        return readers.get(tag, str)(text)
    except ValueError:
        return text


def _integer(text: str) -> int:
    digits = text.replace("_", "")
    return int(digits, 0 if digits.lstrip("+-")[:2].lower() in ("0x", "0o", "0b") else 10)

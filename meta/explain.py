"""A Manifest and a name in it -> where each value comes from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meta.errors import MetaError
from meta.model import Entry, Manifest, Origin
from meta.suggest import hint

Row = tuple[str, Any, Origin]


def explain(
    manifest: Manifest, repo: str, path: str = "", *, sections: Mapping[str, str] | None = None
) -> tuple[Row, ...]:
    """Rows of dotted path, value and origin, in the order of the merged entry.

    `repo` is a repository's name, with its owner or without, or the owner for what
    `organization:` declares. `path` narrows it down: dotted (`settings.has_wiki`), or what a plan
    shows (`label bug`), for which `sections` maps a kind to its section. Raises MetaError for
    a repository or a path that nothing declares.
    """
    entry = _entry(manifest, repo)
    rows = tuple(
        (".".join(keys), _value(entry.spec, keys), origin) for keys, origin in entry.origins.items()
    )
    if not path:
        return rows
    wanted = _dotted(entry, path, sections or {})
    found = tuple(row for row in rows if row[0] == wanted or row[0].startswith(f"{wanted}."))
    if not found:
        raise _nothing(entry, wanted)
    return found


def _entry(manifest: Manifest, repo: str) -> Entry:
    wanted = repo if repo == manifest.owner or "/" in repo else f"{manifest.owner}/{repo}"
    for entry in manifest.entries:
        if entry.scope == wanted:
            return entry
    names = [entry.name or entry.owner for entry in manifest.entries]
    message = f'found no "{repo}", expected a repository of this manifest'
    advice = hint(repo.rpartition("/")[2], names, f"it has {', '.join(names) or 'none'}")
    raise MetaError(message, where=manifest.path, hint=advice)


def _value(spec: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        spec = spec[key]
    return spec


def _dotted(entry: Entry, path: str, sections: Mapping[str, str]) -> str:
    """`label good first issue` -> `labels.good first issue`; a dotted path stays."""
    kind, _, key = path.removeprefix(f"{entry.scope} ").partition(" ")
    if kind not in sections or path in entry.spec:
        return path
    section = sections[kind]
    declared = entry.spec.get(section)
    # What a repository has one of, like its settings, goes by a key that no section holds.
    one = kind == section and not (isinstance(declared, Mapping) and key in declared)
    return section if one or not key else f"{section}.{key}"


def _nothing(entry: Entry, wanted: str) -> MetaError:
    paths = {".".join(keys[:end]) for keys in entry.origins for end in range(1, len(keys) + 1)}
    message = f"found nothing declared at {wanted}, expected a path of its entry"
    advice = hint(wanted, paths, "without a path, all of them are shown")
    return MetaError(message, where=entry.scope, hint=advice)

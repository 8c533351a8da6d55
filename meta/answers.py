"""The bytes of a Copier answers file -> what they say. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from meta.errors import TemplateError

ANSWERS = ".copier-answers.yml"


def read(data: bytes, *, where: str = ANSWERS) -> dict[str, Any]:
    """Every value, Copier's own (`_commit`, `_src_path`) too. Raises TemplateError."""
    try:
        found = YAML(typ="safe", pure=True).load(data)
    except (YAMLError, UnicodeDecodeError) as error:
        raise TemplateError(f"is not YAML ({error})", where=where) from None
    if not isinstance(found, dict):
        raise TemplateError("holds no answers", where=where, hint="restore it from its history")
    return {str(name): value for name, value in found.items()}


def own(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers to the template's questions, without Copier's notes."""
    return {name: value for name, value in answers.items() if not name.startswith("_")}


def same_but_version(mine: bytes, theirs: bytes) -> bool:
    """Whether two answers files differ in the template's version at most."""
    return {**read(mine), "_commit": ""} == {**read(theirs), "_commit": ""}


def signed(text: str, *, folder: str, source: str, version: str) -> str:
    """Rendered from `folder`, now as Copier leaves it when it renders from a URL at a tag."""
    note = f"_commit: {scalar(version)}\n_src_path: {source}\n"
    return text.replace(f"_src_path: {folder}\n", note)


def scalar(text: str) -> str:
    """`text` as YAML reads it back: a tag like 1.10 is no number."""
    return text if YAML(typ="safe", pure=True).load(text) == text else f"'{text}'"


def same_host(source: str, declared: str) -> bool:
    """Whether two template sources are repositories of one server, reached by https."""
    first, second = (
        urlsplit(one.replace("gh:", "https://github.com/", 1)) for one in (source, declared)
    )
    return first.scheme == "https" and first.netloc == second.netloc

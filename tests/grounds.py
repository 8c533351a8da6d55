"""A twin with a small fleet and a template source: the ground that the tests stand on."""

from __future__ import annotations

import itertools
import tempfile
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from meta import engine, git, manifest, proposals, roadmap
from meta.clock import Clock
from meta.github import Reader, Request, Send, Server, Writer, over_http
from meta.governor import paced
from meta.kinds import KINDS, OWNER_SECTIONS, PRUNABLE, SECTIONS, Look, scope_of
from meta.model import Blob, Manifest, Plan, Receipt, Roadmap, Tree
from meta.render import Templates, from_server
from meta.roadmap_identity import Ledger, identify
from meta.twin.serve import Twin, served

OWNER = "acme"
HOST = "github.com"
SOURCE = f"https://{HOST}/acme/templates"
FIRST: Tree = {"README.md": Blob.of(b"# api\n")}
ANSWERS = ".copier-answers.yml"

COPIER = """\
_subdirectory: "templates/{{ kind }}"
kind:
  type: str
  choices: [service, library]
name:
  type: str
  default: thing
port:
  type: int
  default: 8000
  validator: "{% if port < 1024 %}Take a port of 1024 or more.{% endif %}"
"""
NOTES = "# Made by the fleet\n{{ _copier_answers|to_nice_yaml -}}\n"


@dataclass
class Ground:
    """One twin, what may be asked of it, and a plan's ledger over the time of one test."""

    twin: Twin
    server: Server
    send: Send
    look: Look
    ledger: Ledger = field(default_factory=Ledger)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def url(self) -> str:
        return self.server.api_url

    def anew(self) -> Ground:
        """The same twin with everything as it was furnished, and no request counted."""
        self.send(Request("POST", "/_twin/restore", {"name": "furnished"}))
        self.send(Request("DELETE", "/_twin/requests"))
        return Ground(self.twin, self.server, self.send, self.look)

    def reader(self) -> Reader:
        return Reader(self.send, self.server)

    def writer(self) -> Writer:
        return Writer(self.send, self.server)

    def writes(self) -> int:
        """How many write requests the twin has answered."""
        return int(self.reader().get("/_twin/requests")["writes"])

    def fleet(self, text: str, *, at: str = "api", prune: Collection[str] = ()) -> Manifest:
        """`text` is one repository's entry, or the owner's where `at` is "".

        A `roadmap:` in it holds a plan's text. The teams that the entry names are declared.
        """
        sections = YAML(typ="safe").load(text) or {}
        plan = sections.pop("roadmap", None)
        entry = textwrap.indent(text, "    ") if plan is None else ""
        lines = [f"owner: {OWNER}", f"host: {HOST}", f"prune: [{', '.join(prune)}]"]
        if at:
            teams = "".join(f"    {slug}: {{}}\n" for slug in sections.get("teams") or ())
            lines += [f"organization:\n  teams:\n{teams}"] if teams else []
            lines.append(f"repos:\n  {at}:\n{entry}")
        else:
            organization = textwrap.indent(text, "  ")
            lines.append(f"organization:\n{organization}\nrepos:\n  api:\n")
        parsed = manifest.parse(
            "\n".join(lines),
            path="repos.yaml",
            sections=SECTIONS,
            owner_sections=OWNER_SECTIONS,
            kinds=sorted(PRUNABLE),
        )
        return self.planned(parsed, plan) if plan else engine.fleet(parsed)

    def planned(self, parsed: Manifest, plan: Mapping[str, str]) -> Manifest:
        names = [entry.name for entry in parsed.entries if entry.name]
        items = roadmap.parse(plan["plan"], path="plan.md", home=names[0], repos=names)
        kept, self.ledger = identify(items, self.ledger, self.new_id)
        board = Roadmap("plan.md", plan["board"])
        return engine.fleet(replace(parsed, home=names[0], roadmap=board), kept)

    def new_id(self) -> str:
        return f"{next(self.numbers):08d}".translate(str.maketrans("0189", "abcd"))

    def plan(self, fleet: Manifest) -> Plan:
        return self.seen(fleet)[0]

    def seen(self, fleet: Manifest) -> tuple[Plan, Reader]:
        """The plan, and the reader that knows the ids of what was observed for it."""
        reader = self.reader()
        return engine.plan(fleet, reader, KINDS, self.look), reader

    def sync(self, fleet: Manifest) -> list[Receipt]:
        plan, reader = self.seen(fleet)
        gh = self.writer()
        gh.refs.update(reader.refs)
        return list(engine.apply(plan, gh, KINDS))

    def files(self, name: str, ref: str = "HEAD") -> dict[str, Blob]:
        """The files of a repository as REST shows them, with their bytes."""
        gh = self.reader()
        rows = gh.get(f"/repos/{OWNER}/{name}/git/trees/{ref}", recursive=1)["tree"]
        return {
            row["path"]: Blob(row["mode"], row["sha"], gh.blob(f"{OWNER}/{name}", row["sha"]))
            for row in rows
            if row["type"] == "blob"
        }

    def text(self, name: str, path: str, ref: str = "HEAD") -> str:
        return (self.files(name, ref)[path].data or b"").decode()

    def write(self, name: str, path: str, text: str | None, *, branch: str = "main") -> str:
        """A person's commit of one file (None removes it); the commit's id."""
        gh = self.writer()
        repo = f"/repos/{OWNER}/{name}/git"
        parent = gh.get(f"{repo}/ref/heads/{branch}")["object"]["sha"]
        below = gh.get(f"{repo}/commits/{parent}")["tree"]["sha"]
        row: dict[str, Any] = {"path": path, "mode": "100644", "type": "blob"}
        row |= {"sha": None} if text is None else {"content": text}
        tree = gh.post(f"{repo}/trees", {"base_tree": below, "tree": [row]})["sha"]
        words = {"message": f"Edit {path}", "tree": tree, "parents": [parent]}
        made = str(gh.post(f"{repo}/commits", words)["sha"])
        gh.patch(f"{repo}/refs/heads/{branch}", {"sha": made})
        return made

    def merge(self, name: str) -> None:
        """Merge the open proposal, as a person would."""
        gh = self.writer()
        proposal = proposals.find(gh, f"{OWNER}/{name}")
        assert proposal is not None, "there is no open proposal"
        gh.put(f"/repos/{OWNER}/{name}/pulls/{proposal.number}/merge", {})

    def pulls(self, name: str, state: str = "open") -> list[Any]:
        return list(self.reader().pages(f"/repos/{OWNER}/{name}/pulls", state=state))


def service(version: str) -> dict[str, Blob]:
    """The files of the template source's kind `service` at one version."""
    folder = "templates/service"
    title = {"v1.0.0": "# {{ name }}\n\nA service.\n\nPort {{ port }}.\n"}
    readme = title.get(version, "# {{ name }}\n\nA good service.\n\nPort {{ port }}.\n")
    rest = {"old.txt": "old\n"} if version == "v1.0.0" else {"docs/guide.md": "# Guide\n"}
    lines = "".join(f"line {number}\n" for number in range(1, 10))
    texts = {
        "README.md.jinja": readme,
        "{{ _copier_conf.answers_file }}.jinja": NOTES,
        "lines.txt": lines if version == "v1.0.0" else lines.replace("line 5", "line five"),
        **rest,
    }
    files = {f"{folder}/{path}": Blob.of(text.encode()) for path, text in texts.items()}
    return {**files, f"{folder}/run.sh": Blob.of(b"#!/bin/sh\necho run\n", "100755")}


def source(version: str) -> dict[str, Blob]:
    """The template source at one version; v2.0.1 changes `library` alone."""
    library = f"# A library at {version}\n"
    hygiene = f"# of {version[:2]}\non: push\njobs: {{}}\n"
    return {
        "copier.yml": Blob.of(COPIER.encode()),
        **service(version),
        "templates/library/README.md": Blob.of(library.encode()),
        "templates/library/{{ _copier_conf.answers_file }}.jinja": Blob.of(NOTES.encode()),
        "workflows/hygiene.yml": Blob.of(hygiene.encode()),
    }


def push_source(server: Server, name: str, versions: Sequence[tuple[str, Tree]]) -> None:
    """Push a template source with one tag for each version to an empty repository."""
    url = f"{server.git_url}/{OWNER}/{name}.git"
    (tag, tree), *later = versions
    message = f"The templates at {tag}"
    token = server.token
    git.push_new(url, tree, branch="main", message=message, token=token, tag=tag)
    for tag, tree in later:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            git.run(folder, "init", "--quiet", "--bare")
            feed = git.stream(tree, "main", f"The templates at {tag}")
            git.run(folder, "fast-import", "--quiet", feed=feed)
            git.run(folder, "update-ref", f"refs/tags/{tag}", "refs/heads/main")
            git.push_tag(folder, url, tag, token=token)


def furnish(gh: Writer) -> None:
    """acme/api with one commit, acme/web without any, acme/templates at three versions."""
    gh.post("/_twin/orgs", {"login": OWNER})
    for name in ("api", "web", "templates"):
        gh.post(f"/orgs/{OWNER}/repos", {"name": name, "private": False})
    url = f"{gh.server.git_url}/{OWNER}/api.git"
    git.push_new(url, FIRST, branch="main", message="First", token=gh.server.token)
    tags = ("v1.0.0", "v2.0.0", "v2.0.1")
    push_source(gh.server, "templates", [(tag, source(tag)) for tag in tags])


@contextmanager
def furnished() -> Iterator[Ground]:
    """A twin that is furnished, and keeps a snapshot named `furnished`."""
    with served() as twin:
        server = Server(twin.url, twin.url, "token")
        send = paced(over_http(server), Clock())
        templates = Templates(from_server(server, HOST))
        reader = Reader(send, server)
        furnish(Writer(send, server))
        send(Request("POST", "/_twin/snapshot", {"name": "furnished"}))
        try:
            yield Ground(
                twin, server, send, Look(templates.render, templates.workflow, reader.blob)
            )
        finally:
            templates.close()


def place_of(kind: Any) -> str:
    """Where the contract walks a kind: "" for the owner, else the repository that suits it."""
    if scope_of(kind) == "owner":
        return "" if kind.SECTION != "roadmap" else "api"
    return {"repository": "new", "files": "web"}.get(kind.NAME, "api")

"""The shape of the code: layers point down, the pure stay pure, files and functions stay small."""

import ast
import json
import subprocess
import sys
from collections.abc import Collection, Iterator
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
META = ROOT / "meta"
FILES = sorted(META.rglob("*.py"))
# A new module goes into one of these, or it belongs into a module that is there.
LAYERS = {
    "words": ["model", "errors"],
    "phrases": ["suggest"],
    "pure": [
        *["manifest", "manifest_*", "roadmap", "roadmap_*", "explain", "diff", "plans"],
        *["answers", "merge", "merge_*", "report", "report_*"],
    ],
    "doors": ["github", "github_*", "git", "clock", "ledger", "shipped"],
    "doors through doors": ["census", "governor", "render"],
    "proposals": ["proposals"],
    "things": ["kinds", "twin"],
    "flow": ["engine", "engine_*"],
    "server": ["connect"],
    "fleet": ["fleet", "rehearsal", "recording", "recording_*"],
    "shell": ["commands"],
    "entrance": ["__main__"],
}
# What the layers up to the pure may not import, and the parts of it that are pure after all.
IMPURE = {
    *["asyncio", "copier", "datetime", "git", "github", "http", "io", "logging", "os", "pathlib"],
    *["random", "requests", "secrets", "shutil", "signal", "socket", "sqlite3", "starlette"],
    *["subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "uvicorn"],
}
PURE_PARTS = {
    *["datetime.date", "datetime.datetime", "datetime.timedelta", "datetime.UTC", "io.BytesIO"],
    *["io.StringIO", "pathlib.PurePath", "pathlib.PurePosixPath"],
    *["urllib.parse.quote", "urllib.parse.urlsplit"],
}
IMPURE_CALLS = {"input", "now", "open", "print", "today", "utcnow"}
# Each outside thing is behind one door. The twin is a world of its own.
BEHIND = {
    "copier": ["render.py"],
    "git": ["git.py"],
    "github": ["github.py", "github_*.py"],
    "http": ["github.py", "github_*.py", "twin/*"],
    "httpx": [],
    "requests": ["github.py", "github_*.py"],
    "sqlite3": ["twin/*"],
    "starlette": ["twin/*"],
    "subprocess": ["git.py", "twin/*"],
    "urllib.request": ["github.py", "github_*.py", "twin/*"],
    "uvicorn": ["twin/*"],
}
PURE_UP_TO = list(LAYERS).index("pure")
MAX_FILE, MAX_FUNCTION = 300, 40


def name(path: Path) -> str:
    return path.relative_to(META).as_posix()


def top(path: Path) -> str:
    """The module or package right below meta that a file is, or is in."""
    return path.relative_to(META).parts[0].removesuffix(".py")


def layer(module: str) -> int:
    """From 0, the lowest; past the highest for a module that is in none."""
    for index, names in enumerate(LAYERS.values()):
        if any(fnmatch(module, each) for each in names):
            return index
    return len(LAYERS)


def family(module: str) -> str:
    """`manifest` for `manifest_read`: the stages of one thing may import each other."""
    return module.partition("_")[0] or module


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def known_part(imported: str, known: Collection[str]) -> str:
    """The module that an imported name is or is in: `meta.git` for `meta.git.run`."""
    while imported and imported not in known:
        imported = imported.rpartition(".")[0]
    return imported


def imports(path: Path, *, run: bool = False) -> Iterator[str]:
    """Full names of everything that a file imports, in functions too: `meta.git.push`, `json`.

    `run` leaves out what is imported for the type checker alone.
    """
    package = ("meta", *path.relative_to(META).with_suffix("").parts)
    tree = ast.parse(path.read_text("utf-8"))
    guards = [node for node in ast.walk(tree) if run and is_for_types(node)]
    typed = {id(node) for guard in guards for node in ast.walk(guard)}
    for node in ast.walk(tree):
        if id(node) in typed:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: -node.level]) if node.level else ""
            parent = ".".join(part for part in (start, node.module) if part)
            yield from (f"{parent}.{alias.name}" for alias in node.names)


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def ours(path: Path) -> Iterator[str]:
    """What a file imports of meta: the names right below it, `kinds` for `meta.kinds.label`."""
    for each in imports(path):
        root, _, rest = each.partition(".")
        if root == "meta" and rest not in ("", "__version__"):
            yield rest.partition(".")[0]


MODULES = [path for path in FILES if path != META / "__init__.py"]
EACH = pytest.mark.parametrize("path", FILES, ids=name)


def test_every_module_is_in_a_layer() -> None:
    strangers = {f"meta/{name(path)}" for path in MODULES if layer(top(path)) == len(LAYERS)}
    assert strangers == set(), (
        "Put these into LAYERS in tests/test_shape.py, each into the lowest layer whose rules it "
        "keeps (docs/README.md says what the layers are)."
    )


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_point_down(path: Path) -> None:
    below = layer(top(path))
    for module in ours(path):
        assert family(module) == family(top(path)) or layer(module) < below, (
            f"{name(path)} imports meta.{module}, which is not in a lower layer"
        )


def test_no_module_imports_itself_by_way_of_others() -> None:
    known = {module_name(path): path for path in MODULES}
    graph = {
        module: {known_part(each, known) for each in imports(path, run=True)} - {"", module}
        for module, path in known.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_the_package_itself_imports_nothing() -> None:
    assert list(imports(META / "__init__.py")) in ([], ["__future__.annotations"])


PURE = pytest.mark.parametrize(
    "path", [p for p in MODULES if layer(top(p)) <= PURE_UP_TO], ids=name
)


@PURE
def test_the_pure_import_nothing_that_can_look_outside(path: Path) -> None:
    impure = [each for each in imports(path) if each.partition(".")[0] in IMPURE]
    assert set(impure) <= PURE_PARTS, f"{name(path)} is in a pure layer and may not import these"


@PURE
def test_the_pure_neither_print_nor_open_nor_look_at_the_clock(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            assert called not in IMPURE_CALLS, f"{name(path)}:{node.lineno} calls {called}"


@pytest.mark.parametrize("path", sorted((META / "kinds").glob("*.py")), ids=name)
def test_a_kind_imports_no_other_kind(path: Path) -> None:
    if path.stem != "__init__":
        others = [each for each in imports(path) if each.startswith("meta.kinds")]
        assert others == [], "kinds know nothing of each other; what two need goes a layer down"


@pytest.mark.parametrize("path", sorted((META / "twin").rglob("*.py")), ids=name)
def test_the_twin_shares_nothing_with_the_code_it_tests(path: Path) -> None:
    assert set(ours(path)) <= {"errors", "twin"}


@EACH
def test_each_outside_thing_is_behind_its_door(path: Path) -> None:
    for each in imports(path):
        for thing, doors in BEHIND.items():
            outside = each == thing or each.startswith(f"{thing}.")
            allowed = any(fnmatch(name(path), door) for door in doors)
            assert allowed or not outside, f"{name(path)} imports {each}: that is for {doors}"


@EACH
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.count("\n")
    assert lines <= MAX_FILE, f"{name(path)} has {lines} lines: split it by stage or by kind"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= MAX_FUNCTION, f"{name(path)}: {node.name} has {length} lines"


@EACH
def test_no_module_is_a_drawer_for_odds_and_ends(path: Path) -> None:
    assert not {"utils", "util", "helpers", "common", "base", "misc"} & set(
        path.relative_to(META).with_suffix("").parts
    )


@EACH
def test_a_module_says_in_its_first_line_what_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text)) or ""
    assert docstring.partition("\n")[0].endswith("."), "one sentence, as a docstring"


def test_scripts_are_short() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in ROOT.glob("scripts/*")}
    assert {each: lines for each, lines in lengths.items() if lines > 30} == {}


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import json, sys\n"
        "from meta.__main__ import main\n"
        "sys.argv = ['meta', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage: meta" in run.stdout
    loaded = set(json.loads(run.stdout.splitlines()[-1]))
    heavy = {"github", "git", "copier", "starlette", "graphql", "jsonschema", "markdown_it"}
    assert loaded & (heavy | {"ruamel", "uvicorn", "requests", "jinja2", "pydantic"}) == set()

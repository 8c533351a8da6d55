"""What stands in for the actions of others is there, and its list is right."""

from pathlib import Path

import pytest

from meta.twin.actions.uses import FOLDER, STAND_INS

PAGE = Path(__file__).parents[2] / "docs/reference/twin-actions.md"


def test_every_stand_in_is_listed_with_what_it_does() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    listed = {tuple(cell.strip(" `") for cell in row.strip("|").split("|")) for row in rows}
    assert set(STAND_INS.items()) <= listed


@pytest.mark.parametrize("name", STAND_INS)
def test_a_stand_in_is_an_action(name: str) -> None:
    assert (FOLDER / name / "action.yml").is_file()


def test_no_stand_in_is_left_out_of_the_list() -> None:
    found = {path.parent.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("action.yml")}
    assert {"/".join(each.split("/")[:2]) for each in found} == set(STAND_INS)


def test_the_example_of_the_page_runs() -> None:
    text = PAGE.read_text("utf-8")
    code = text.rpartition("```python\n")[2].partition("```")[0]
    exec(compile(code, str(PAGE), "exec"), {})

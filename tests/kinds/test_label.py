"""Labels on a twin: renamed and recoloured where they are, so that issues keep them."""

from __future__ import annotations

from typing import Any

from meta.model import Address, Create, Delete, Move, Outcome, Update
from tests.grounds import Ground


def labels(ground: Ground) -> dict[str, tuple[str, str]]:
    rows = ground.reader().pages("/repos/acme/api/labels")
    return {row["name"]: (row["color"], row["description"] or "") for row in rows}


def sync(ground: Ground, text: str, *prune: str) -> list[Any]:
    fleet = ground.fleet(text, prune=prune)
    receipts = ground.sync(fleet)
    assert {one.outcome for one in receipts} <= {Outcome.DONE}, receipts
    assert ground.plan(fleet).changes == ()
    return [one.change for one in receipts]


def test_a_label_is_made_with_its_colour_and_description(ground: Ground) -> None:
    (change,) = sync(ground, "labels: {ready: {color: d73a4a, description: It can go}}")
    assert isinstance(change, Create)
    assert labels(ground)["ready"] == ("d73a4a", "It can go")


def test_only_the_declared_field_is_changed(ground: Ground) -> None:
    sync(ground, "labels: {ready: {color: d73a4a, description: It can go}}")
    (change,) = sync(ground, "labels: {ready: {color: '000000'}}")
    assert change == Update(
        Address("acme/api", "label", "ready"),
        {"color": "d73a4a"},
        {"color": "000000"},
        (Address("acme/api", "repository", "api"),),
    )
    assert labels(ground)["ready"] == ("000000", "It can go")


def test_a_renamed_label_stays_on_its_issues(ground: Ground) -> None:
    sync(ground, "labels: {defect: {color: d73a4a}}")
    gh = ground.writer()
    gh.post("/repos/acme/api/issues", {"title": "One", "labels": ["defect"]})
    (change,) = sync(ground, "labels: {broken: {color: d73a4a, was: defect}}")
    assert isinstance(change, Move)
    (issue,) = gh.pages("/repos/acme/api/issues")
    assert [label["name"] for label in issue["labels"]] == ["broken"]
    assert "defect" not in labels(ground)


def test_a_name_with_odd_characters_is_found_again(ground: Ground) -> None:
    odd = "type/bug: ünï #1 100%?"
    sync(ground, f"labels: {{'{odd}': {{color: '111111'}}}}")
    sync(ground, f"labels: {{'{odd}': {{color: '222222'}}}}")
    assert labels(ground)[odd] == ("222222", "")
    sync(ground, "labels: {}", "label")
    assert labels(ground) == {}


def test_labels_of_people_stay_unless_they_are_pruned(ground: Ground) -> None:
    ground.writer().post("/repos/acme/api/labels", {"name": "mine", "color": "ffffff"})
    sync(ground, "labels: {ready: {}}")
    assert "mine" in labels(ground)
    changes = sync(ground, "labels: {ready: {}}", "label")
    assert "mine" in [change.address.key for change in changes if isinstance(change, Delete)]
    assert list(labels(ground)) == ["ready"]


def test_more_labels_than_one_page_holds_converge(ground: Ground) -> None:
    names = ", ".join(
        f"n{number:03d}: {{color: '0000{number % 100:02d}'}}" for number in range(130)
    )
    assert len(sync(ground, f"labels: {{{names}}}")) == 130


def test_a_new_repositorys_own_labels_are_brought_in_line(ground: Ground) -> None:
    """GitHub gives a new repository labels of its own: no plan could see them before."""
    fleet = ground.fleet("labels: {bug: {color: '000000', description: Ours}}", at="new")
    assert {one.outcome for one in ground.sync(fleet)} == {Outcome.DONE}
    assert ground.plan(fleet).changes == ()
    row = ground.reader().get("/repos/acme/new/labels/bug")
    assert (row["color"], row["description"]) == ("000000", "Ours")


def test_a_label_that_differs_in_case_alone_is_the_same_one(ground: Ground) -> None:
    ground.writer().post("/repos/acme/api/labels", {"name": "ready", "color": "ffffff"})
    sync(ground, "labels: {Ready: {color: '000000'}}", "label")
    assert labels(ground) == {"ready": ("000000", "")}


def test_a_label_can_be_renamed_to_another_case(ground: Ground) -> None:
    sync(ground, "labels: {ready: {color: ffffff}}")
    (change,) = sync(ground, "labels: {Ready: {color: ffffff, was: ready}}")
    assert isinstance(change, Move)
    assert labels(ground)["Ready"] == ("ffffff", "")

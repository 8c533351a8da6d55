"""The boards of an organization on a server -> the same boards, ready for a twin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meta.github import Reader
from meta.roadmap_graph import every

Row = Mapping[str, Any]
BOARDS = """query($login: String!, $after: String) {
  organization(login: $login) {
    projectsV2(first: 20, after: $after, orderBy: {field: NUMBER, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id number title closed closedAt public readme shortDescription
        creator { login }
        repositories(first: 100) { nodes { nameWithOwner } }
        fields(first: 100) {
          nodes {
            ... on ProjectV2FieldCommon { name dataType }
            ... on ProjectV2SingleSelectField { options { id name color description } }
            ... on ProjectV2IterationField {
              configuration { duration startDay iterations { id title startDate duration } }
            }
          }
        }
      }
    }
  }
}"""
ITEMS = """query($id: ID!, $after: String) {
  node(id: $id) {
    ... on ProjectV2 {
      items(first: 50, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          isArchived
          creator { login }
          content {
            ... on Issue { number repository { nameWithOwner } }
            ... on PullRequest { number repository { nameWithOwner } }
            ... on DraftIssue { title body }
          }
          fieldValues(first: 50) {
            nodes {
              ... on ProjectV2ItemFieldTextValue { text field { ...named } }
              ... on ProjectV2ItemFieldNumberValue { amount: number field { ...named } }
              ... on ProjectV2ItemFieldDateValue { date field { ...named } }
              ... on ProjectV2ItemFieldSingleSelectValue { optionId field { ...named } }
              ... on ProjectV2ItemFieldIterationValue { iterationId field { ...named } }
            }
          }
        }
      }
    }
  }
}
fragment named on ProjectV2FieldCommon { name dataType }"""
VALUES = ("text", "amount", "date", "optionId", "iterationId")


def boards(gh: Reader, owner: str) -> Iterator[Row]:
    """Every board with fields, items and values; views are the twin's own."""

    def page(after: str | None) -> Any:
        found = gh.query(BOARDS, login=owner, after=after)["organization"]
        return (found or {}).get("projectsV2")

    for row in every(page):
        names = ("number", "title", "closed", "public", "readme")
        yield {
            **{name: row[name] for name in names},
            "owner": owner,
            "closed_at": row["closedAt"],
            "description": row["shortDescription"],
            "creator": (row["creator"] or {}).get("login"),
            "repositories": [one["nameWithOwner"] for one in row["repositories"]["nodes"] if one],
            "fields": [{**one, "type": one["dataType"]} for one in row["fields"]["nodes"] if one],
            "items": items(gh, row["id"]),
        }


def items(gh: Reader, id: str) -> list[Row]:
    def page(after: str | None) -> Any:
        return gh.query(ITEMS, id=id, after=after)["node"]["items"]

    return [item(row) for row in every(page)]


def item(row: Row) -> Row:
    held = row["content"] or {}
    issue = f"{held['repository']['nameWithOwner']}#{held['number']}" if "number" in held else None
    values = {
        value["field"]["name"]: value[name]
        for value in row["fieldValues"]["nodes"]
        for name in VALUES
        if value and value.get(name) is not None
    }
    return {
        "content": issue,
        "draft": held if "title" in held else None,
        "archived": row["isArchived"],
        "creator": (row["creator"] or {}).get("login"),
        "values": values,
    }

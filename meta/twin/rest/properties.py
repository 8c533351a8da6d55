"""/properties of organizations and repositories: which there are, and what each repository says."""

from __future__ import annotations

from typing import Any

from meta.twin.rest.shapes import repos
from meta.twin.store import Row
from meta.twin.web import Answer, Call, Refusal, page, there

KIND = "property"
TYPES = ("string", "single_select", "multi_select", "true_false", "url")
EDITORS = ("org_actors", "org_and_repo_actors")
MOST = 100
FIELDS = ("required", "default_value", "description", "allowed_values", "values_editable_by")
BLANK = {
    "required": False,
    "default_value": None,
    "description": None,
    "allowed_values": None,
    "values_editable_by": "org_actors",
}


def schema(call: Call, org: Row) -> list[dict[str, Any]]:
    return [_shown(call, org, row) for row in call.store.rows(KIND, org.key)]


def put_schema(call: Call, org: Row) -> list[dict[str, Any]]:
    """Adds and changes those that are named; the others stay."""
    given = call.fields.get("properties")
    if not isinstance(given, list):
        raise Refusal(422, 'Invalid request.\n\n"properties" wasn\'t supplied.')
    rows = [_set(call, org, str(each.get("property_name") or ""), each) for each in given]
    return [_shown(call, org, row) for row in rows]


def show(call: Call, org: Row, name: str) -> dict[str, Any]:
    return _shown(call, org, _find(call, org, name))


def put(call: Call, org: Row, name: str) -> dict[str, Any]:
    return _shown(call, org, _set(call, org, name, call.fields))


def delete(call: Call, org: Row, name: str) -> None:
    """Repositories lose their values of it."""
    call.store.drop(_find(call, org, name))
    for repo in call.store.rows("repo", org.key):
        if repo.doc["custom_properties"].pop(name, None) is not None:
            call.store.save(repo)


def of_org(call: Call, org: Row) -> Answer:
    word = call.query.get("repository_query", "").lower()
    kept = [row for row in call.store.rows("repo", org.key) if word in row.key]
    return page(call, kept, lambda repo: _values(call, repo))


def put_of_org(call: Call, org: Row) -> None:
    names = call.fields.get("repository_names")
    if not isinstance(names, list) or not 0 < len(names) <= 30:
        raise Refusal(422, "repository_names must name 1 to 30 repositories")
    for repo in [call.store.repo(org.key, str(name)) for name in names]:
        _change(call, repo)


def of_repo(call: Call, repo: Row) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = _values(call, repo)["properties"]
    return shown


def put_of_repo(call: Call, repo: Row) -> None:
    _change(call, repo)


def _values(call: Call, repo: Row) -> dict[str, Any]:
    said = repo.doc["custom_properties"]
    properties = [
        {"property_name": row.key, "value": said.get(row.key, row.doc["default_value"])}
        for row in call.store.rows(KIND, repo.scope)
    ]
    return {
        "repository_id": repo.rest,
        "repository_name": repo.doc["name"],
        "repository_full_name": repos.full_name(repo),
        "properties": [each for each in properties if each["value"] is not None],
    }


def _change(call: Call, repo: Row) -> None:
    given = call.fields.get("properties")
    if not isinstance(given, list):
        raise Refusal(422, 'Invalid request.\n\n"properties" wasn\'t supplied.')
    for each in given:
        name, value = str(each.get("property_name")), each.get("value")
        row = call.store.get(KIND, repo.scope, name)
        if row is None:
            raise _refused(f"Property '{name}' does not exist")
        if value is None:
            repo.doc["custom_properties"].pop(name, None)
        else:
            repo.doc["custom_properties"][name] = _valid(name, row.doc, value)
    call.store.save(repo)


def _valid(name: str, doc: dict[str, Any], value: Any) -> Any:
    sort, allowed = doc["value_type"], doc["allowed_values"] or []
    values = value if sort == "multi_select" and isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in values):
        raise _refused(f"Property '{name}' takes text")
    if sort == "true_false":
        allowed = ["true", "false"]
    if sort in ("single_select", "multi_select", "true_false"):
        strange = [each for each in values if each not in allowed]
        if strange:
            raise _refused(f"Property '{name}' does not allow '{strange[0]}'")
    return value


def _set(call: Call, org: Row, name: str, given: dict[str, Any]) -> Row:
    if not name or len(name) > 75 or any(each.isspace() for each in name):
        raise _refused("Property name is not valid")
    row = call.store.get(KIND, org.key, name)
    doc = {**BLANK, **(row.doc if row else {}), "value_type": given.get("value_type")}
    doc |= {each: given[each] for each in FIELDS if each in given}
    if doc["value_type"] not in TYPES or (row and row.doc["value_type"] != doc["value_type"]):
        raise _refused("value_type is not valid, or is not what it was")
    if doc["values_editable_by"] not in EDITORS:
        raise _refused("values_editable_by is not valid")
    if doc["value_type"].endswith("_select") and not doc["allowed_values"]:
        raise _refused("allowed_values must not be empty")
    if doc["required"] and doc["default_value"] is None:
        raise _refused("A required property needs a default value")
    if doc["default_value"] is not None:
        _valid(name, doc, doc["default_value"])
    if row is None:
        if len(call.store.rows(KIND, org.key)) >= MOST:
            raise _refused(f"An organization has at most {MOST} properties")
        return call.store.add(KIND, org.key, name, doc)
    row.doc = doc
    call.store.save(row)
    return row


def _find(call: Call, org: Row, name: str) -> Row:
    return there(call.store.get(KIND, org.key, name))


def _shown(call: Call, org: Row, row: Row) -> dict[str, Any]:
    url = f"{call.api}/orgs/{org.doc['login']}/properties/schema/{row.key}"
    default = row.doc["default_value"]
    kept = {name: row.doc[name] for name in ("value_type", *FIELDS) if name != "default_value"}
    return {
        "property_name": row.key,
        "url": url,
        "source_type": "organization",
        **kept,
        **({} if default is None else {"default_value": default}),
    }


def _refused(words: str) -> Refusal:
    return Refusal(422, words)


SCHEMA, VALUES = "/orgs/{org}/properties/schema", "/orgs/{org}/properties/values"
ROUTES = [
    ("GET", SCHEMA, schema),
    ("PATCH", SCHEMA, put_schema),
    ("GET", f"{SCHEMA}/{{name}}", show),
    ("PUT", f"{SCHEMA}/{{name}}", put),
    ("DELETE", f"{SCHEMA}/{{name}}", delete),
    ("GET", VALUES, of_org),
    ("PATCH", VALUES, put_of_org),
    ("GET", "/repos/{owner}/{repo}/properties/values", of_repo),
    ("PATCH", "/repos/{owner}/{repo}/properties/values", put_of_repo),
]

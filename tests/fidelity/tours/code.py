"""Contents, git data, branches, commits and pull requests."""

from base64 import b64encode

from tests.fidelity.tours.walk import REPO, Walk


def contents(go: Walk) -> None:
    go(f"GET {REPO}/contents")
    go(f"GET {REPO}/contents/README.md")
    go(f"GET {REPO}/readme")
    new = {"message": "Add", "content": b64encode(b"one\n").decode(), "branch": "main"}
    made = go(f"PUT {REPO}/contents/docs/a.txt", 201, json=new)
    sha = made["content"]["sha"]
    go(f"PUT {REPO}/contents/docs/a.txt", 409, json={**new, "sha": "0" * 40})
    changed = {**new, "content": b64encode(b"two\n").decode(), "sha": sha}
    sha = go(f"PUT {REPO}/contents/docs/a.txt", json=changed)["content"]["sha"]
    go(f"GET {REPO}/contents/docs")
    go("GET /Acme/tool/raw/main/docs/a.txt")
    go(f"DELETE {REPO}/contents/docs/a.txt", json={"message": "Drop", "sha": sha})
    go(f"GET {REPO}/contents/docs/a.txt", 404)


def git_data(go: Walk) -> None:
    git = f"{REPO}/git"
    head = go(f"GET {git}/ref/heads/main")["object"]["sha"]
    blob = go(f"POST {git}/blobs", 201, json={"content": "hello\n"})["sha"]
    go(f"GET {git}/blobs/{blob}")
    old = go(f"GET {git}/commits/{head}")["tree"]["sha"]
    entry = {"path": "hello.txt", "mode": "100644", "type": "blob", "sha": blob}
    tree = go(f"POST {git}/trees", 201, json={"base_tree": old, "tree": [entry]})["sha"]
    go(f"GET {git}/trees/{tree}", params={"recursive": 1})
    words = {"message": "Hello", "tree": tree, "parents": [head]}
    commit = go(f"POST {git}/commits", 201, json=words)["sha"]
    go(f"POST {git}/refs", 201, json={"ref": "refs/heads/work", "sha": commit})
    go(f"POST {git}/refs", 422, json={"ref": "refs/heads/work", "sha": commit})
    tag = {"tag": "v1", "message": "One", "object": commit, "type": "commit"}
    made = go(f"POST {git}/tags", 201, json=tag)["sha"]
    go(f"GET {git}/tags/{made}")
    go(f"POST {git}/refs", 201, json={"ref": "refs/tags/v1", "sha": made})
    go(f"GET {git}/refs")
    go(f"GET {git}/refs/heads/main")
    go(f"GET {git}/matching-refs/heads/")
    go(f"GET {git}/ref/heads/none", 404)
    go(f"POST {git}/refs", 201, json={"ref": "refs/heads/gone", "sha": head})
    go(f"PATCH {git}/refs/heads/gone", json={"sha": commit})
    go(f"PATCH {git}/refs/heads/gone", 422, json={"sha": head})
    go(f"DELETE {git}/refs/heads/gone", 204)


def branches(go: Walk) -> None:
    go(f"GET {REPO}/branches")
    go(f"GET {REPO}/branches/main")
    go(f"GET {REPO}/branches/none", 404)
    go(f"GET {REPO}/tags")
    go(f"GET {REPO}/branches/main/protection", 404)
    head = go(f"GET {REPO}/git/ref/heads/main")["object"]["sha"]
    go(f"POST {REPO}/git/refs", 201, json={"ref": "refs/heads/before", "sha": head})
    go(f"POST {REPO}/branches/before/rename", 201, json={"new_name": "after"})


def commits(go: Walk) -> None:
    go(f"GET {REPO}/commits")
    go(f"GET {REPO}/commits/main")
    go(f"GET {REPO}/commits/none", 404)
    go(f"GET {REPO}/commits/main/status")
    go(f"GET {REPO}/compare/main...work")
    go("POST /orgs/Acme/repos", 201, json={"name": "empty"})
    go("GET /repos/Acme/empty/commits", 409)


def pulls(go: Walk) -> None:
    asked = {"title": "Work", "head": "work", "base": "main", "body": "Please"}
    pull = go(f"POST {REPO}/pulls", 201, json=asked)
    go(f"POST {REPO}/pulls", 422, json=asked)
    one = f"{REPO}/pulls/{pull['number']}"
    go(f"GET {REPO}/pulls")
    go(f"GET {one}")
    go(f"PATCH {one}", json={"title": "Good work"})
    go(f"GET {one}/files")
    go(f"GET {one}/commits")
    team = go("POST /orgs/Acme/teams", 201, json={"name": "Readers"})["slug"]
    go(f"POST {one}/requested_reviewers", 201, json={"team_reviewers": [team]})
    go(f"GET {one}/requested_reviewers")
    go(f"DELETE {one}/requested_reviewers", json={"reviewers": [], "team_reviewers": [team]})
    go(f"GET {one}/merge", 404)
    go(f"PUT {one}/merge", 409, json={"sha": "0" * 40})
    go(f"PUT {one}/merge", json={"merge_method": "squash"})
    go(f"PUT {one}/merge", 405, json={})
    go(f"GET {one}/merge", 204)
    go(f"GET {one}")
    go(f"GET {REPO}/pulls", params={"state": "closed"})


AREAS = (contents, git_data, branches, commits, pulls)

"""Git over HTTP, and the objects, refs, commits and files behind it."""

import base64
import gzip
import os

import pytest


def test_a_push_and_a_clone_carry_the_same_commit(gh, repo, clone, tmp_path, twin):
    sha = clone.commit({"src/a.txt": "a\n"}, "second")
    clone.push("main")
    clone.git("clone", "-q", f"{twin.url}/Acme/tool", str(tmp_path / "copy"))
    copied = clone.git("-C", str(tmp_path / "copy"), "rev-parse", "HEAD").strip()
    assert copied == sha
    assert gh.get(f"{repo}/commits/main").json()["sha"] == sha


def test_the_first_push_names_the_default_branch(gh, repo, fresh, twin):
    clone = fresh("Acme/tool")
    clone.commit({"a": "a"})
    clone.push("main:trunk")
    assert gh.get(repo).json()["default_branch"] == "trunk"
    assert "HEAD branch: trunk" in clone.git("remote", "show", f"{twin.url}/Acme/tool")


def test_a_push_needs_a_token_and_a_private_clone_too(gh, repo, clone, twin, tmp_path):
    said = clone.git("push", f"{twin.url}/Acme/tool", "main:x", fails=True)
    assert "could not read Username" in said
    gh.patch(repo, json={"private": True})
    place = str(tmp_path / "secret")
    assert "could not read Username" in clone.git(
        "clone", f"{twin.url}/Acme/tool", place, fails=True
    )
    clone.git("clone", "-q", clone.remote, place)


def test_large_pushes_and_partial_clones_work(repo, clone, twin, tmp_path):
    (clone.folder / "large").write_bytes(os.urandom(3_000_000))
    clone.commit({"small": "s"}, "large")
    clone.push("main")
    place = tmp_path / "partial"
    clone.git(
        "clone", "-q", "--filter=blob:none", "--no-checkout", f"{twin.url}/Acme/tool", str(place)
    )
    missing = clone.git("-C", str(place), "rev-list", "--objects", "--all", "--missing=print")
    assert missing.count("?") == 3


def test_a_packed_body_is_read_and_a_broken_one_is_refused(gh, repo):
    packed = {"Content-Encoding": "gzip"}
    body = gzip.compress(b'{"name": "packed"}')
    assert gh.post(f"{repo}/labels", content=body, headers=packed).status_code == 201
    for path in (f"{repo}/labels", "/Acme/tool/git-receive-pack"):
        assert gh.post(path, content=b"not gzip", headers=packed).status_code == 400


def test_a_repository_that_is_not_there_is_said_to_git(repo, fresh, twin):
    said = fresh("Acme/none").git("ls-remote", f"http://x:y@{twin.url[7:]}/Acme/none", fails=True)
    assert "not found" in said


def test_a_tree_is_shown_flat_and_deep(gh, repo, clone):
    sha = clone.commit({"src/a.txt": "a\n", "b": "b"})
    clone.push("main")
    flat = gh.get(f"{repo}/git/trees/main").json()
    assert [(row["path"], row["type"]) for row in flat["tree"]] == [
        ("README.md", "blob"),
        ("b", "blob"),
        ("src", "tree"),
    ]
    deep = gh.get(f"{repo}/git/trees/{sha}?recursive=1").json()
    files = {row["path"]: row for row in deep["tree"]}
    assert files["src/a.txt"]["size"] == 2
    assert files["src/a.txt"]["sha"] == clone.git("rev-parse", "HEAD:src/a.txt").strip()
    assert deep["truncated"] is False


def test_objects_can_be_built_one_by_one_into_a_branch(gh, repo, clone):
    words = base64.b64encode(b"#!/bin/sh\n").decode()
    blob = gh.post(f"{repo}/git/blobs", json={"content": words, "encoding": "base64"}).json()
    tip = gh.get(f"{repo}/git/ref/heads/main").json()["object"]["sha"]
    tree = gh.post(
        f"{repo}/git/trees",
        json={
            "base_tree": tip,
            "tree": [
                {"path": "bin/run", "mode": "100755", "type": "blob", "sha": blob["sha"]},
                {"path": "note", "mode": "100644", "type": "blob", "content": "hi"},
                {"path": "README.md", "mode": "100644", "type": "blob", "sha": None},
            ],
        },
    ).json()
    assert [row["path"] for row in tree["tree"]] == ["bin", "note"]
    author = {"name": "Ada", "email": "ada@example.org", "date": "2026-01-02T03:04:05Z"}
    body = {"message": "built", "tree": tree["sha"], "parents": [tip], "author": author}
    commit = gh.post(f"{repo}/git/commits", json=body).json()
    assert commit["author"] == author
    made = gh.post(f"{repo}/git/refs", json={"ref": "refs/heads/built", "sha": commit["sha"]})
    assert made.status_code == 201
    clone.git("fetch", "-q", clone.remote, "built")
    assert clone.git("show", "FETCH_HEAD:bin/run") == "#!/bin/sh\n"
    assert clone.git("ls-tree", "FETCH_HEAD", "bin/run").startswith("100755")


def test_refs_are_created_moved_and_deleted_once(gh, repo, clone):
    first = clone.git("rev-parse", "HEAD").strip()
    second = clone.commit({"a": "a"})
    clone.push("main")
    refs = f"{repo}/git/refs"
    new = {"ref": "refs/heads/dev", "sha": second}
    assert gh.post(refs, json=new).status_code == 201
    assert gh.post(refs, json=new).json()["message"] == "Reference already exists"
    back = gh.patch(f"{refs}/heads/dev", json={"sha": first})
    assert (back.status_code, back.json()["message"]) == (422, "Update is not a fast forward")
    assert gh.patch(f"{refs}/heads/dev", json={"sha": first, "force": True}).status_code == 200
    listed = gh.get(f"{repo}/git/matching-refs/heads/d").json()
    assert [row["ref"] for row in listed] == ["refs/heads/dev"]
    assert gh.delete(f"{refs}/heads/dev").status_code == 204
    assert gh.delete(f"{refs}/heads/dev").json()["message"] == "Reference does not exist"
    assert gh.get(f"{repo}/git/ref/heads/dev").status_code == 404


def test_an_annotated_tag_is_an_object_and_a_ref(gh, repo, clone):
    sha = clone.git("rev-parse", "HEAD").strip()
    body = {"tag": "v1", "message": "One", "object": sha, "type": "commit"}
    tag = gh.post(f"{repo}/git/tags", json=body).json()
    assert (tag["tag"], tag["message"], tag["object"]["sha"]) == ("v1", "One", sha)
    gh.post(f"{repo}/git/refs", json={"ref": "refs/tags/v1", "sha": tag["sha"]})
    assert gh.get(f"{repo}/git/ref/tags/v1").json()["object"]["type"] == "tag"
    assert gh.get(f"{repo}/tags").json()[0]["commit"]["sha"] == sha
    assert gh.get(f"{repo}/git/tags/{tag['sha']}").json() == tag


def test_commits_are_listed_and_shown_with_their_files(gh, repo, clone):
    clone.commit({"a": "1\n2\n", "README.md": "# kit\n"}, "second")
    clone.push("main")
    assert [row["commit"]["message"] for row in gh.get(f"{repo}/commits").json()] == [
        "second",
        "first",
    ]
    assert len(gh.get(f"{repo}/commits?path=a").json()) == 1
    shown = gh.get(f"{repo}/commits/main").json()
    assert shown["stats"] == {"total": 4, "additions": 3, "deletions": 1}
    assert [(row["filename"], row["status"]) for row in shown["files"]] == [
        ("README.md", "modified"),
        ("a", "added"),
    ]
    assert shown["files"][1]["patch"] == "@@ -0,0 +1,2 @@\n+1\n+2"


def test_two_branches_are_compared(gh, repo, clone):
    clone.push("main:dev")
    clone.commit({"a": "a"}, "ahead")
    clone.push("main")
    ahead = gh.get(f"{repo}/compare/dev...main").json()
    assert (ahead["status"], ahead["ahead_by"], ahead["behind_by"]) == ("ahead", 1, 0)
    assert [row["filename"] for row in ahead["files"]] == ["a"]
    assert gh.get(f"{repo}/compare/main...dev").json()["status"] == "behind"


def test_files_are_read_written_and_deleted_by_their_content(gh, repo, clone):
    assert [row["name"] for row in gh.get(f"{repo}/contents/").json()] == ["README.md"]
    words = base64.b64encode(b"hello").decode()
    place = f"{repo}/contents/docs/new.md"
    made = gh.put(place, json={"message": "add", "content": words})
    assert made.status_code == 201
    shown = gh.get(place).json()
    assert base64.b64decode(shown["content"]) == b"hello"
    assert gh.get(shown["download_url"]).text == "hello"
    blind = gh.put(place, json={"message": "change", "content": words})
    assert blind.status_code == 422
    stale = gh.put(place, json={"message": "change", "content": words, "sha": "0" * 40})
    assert stale.status_code == 409
    gone = gh.request("DELETE", place, json={"message": "rm", "sha": shown["sha"]})
    assert gone.status_code == 200
    assert gh.get(place).status_code == 404


def test_branches_are_listed_shown_and_renamed(gh, repo, clone):
    clone.push("main:feature/x")
    assert [row["name"] for row in gh.get(f"{repo}/branches").json()] == ["feature/x", "main"]
    assert gh.get(f"{repo}/branches/feature%2Fx").json()["protected"] is False
    assert gh.get(f"{repo}/branches/none").status_code == 404
    none = gh.get(f"{repo}/branches/main/protection")
    assert (none.status_code, none.json()["message"]) == (404, "Branch not protected")
    renamed = gh.post(f"{repo}/branches/main/rename", json={"new_name": "trunk"})
    assert renamed.status_code == 201
    assert gh.get(repo).json()["default_branch"] == "trunk"


def test_the_default_branch_can_be_another_that_is_there(gh, repo, clone):
    assert gh.patch(repo, json={"default_branch": "dev"}).status_code == 422
    clone.push("main:dev")
    assert gh.patch(repo, json={"default_branch": "dev"}).json()["default_branch"] == "dev"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "git/blobs", {"content": "x"}),
        ("GET", "git/trees/main", None),
        ("GET", "commits", None),
        ("POST", "git/refs", {"ref": "refs/heads/x", "sha": "0" * 40}),
    ],
)
def test_an_empty_repository_is_said_to_be_empty(gh, repo, method, path, body):
    answer = gh.request(method, f"{repo}/{path}", json=body)
    assert (answer.status_code, answer.json()["message"]) == (409, "Git Repository is empty.")

"""A new repository -> its first commit, for those who ask for one (`auto_init`)."""

from __future__ import annotations

from meta.twin import git
from meta.twin.store import Row, now
from meta.twin.web import ADMIN, Call

EMAIL = f"{ADMIN}@users.noreply.github.com"


def make(call: Call, repo: Row) -> None:
    folder = call.store.git_dir(repo)
    words = f"# {repo.doc['name']}\n"
    if repo.doc["description"]:
        words += f"{repo.doc['description']}\n"
    blob = git.store_object(folder, "blob", words.encode())
    tree = git.run(folder, "mktree", stdin=f"100644 blob {blob}\tREADME.md\n".encode())
    env = identity()
    commit = git.text(folder, "commit-tree", tree.decode().strip(), "-m", "Initial commit", env=env)
    git.set_ref(folder, f"refs/heads/{repo.doc['default_branch']}", commit)
    repo.doc["pushed_at"] = now()
    call.store.save(repo)


def identity(name: str = ADMIN, email: str = EMAIL) -> dict[str, str]:
    """Who makes the commits that GitHub makes itself, as git wants to be told."""
    both = ("AUTHOR", "COMMITTER")
    names = {f"GIT_{who}_NAME": name for who in both}
    return names | {f"GIT_{who}_EMAIL": email for who in both}

"""Terraform roots are complete and typed, trust no pattern, and keep their state elsewhere.

This reads the files as text, so it needs neither Terraform nor the network; `terraform validate`
knows more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOTS = ("shared-resources", "ec2-deployment", "kubernetes-deployment")
FILES = ("versions.tf", "variables.tf", "main.tf", "outputs.tf", "dev.tfvars", "production.tfvars")
BLOCK = re.compile(r'^(variable|output) "([^"]+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
SUBJECT = re.compile(
    r"token\.actions\.githubusercontent\.com:sub.*?values\s*=\s*\[(.*?)\]", re.DOTALL
)
ASSIGNMENT = re.compile(r"^(\w+) *=", re.MULTILINE)


def problems(root: Path) -> Iterator[str]:
    for folder in (root / "terraform" / name for name in ROOTS):
        missing = [name for name in FILES if not (folder / name).is_file()]
        yield from (f"{folder.relative_to(root)}: {name} is missing" for name in missing)
        if not missing:
            yield from (f"{folder.relative_to(root)}: {text}" for text in root_problems(folder))
    for path in sorted(root.glob("terraform/**/*.tf")):
        yield from (f"{path.relative_to(root)}: {text}" for text in text_problems(path))
    for path in sorted(root.glob("**/*.tfstate*")):
        yield f"{path.relative_to(root)}: state holds secrets and must not be committed"


def root_problems(folder: Path) -> Iterator[str]:
    required = set()
    declared = set()
    for kind, name, body in BLOCK.findall((folder / "variables.tf").read_text(encoding="utf-8")):
        attributes = set(re.findall(r"^  (\w+)", body, re.MULTILINE))
        wanted = {"description", "type"} if kind == "variable" else {"description"}
        for attribute in sorted(wanted - attributes):
            yield f"variable {name} has no {attribute}"
        declared.add(name)
        if "default" not in attributes:
            required.add(name)
    for kind, name, body in BLOCK.findall((folder / "outputs.tf").read_text(encoding="utf-8")):
        if not re.search(r"^  description\b", body, re.MULTILINE):
            yield f"{kind} {name} has no description"
    for environment in ("dev", "production"):
        text = (folder / f"{environment}.tfvars").read_text(encoding="utf-8")
        given = set(ASSIGNMENT.findall(text))
        yield from (f"{environment}.tfvars sets no {name}" for name in sorted(required - given))
        yield from (
            f"{environment}.tfvars sets {name}, which is no variable"
            for name in sorted(given - declared)
        )
        if not re.search(rf'^environment *= *"{environment}"$', text, re.MULTILINE):
            yield f'{environment}.tfvars does not say environment = "{environment}"'


def text_problems(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if text.count("{") != text.count("}") or text.count("[") != text.count("]"):
        yield "brackets do not match"
    for subjects in SUBJECT.findall(text):
        if "*" in subjects:
            yield f"trusts the pattern {subjects.strip()}, expected one repository's environment"
    if re.search(r"token\.actions\.githubusercontent\.com:sub", text) and "StringLike" in text:
        yield "StringLike makes a pattern of the trusted subject, expected StringEquals"
    for secret in re.findall(r"\bAKIA[0-9A-Z]{16}\b", text):
        yield f"holds the access key {secret[:8]}..."

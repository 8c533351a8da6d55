// Makes, reads, changes and removes each kind of thing through Octokit. One line for each step that
// went as it should; any other answer ends the program. Arguments: the address of a twin.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [address, modules] = process.argv.slice(2);
const { Octokit } = await import(
  pathToFileURL(createRequire(`${modules}/`).resolve("@octokit/rest"))
);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const octokit = new Octokit({ auth: "any-token", baseUrl: address, log: quiet });
const { rest } = octokit;
const at = { owner: "Acme", repo: "kit" };
const done = (step) => console.log(step);

const repo = await rest.repos.createInOrg({ org: "Acme", name: "kit", auto_init: true });
assert.equal(repo.status, 201);
await rest.repos.update({ ...at, description: "Kit", has_wiki: false });
await rest.repos.replaceAllTopics({ ...at, names: ["earth"] });
const seen = (await rest.repos.get(at)).data;
assert.deepEqual([seen.description, seen.has_wiki, seen.topics], ["Kit", false, ["earth"]]);
done("repository");

await rest.issues.createLabel({ ...at, name: "area", color: "FF0000" });
await rest.issues.updateLabel({ ...at, name: "area", new_name: "field", description: "Where" });
assert.equal((await rest.issues.getLabel({ ...at, name: "field" })).data.color, "ff0000");
const labels = await octokit.paginate(rest.issues.listLabelsForRepo, { ...at, per_page: 3 });
assert.equal(labels.length, 10);
await rest.issues.deleteLabel({ ...at, name: "wontfix" });
done("label");

const stone = (await rest.issues.createMilestone({ ...at, title: "Step" })).data.number;
await rest.issues.updateMilestone({ ...at, milestone_number: stone, description: "First" });
assert.equal((await rest.issues.listMilestones(at)).data[0].description, "First");
done("milestone");

const made = { ...at, title: "One", labels: ["field"], milestone: stone };
const issue = (await rest.issues.create(made)).data;
const child = (await rest.issues.create({ ...at, title: "Part" })).data;
await rest.issues.addSubIssue({ ...at, issue_number: issue.number, sub_issue_id: child.id });
const below = await rest.issues.listSubIssues({ ...at, issue_number: issue.number });
assert.deepEqual(below.data.map((each) => each.title), ["Part"]);
const closed = { ...at, issue_number: child.number, state: "closed", state_reason: "completed" };
await rest.issues.update(closed);
await rest.issues.createComment({ ...at, issue_number: issue.number, body: "Seen" });
const shown = (await rest.issues.get({ ...at, issue_number: issue.number })).data;
assert.deepEqual([shown.sub_issues_summary.completed, shown.comments], [1, 1]);
await rest.issues.removeSubIssue({ ...at, issue_number: issue.number, sub_issue_id: child.id });
done("issue");

const main = (await rest.git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
const base = (await rest.git.getCommit({ ...at, commit_sha: main })).data.tree.sha;
const entry = { path: "a.txt", mode: "100644", type: "blob", content: "a\n" };
const tree = (await rest.git.createTree({ ...at, base_tree: base, tree: [entry] })).data.sha;
const words = { ...at, message: "Add a", tree, parents: [main] };
const commit = (await rest.git.createCommit(words)).data.sha;
await rest.git.createRef({ ...at, ref: "refs/heads/work", sha: commit });
const listed = await rest.git.getTree({ ...at, tree_sha: "work", recursive: "1" });
assert.deepEqual(listed.data.tree.map((each) => each.path), ["README.md", "a.txt"]);
done("files");

const asked = { ...at, head: "work", base: "main", title: "Work" };
const pull = (await rest.pulls.create(asked)).data.number;
const files = await rest.pulls.listFiles({ ...at, pull_number: pull });
assert.deepEqual(files.data.map((each) => each.filename), ["a.txt"]);
await rest.pulls.update({ ...at, pull_number: pull, title: "Good work" });
const merged = await rest.pulls.merge({ ...at, pull_number: pull, merge_method: "squash" });
assert.equal(merged.data.merged, true);
const content = (await rest.repos.getContent({ ...at, path: "a.txt" })).data.content;
assert.equal(Buffer.from(content, "base64").toString(), "a\n");
done("proposal");

const rules = { name: "main", enforcement: "active", rules: [{ type: "deletion" }] };
const rule = (await rest.repos.createRepoRuleset({ ...at, ...rules })).data.id;
await rest.repos.updateRepoRuleset({ ...at, ruleset_id: rule, enforcement: "disabled" });
const kept = (await rest.repos.getRepoRuleset({ ...at, ruleset_id: rule })).data;
assert.deepEqual([kept.enforcement, kept.rules.length], ["disabled", 1]);
await rest.repos.deleteRepoRuleset({ ...at, ruleset_id: rule });
done("ruleset");

const prod = { ...at, environment_name: "prod" };
await rest.repos.createOrUpdateEnvironment({ ...prod, wait_timer: 5 });
assert.equal((await rest.repos.getEnvironment(prod)).data.protection_rules[0].wait_timer, 5);
await rest.repos.deleteAnEnvironment(prod);
done("environment");

const team = { org: "Acme", team_slug: "core" };
await rest.teams.create({ org: "Acme", name: "Core", privacy: "closed" });
await rest.teams.addOrUpdateRepoPermissionsInOrg({ ...team, ...at, permission: "maintain" });
assert.equal((await rest.repos.listTeams(at)).data[0].permission, "maintain");
await rest.teams.addOrUpdateMembershipForUserInOrg({ ...team, username: "twin-admin" });
assert.equal((await rest.teams.listMembersInOrg(team)).data[0].login, "twin-admin");
await rest.teams.deleteInOrg(team);
done("team");

const graphql = (query, values) => octokit.graphql(query, values);
const owner = (await graphql('{ organization(login: "Acme") { id } }')).organization.id;
const create = `mutation($owner: ID!) {
  createProjectV2(input: {ownerId: $owner, title: "Plan"}) { projectV2 { id number } } }`;
const board = (await graphql(create, { owner })).createProjectV2.projectV2;
const add = `mutation($board: ID!, $issue: ID!) {
  addProjectV2ItemById(input: {projectId: $board, contentId: $issue}) { item { id } } }`;
await graphql(add, { board: board.id, issue: issue.node_id });
const link = `mutation($board: ID!, $repo: ID!) {
  linkProjectV2ToRepository(input: {projectId: $board, repositoryId: $repo}) {
    repository { name } } }`;
await graphql(link, { board: board.id, repo: repo.data.node_id });
const read = `query($board: ID!) { node(id: $board) { ... on ProjectV2 {
  title items(first: 5) { nodes { content { ... on Issue { title } } } }
  repositories(first: 5) { nodes { name } } } } }`;
assert.deepEqual((await graphql(read, { board: board.id })).node, {
  title: "Plan",
  items: { nodes: [{ content: { title: "One" } }] },
  repositories: { nodes: [{ name: "kit" }] },
});
done("project");

await assert.rejects(rest.issues.get({ ...at, issue_number: 99 }), { status: 404 });
const taken = rest.issues.createLabel({ ...at, name: "bug", color: "ff0000" });
await assert.rejects(taken, (error) => {
  assert.equal(error.status, 422);
  assert.equal(error.response.data.errors[0].code, "already_exists");
  return true;
});
await rest.repos.delete(at);
await assert.rejects(rest.repos.get(at), { status: 404 });
done("refusal");

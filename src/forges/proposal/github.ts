import { z } from 'zod';
import { ask, parseAnswer } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import { repositoryPath, requireCommit } from '../reference.ts';
import { AUTHOR, type Proposal, type Propose } from './model.ts';
import { requireBase, requireBranch, requireRequest } from './refusal.ts';

const Repository = z.object({ default_branch: z.string() });
const Commit = z.object({ tree: z.object({ sha: z.string() }) });
const Made = z.object({ sha: z.string() });
const Reference = z.object({ object: z.object({ sha: z.string() }) });
const Pull = z.object({ number: z.number(), html_url: z.string() });

/** GitHub by its Git database: tree, commit, reference; then the pull request. */
export const proposeOnGithub: Propose = async (client, proposal) => {
  const path = repositoryPath(proposal);
  const target =
    proposal.target ??
    (await ask(client, { method: 'GET', target: path }, Repository, 'the repository')).default_branch;
  const commit = await makeCommit(client, path, proposal);
  await makeBranch(client, path, proposal.branch, commit);
  const { title, body, branch } = proposal;
  const reply = await client.send({
    method: 'POST',
    target: `${path}/pulls`,
    body: { title, body, head: branch, base: target, maintainer_can_modify: true },
  });
  const { number, html_url } = parseAnswer(requireRequest(reply, branch), Pull, 'the pull request');
  return { number, url: html_url, target };
};

async function makeCommit(
  client: HttpClient,
  path: string,
  { baseCommit, files, message, date }: Proposal,
): Promise<string> {
  const known = await client.send({ method: 'GET', target: `${path}/git/commits/${requireCommit(baseCommit)}` });
  const { tree } = parseAnswer(requireBase(known, baseCommit), Commit, 'the commit to build on');
  const entries = files.map((file) => {
    return { path: file.path, mode: file.executable ? '100755' : '100644', type: 'blob', content: file.after };
  });
  const body = { base_tree: tree.sha, tree: entries };
  const made = await ask(client, { method: 'POST', target: `${path}/git/trees`, body }, Made, 'the new tree');
  const identity = { ...AUTHOR, date };
  const commit = { message, tree: made.sha, parents: [baseCommit], author: identity, committer: identity };
  const request = { method: 'POST', target: `${path}/git/commits`, body: commit } as const;
  return (await ask(client, request, Made, 'the new commit')).sha;
}

/** A request that was repeated after a lost answer finds its own branch. */
async function makeBranch(client: HttpClient, path: string, branch: string, commit: string): Promise<void> {
  const body = { ref: `refs/heads/${branch}`, sha: commit };
  const reply = await client.send({ method: 'POST', target: `${path}/git/refs`, body });
  if (reply.status === 422) {
    const escaped = branch
      .split('/')
      .map((part) => encodeURIComponent(part))
      .join('/');
    const there = await client.send({ method: 'GET', target: `${path}/git/ref/heads/${escaped}` });
    if (there.status === 200 && parseAnswer(there, Reference, 'the branch').object.sha === commit) return;
  }
  requireBranch(reply, branch, [409, 422]);
}

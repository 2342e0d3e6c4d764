import { z } from 'zod';
import { ask, parseAnswer } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import { repositoryPath, requireCommit } from '../reference.ts';
import { AUTHOR, type Proposal, type Propose } from './model.ts';
import { requireBase, requireBranch, requireRequest } from './refusal.ts';

const Repository = z.object({ default_branch: z.string() });
const Content = z.object({ sha: z.string() });
const Pull = z.object({ number: z.number(), html_url: z.string() });

/** Gitea and Forgejo: a branch at the commit, one commit of several files, then the pull request. */
export const proposeOnGitea: Propose = async (client, proposal) => {
  const path = repositoryPath(proposal);
  const { branch, title, body } = proposal;
  const target =
    proposal.target ??
    (await ask(client, { method: 'GET', target: path }, Repository, 'the repository')).default_branch;
  const files = await operationsOf(client, path, proposal);
  const made = await client.send({
    method: 'POST',
    target: `${path}/branches`,
    body: { new_branch_name: branch, old_ref_name: proposal.baseCommit },
  });
  requireBranch(made, branch, [409, 422]);
  const identity = { ...AUTHOR };
  const dates = { author: proposal.date, committer: proposal.date };
  const commit = { branch, message: proposal.message, files, author: identity, committer: identity, dates };
  requireRequest(await client.send({ method: 'POST', target: `${path}/contents`, body: commit }), branch);
  const reply = await client.send({
    method: 'POST',
    target: `${path}/pulls`,
    body: { title, body, head: branch, base: target },
  });
  const { number, html_url } = parseAnswer(requireRequest(reply, branch), Pull, 'the pull request');
  return { number, url: html_url, target };
};

/** A file is only replaced when it is the one that was judged: Gitea wants the name of its content. */
async function operationsOf(client: HttpClient, path: string, { baseCommit, files }: Proposal) {
  const ref = requireCommit(baseCommit);
  const known = await client.send({ method: 'GET', target: `${path}/git/commits/${ref}?stat=false&files=false` });
  requireBase(known, ref);
  const operations = [];
  for (const file of files) {
    const content = Buffer.from(file.after).toString('base64');
    if (file.before === undefined) {
      operations.push({ operation: 'create', path: file.path, content });
      continue;
    }
    const escaped = file.path
      .split('/')
      .map((part) => encodeURIComponent(part))
      .join('/');
    const request = { method: 'GET', target: `${path}/contents/${escaped}?ref=${ref}` } as const;
    const { sha } = await ask(client, request, Content, `the file ${file.path}`);
    operations.push({ operation: 'update', path: file.path, content, sha });
  }
  return operations;
}

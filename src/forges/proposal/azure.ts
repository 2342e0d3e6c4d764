import { z } from 'zod';
import { azurePath } from '../azure/connection.ts';
import { ask, parseAnswer } from '../http/answer.ts';
import { requireCommit } from '../reference.ts';
import { AUTHOR, type Propose } from './model.ts';
import { requireBase, requireBranch, requireRequest } from './refusal.ts';

const Repository = z.object({ defaultBranch: z.string(), webUrl: z.string() });
const Pull = z.object({ pullRequestId: z.number() });
const HEADS = 'refs/heads/';

/** Azure DevOps: one push makes branch and commit, then the pull request. */
export const proposeOnAzure: Propose = async (client, proposal) => {
  const at = (below: string): string => azurePath(proposal, below);
  const { branch, baseCommit, files, message, title, body, date } = proposal;
  const { defaultBranch, webUrl } = await ask(client, { method: 'GET', target: at('') }, Repository, 'the repository');
  const target = proposal.target ?? defaultBranch.replace(HEADS, '');
  requireBase(await client.send({ method: 'GET', target: at(`/commits/${requireCommit(baseCommit)}`) }), baseCommit);
  const identity = { ...AUTHOR, date };
  const changes = files.map((file) => ({
    changeType: file.before === undefined ? 'add' : 'edit',
    item: { path: `/${file.path}` },
    newContent: { content: file.after, contentType: 'rawtext' },
  }));
  const push = {
    // The old id of a branch that is not there yet is the commit that it starts from.
    refUpdates: [{ name: `${HEADS}${branch}`, oldObjectId: baseCommit }],
    commits: [{ comment: message, changes, author: identity, committer: identity }],
  };
  requireBranch(await client.send({ method: 'POST', target: at('/pushes'), body: push }), branch, [400, 409]);
  const request = { sourceRefName: `${HEADS}${branch}`, targetRefName: `${HEADS}${target}`, title, description: body };
  const reply = await client.send({ method: 'POST', target: at('/pullrequests'), body: request });
  const { pullRequestId } = parseAnswer(requireRequest(reply, branch), Pull, 'the pull request');
  return { number: pullRequestId, url: `${webUrl}/pullrequest/${pullRequestId}`, target };
};

import { z } from 'zod';
import { projectPath } from '../gitlab/connection.ts';
import { ask, parseAnswer } from '../http/answer.ts';
import { requireCommit } from '../reference.ts';
import { AUTHOR, type Propose } from './model.ts';
import { requireBase, requireBranch, requireRequest } from './refusal.ts';

const Project = z.object({ default_branch: z.string() });
const Request = z.object({ iid: z.number(), web_url: z.string() });

/** GitLab makes branch and commit in one step, and then the merge request. */
export const proposeOnGitlab: Propose = async (client, proposal) => {
  const path = projectPath(proposal);
  const { branch, baseCommit, files, message, title, body } = proposal;
  const target =
    proposal.target ?? (await ask(client, { method: 'GET', target: path }, Project, 'the project')).default_branch;
  const known = await client.send({ method: 'GET', target: `${path}/repository/commits/${requireCommit(baseCommit)}` });
  requireBase(known, baseCommit);
  const actions = files.map((file) => {
    return { action: file.before === undefined ? 'create' : 'update', file_path: file.path, content: file.after };
  });
  const commit = {
    branch,
    start_sha: baseCommit,
    commit_message: message,
    actions,
    author_name: AUTHOR.name,
    author_email: AUTHOR.email,
  };
  const made = await client.send({ method: 'POST', target: `${path}/repository/commits`, body: commit });
  requireBranch(made, branch, [400, 409]);
  const reply = await client.send({
    method: 'POST',
    target: `${path}/merge_requests`,
    body: { source_branch: branch, target_branch: target, title, description: body, remove_source_branch: true },
  });
  const { iid, web_url } = parseAnswer(requireRequest(reply, branch), Request, 'the merge request');
  return { number: iid, url: web_url, target };
};

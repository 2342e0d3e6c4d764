import { INITIAL_STATE, type Policy } from '../../policy/index.ts';
import type { ToolRow } from '../tool-vocabulary.ts';
import { TOOLS } from './tools.ts';

/**
 * Kinds of paths whose writing means power, each with one path to ask the policy about and the CLI's rule for all of
 * them. The CLI's own list of protected paths has neither CI files nor instruction files.
 */
const PATH_KINDS: readonly { readonly asked: string; readonly rule: string }[] = [
  { asked: '.git/config', rule: 'Edit(.git/**)' },
  { asked: '.github/workflows/any.yml', rule: 'Edit(.github/workflows/**)' },
  { asked: '.gitlab-ci.yml', rule: 'Edit(.gitlab-ci.yml)' },
  { asked: 'Jenkinsfile', rule: 'Edit(Jenkinsfile)' },
  { asked: '.claude/settings.json', rule: 'Edit(.claude/**)' },
  { asked: '.mcp.json', rule: 'Edit(.mcp.json)' },
  { asked: '.husky/pre-commit', rule: 'Edit(.husky/**)' },
  { asked: '.vscode/tasks.json', rule: 'Edit(.vscode/**)' },
  { asked: '.devcontainer/devcontainer.json', rule: 'Edit(.devcontainer/**)' },
  { asked: 'CLAUDE.md', rule: 'Edit(CLAUDE.md)' },
  { asked: 'AGENTS.md', rule: 'Edit(AGENTS.md)' },
];

/** Names of the tools the CLI shall offer: those of our table that the policy does not deny as a whole. */
export function offeredTools(policy: Policy): readonly string[] {
  return TOOLS.filter((row) => row.offered).flatMap((row) => row.names.filter((name) => mayBeUsed(policy, row, name)));
}

/** Rules of the CLI's grammar for the kinds of paths that the policy denies by a rule of its own. */
export function deniedPaths(policy: Policy): readonly string[] {
  return PATH_KINDS.filter(({ asked }) => {
    const decision = policy.decide({ plane: 'file', operation: 'write', path: asked }, INITIAL_STATE);
    return decision.verdict === 'deny' && decision.rule !== 'default' && decision.error !== true;
  }).map(({ rule }) => rule);
}

/**
 * A tool whose effect is in its input is left out only when a rule denies it without looking at the input; any other
 * tool is offered only when it is allowed. Doubt offers the tool: the wire decides on the call.
 */
function mayBeUsed(policy: Policy, row: ToolRow, name: string): boolean {
  const decision = policy.decide({ plane: 'tool', tool: name, input: {} }, INITIAL_STATE);
  if (decision.error === true) return true;
  const judgedByInput = [row.command, row.reads, row.writes, row.urls].some((field) => field !== undefined);
  return judgedByInput ? decision.verdict !== 'deny' || decision.rule === 'default' : decision.verdict === 'allow';
}

import type { CommitRecord, Signature } from '../../workspace/index.ts';
import { AGENT_SIGNS, type AgentSign } from './agent-signs.ts';

/** Longest message that is searched; nobody signs behind it. */
const MOST_TEXT = 64 * 1024;
/** A row is named once for each kind of place; more commits with the same sign say nothing new. */
const MOST_QUOTED = 80;

/** Signs of an agent in commits and branch names, one sentence each, sorted. Empty: nothing says that an agent had a part. */
export function findAgentSigns(commits: readonly CommitRecord[], branches: readonly string[]): readonly string[] {
  const texts: readonly (readonly [AgentSign['in'], string, string])[] = [
    ...branches.map((branch) => ['branch', branch, 'the branch'] as const),
    ...commits.flatMap(({ id, author, committer, message }) => [
      ['person', lineOf(author), `author of ${id.slice(0, 12)}`] as const,
      ['person', lineOf(committer), `committer of ${id.slice(0, 12)}`] as const,
      ['message', message.slice(0, MOST_TEXT), `message of ${id.slice(0, 12)}`] as const,
    ]),
  ];
  const found = new Map<string, string>();
  for (const [kind, text, where] of texts) {
    for (const { agent, in: place, pattern } of AGENT_SIGNS) {
      const match = place === kind ? pattern.exec(text) : null;
      const key = `${agent} ${kind}`;
      if (match === null || found.has(key)) continue;
      found.set(key, `${where}: ${agent}, '${quote(kind === 'message' ? match[0] : text)}'`);
    }
  }
  return [...found.values()].sort();
}

function lineOf({ name, email }: Signature): string {
  return `${name} <${email}>`;
}

function quote(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, MOST_QUOTED);
}

import { analyseRule } from '../agents/index.ts';
import type { AgentRun } from '../facts/index.ts';
import type { ToolGrant } from './model.ts';
import { shownText } from './shown-text.ts';

/** Words of a command that are listed; arguments behind them may be anything. */
const MOST_WORDS = 3;
const SUBJECTS = { 'allow ': 'allow', 'deny ': 'deny' } as const;

/** Tools by rule, from the command line and from the configuration in force. Rules that match nothing are left out. */
export function toolsOf(run: AgentRun): readonly ToolGrant[] {
  const { invocation, effective } = run;
  const fromFiles = effective.flatMap(({ subject, inForce }) =>
    inForce === 'no'
      ? []
      : Object.entries(SUBJECTS).flatMap(([prefix, effect]) =>
          subject.startsWith(prefix) ? [grantOf(run, effect, subject.slice(prefix.length))] : [],
        ),
  );
  const grants = [
    ...invocation.allow.map(({ text }) => grantOf(run, 'allow', text)),
    ...invocation.deny.map(({ text }) => grantOf(run, 'deny', text)),
    ...(invocation.restrictTo ?? []).map(({ text }) => grantOf(run, 'only', text)),
    ...fromFiles,
  ].filter((grant) => grant !== undefined);
  return [...new Map(grants.map((grant) => [`${grant.effect} ${grant.tool} ${grant.command ?? ''}`, grant])).values()];
}

function grantOf(run: AgentRun, effect: ToolGrant['effect'], text: string): ToolGrant | undefined {
  const meaning = analyseRule(run.invocation.product, text);
  if (meaning.dead !== undefined) return undefined;
  const tool = /^[\w.*:-]{1,100}$/.test(meaning.tool) ? shownText(meaning.tool) : 'other';
  const words = meaning.command?.words.slice(0, MOST_WORDS).filter((word) => /^[a-z][a-z-]{0,24}$/.test(word)) ?? [];
  const command = words.length > 0 ? words.join(' ') : meaning.program;
  return { effect, tool, command: command === undefined ? undefined : shownText(command), breadth: meaning.breadth };
}

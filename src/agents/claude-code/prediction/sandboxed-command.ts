import type { PlacedCommand, ShellForm } from '../../../syntax/index.ts';
import type { JsonObject } from '../../../system/index.ts';
import { evaluates } from './command-approval.ts';
import { matchesText } from './command-rule.ts';
import { approvable, refusableTexts } from './command-text.ts';
import type { PredictedDecision } from './decision.ts';
import type { Judgement } from './judge-path.ts';
import type { ReadCommand } from './read-command.ts';

/** What the CLI's own sandbox answers for (reference: agents §2.4.10); undefined where it has no say. */
export function inSandbox(read: ReadCommand, input: JsonObject, on: Judgement): PredictedDecision | undefined {
  const { sandbox, mode } = on.settings;
  if (!sandbox.enabled) return undefined;
  const leaves = input['dangerouslyDisableSandbox'] === true && sandbox.allowsUnsandboxed;
  if (leaves) {
    if (mode === 'bypassPermissions') return undefined;
    return { verdict: 'ask', by: 'sandbox', reason: 'the call leaves the sandbox' };
  }
  if (!sandbox.autoAllows || isExcluded(read, on)) return undefined;
  const hidden = mode === 'bypassPermissions' ? undefined : asksInSandbox(read, on);
  if (hidden) return { verdict: 'ask', by: 'sandbox', reason: `${hidden}, in the sandbox too` };
  if (read.unreadable !== undefined) {
    return { verdict: 'ask', by: 'not modelled', reason: `the command cannot be read: ${read.unreadable}` };
  }
  return { verdict: 'allow', by: 'sandbox', reason: 'commands in the sandbox are approved' };
}

/** Commands that run outside of the sandbox. */
function isExcluded(read: ReadCommand, on: Judgement): boolean {
  const { excluded } = on.settings.sandbox;
  if (excluded.length === 0) return false;
  const parts = read.commands.filter(({ words }) => words.length > 0);
  const fits = (command: (typeof parts)[number]) =>
    refusableTexts(command, on.behaviour).some((text) => excluded.some((spec) => matchesText(spec, text)));
  return on.behaviour.excludesByPart ? parts.length > 0 && parts.every(fits) : parts.some(fits);
}

/** Forms that the CLI cannot check before they run. */
const UNCHECKED: ReadonlySet<ShellForm['kind']> = new Set(['group', 'case', 'function', 'open document']);
/** Besides those that evaluate their arguments: what changes the shell or writes to devices. */
const SHELL_CHANGES: ReadonlySet<string> = new Set(['enable', 'let', 'shopt', 'hash', 'export', 'dd']);

/** What asks although the sandbox would hold it (measured on both versions). */
function asksInSandbox({ commands, forms }: ReadCommand, on: Judgement): string | undefined {
  if (commands.some(evaluates)) return 'the command evaluates its arguments';
  const form = forms.find(({ kind }) => UNCHECKED.has(kind));
  if (form) return `${form.kind} in the command`;
  return commands.map((command) => asksAbout(command, on)).find((reason) => reason !== undefined);
}

function asksAbout(command: PlacedCommand, on: Judgement): string | undefined {
  const { words, assignments } = command;
  const [program, ...args] = words;
  if (program === undefined) return undefined;
  if (program.literal === undefined && program.source.includes('$')) return 'a program that only the shell knows';
  if (assignments.length > 0 && approvable(command, on.behaviour).steps.length === 0) return 'a variable in front';
  if (SHELL_CHANGES.has(program.literal ?? '')) return `\`${program.literal}\` changes more than it says`;
  const has = (pattern: RegExp) => args.some(({ literal }) => literal !== undefined && pattern.test(literal));
  if (program.literal === 'find' && has(/^-(?:delete|exec|execdir|ok|okdir|f(?:print|ls).*)$/))
    return '`find` that does more';
  if (program.literal === 'git' && has(/^-c/)) return 'a setting of `git`';
  return program.literal === 'set' && has(/^[-+]o$/) ? 'the shell is changed' : undefined;
}

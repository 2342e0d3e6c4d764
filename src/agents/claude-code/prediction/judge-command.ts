import type { PlacedCommand, ShellGrammar } from '../../../syntax/index.ts';
import type { JsonObject } from '../../../system/index.ts';
import { approve, readsInBackground } from './command-approval.ts';
import { criticalRemoval, fileRule, protectedWrite, visibleCommands } from './command-files.ts';
import { isExact, matchesText } from './command-rule.ts';
import { isWrapped, refusableTexts } from './command-text.ts';
import type { PredictedDecision } from './decision.ts';
import { byRule, type Judgement } from './judge-path.ts';
import { isWhole, namesTool, type PermissionRule } from './permission-rule.ts';
import { type ReadCommand, readCommandText, readSuspiciously, withKnownVariables } from './read-command.ts';
import { inSandbox } from './sandboxed-command.ts';

/** @returns undefined when only the mode decides. */
export function judgeCommand(input: JsonObject, on: Judgement, grammar: ShellGrammar): PredictedDecision | undefined {
  const command = input['command'];
  if (typeof command !== 'string' || command.includes('\r')) {
    return { verdict: 'deny', by: 'input', reason: 'the input holds no command that the CLI accepts' };
  }
  const read = readCommandText(command, grammar);
  const suspect = suspects(readSuspiciously(read, grammar), on);
  const known = [...suspect, ...withKnownVariables(suspect)];
  const denied = listedRule(read, known, 'deny', on);
  if (denied?.verdict === 'deny') return denied;
  const asked = listedRule(read, known, 'ask', on);
  const refused = asked ?? denied ?? criticalRemoval(read, on, grammar);
  if (refused) return refused;
  return inSandbox(read, input, on) ?? protectedWrite(read, on) ?? outsideSandbox(read, on);
}

/** What refusing and asking rules are compared with: behind a wrapper every version looks into groups and functions. */
function suspects(commands: readonly PlacedCommand[], on: Judgement): readonly PlacedCommand[] {
  const visible = visibleCommands({ commands }, on);
  return [...visible, ...commands.filter((command) => !visible.includes(command) && isWrapped(command, on.behaviour))];
}

function outsideSandbox(read: ReadCommand, on: Judgement): PredictedDecision | undefined {
  const { rules, mode } = on.settings;
  const bare = rules.find((rule) => rule.list === 'ask' && isWhole(rule) && namesTool(rule, 'Bash'));
  if (bare) return byRule(bare, 'the rule asks about every command');
  const whole = rules.find((rule) => rule.list === 'allow' && rule.tool === 'Bash' && isWhole(rule));
  if (read.unreadable !== undefined) {
    return { verdict: 'ask', by: 'not modelled', reason: `the command cannot be read: ${read.unreadable}` };
  }
  if (mode === 'bypassPermissions') return undefined;
  if (whole === undefined) return approve(read, on);
  if (readsInBackground(read, on)) return { verdict: 'ask', by: 'not approved', reason: 'a command in the background' };
  return byRule(whole, 'the rule is about every command');
}

/** The first rule of a list about any part of the command, or about a file that it names. */
function listedRule(
  read: ReadCommand,
  commands: readonly PlacedCommand[],
  list: 'ask' | 'deny',
  on: Judgement,
): PredictedDecision | undefined {
  const rules = on.settings.rules.filter((rule) => rule.list === list && rule.tool === 'Bash' && !isWhole(rule));
  const texts = rules.length === 0 ? [] : commands.flatMap((command) => refusableTexts(command, on.behaviour));
  const rule = rules.find((one) => isAbout(one, read, texts, on));
  if (rule) return byRule(rule, 'the rule is about this command');
  for (const command of commands) {
    const found = fileRule(command, list, on);
    if (found) return found;
  }
  return undefined;
}

function isAbout({ spec = '' }: PermissionRule, read: ReadCommand, texts: readonly string[], on: Judgement): boolean {
  if (spec === read.text || texts.some((text) => matchesText(spec, text))) return true;
  const comparesWhole = on.behaviour.unquotes || read.unreadable !== undefined;
  return comparesWhole && !isExact(spec) && matchesText(spec, read.text);
}

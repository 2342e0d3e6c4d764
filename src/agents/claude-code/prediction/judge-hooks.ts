import { matchWildcard } from '../../../policy/index.ts';
import type { ShellGrammar } from '../../../syntax/index.ts';
import type { JsonValue } from '../../../system/index.ts';
import { asList, asObject } from '../../json-fields.ts';
import { matchesText } from './command-rule.ts';
import { refusableTexts } from './command-text.ts';
import type { PredictedCall } from './decision.ts';
import { type HookAnswer, hookAnswer } from './hook-answer.ts';
import type { Judgement } from './judge-path.ts';
import { readRule } from './permission-rule.ts';
import { readCommandText } from './read-command.ts';

/** What all hooks of an event together say about a call: a refusal beats a question, a question an approval. */
export function askHooks(event: string, call: PredictedCall, on: Judgement, grammar: ShellGrammar): HookAnswer {
  const answers = on.settings.hooks.flatMap((hooks) =>
    asList(hooks[event]).flatMap((group) => {
      const matched = matches(asObject(group)?.['matcher'], call.tool);
      if (matched === 'no') return [];
      return asList(asObject(group)?.['hooks']).flatMap((entry) => {
        const hook = asObject(entry);
        if (hook === undefined || !isMeant(hook['if'], call, on, grammar)) return [];
        return matched === 'yes'
          ? [hookAnswer(hook, grammar, on.settings.ground.place)]
          : [{ says: 'unknown' } as const];
      });
    }),
  );
  const strictest = (['deny', 'unknown', 'ask', 'allow'] as const).find((says) =>
    answers.some((one) => one.says === says),
  );
  if (strictest === undefined) return { says: 'nothing' };
  const first = answers.find((one) => one.says === strictest) ?? { says: 'nothing' };
  const changed = answers.find((one) => 'input' in one && one.input !== undefined);
  return changed && 'input' in changed && (first.says === 'allow' || first.says === 'ask')
    ? { says: first.says, input: changed.input }
    : first;
}

/** Names, `|`, and `.*`; another regular expression is not modelled. Case counts. */
function matches(matcher: JsonValue | undefined, tool: string): 'yes' | 'no' | 'perhaps' {
  if (matcher === undefined || matcher === '' || matcher === '*') return 'yes';
  if (typeof matcher !== 'string' || matcher.length > 1_024) return 'perhaps';
  const parts = matcher.split('|').map((part) => part.replaceAll('.*', '*'));
  if (parts.some((part) => !/^[\w*-]*$/.test(part))) return 'perhaps';
  return parts.some((part) => matchWildcard(part, tool)) ? 'yes' : 'no';
}

/** `if: Bash(curl *)`: the hook runs for such calls only. */
function isMeant(condition: JsonValue | undefined, call: PredictedCall, on: Judgement, grammar: ShellGrammar): boolean {
  if (condition === undefined) return true;
  const rule = typeof condition === 'string' ? readRule(condition, 'deny', 'flag') : undefined;
  if (rule === undefined || rule.tool !== call.tool) return rule === undefined;
  const command = call.input['command'];
  if (rule.spec === undefined || typeof command !== 'string') return true;
  const { spec } = rule;
  const { commands } = readCommandText(command, grammar);
  return commands.flatMap((one) => refusableTexts(one, on.behaviour)).some((text) => matchesText(spec, text));
}

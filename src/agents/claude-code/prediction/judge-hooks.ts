import { matchWildcard } from '../../../policy/index.ts';
import type { ShellGrammar } from '../../../syntax/index.ts';
import type { JsonValue } from '../../../system/index.ts';
import { asList, asObject } from '../../json-fields.ts';
import { matchesText } from './command-rule.ts';
import { refusableTexts } from './command-text.ts';
import type { PredictedCall } from './decision.ts';
import { type HookAnswer, type HookEvent, hookAnswer } from './hook-answer.ts';
import { isFileTool, namedFile } from './judge-file.ts';
import type { Judgement } from './judge-path.ts';
import { selectingRule } from './path-rule.ts';
import { type PermissionRule, readRule } from './permission-rule.ts';
import { namesOf } from './place.ts';
import { readCommandText } from './read-command.ts';

/** What all hooks of an event together say about a call: a refusal beats a question, a question an approval. */
export function askHooks(event: HookEvent, call: PredictedCall, on: Judgement, grammar: ShellGrammar): HookAnswer {
  const answers = on.settings.hooks.flatMap((hooks) =>
    asList(hooks[event]).flatMap((group) => {
      const matched = matches(asObject(group)?.['matcher'], call.tool);
      if (matched === 'no') return [];
      return asList(asObject(group)?.['hooks']).flatMap((entry) => {
        const hook = asObject(entry);
        const meant = hook && isMeant(hook['if'], call, on, grammar);
        if (hook === undefined || meant === 'no') return [];
        return matched === 'yes' && meant === 'yes'
          ? [hookAnswer(hook, event, grammar, on.settings.ground.place)]
          : [{ says: 'unknown' } as const];
      });
    }),
  );
  const strictest = (['deny', 'unknown', 'ask', 'allow'] as const).find((says) =>
    answers.some((one) => one.says === says),
  );
  const first: HookAnswer = answers.find((one) => one.says === strictest) ?? { says: 'nothing' };
  const changed = answers.find((one) => 'input' in one && one.input !== undefined);
  return changed && 'input' in changed && first.says !== 'deny' && first.says !== 'unknown'
    ? { says: first.says, input: changed.input }
    : first;
}

/**
 * Names with `|` or `,` between them are compared as they are; all else is a regular expression for a part of the name, of
 * which only names, `.*`, `^`, `$` and `|` are modelled. Case counts.
 */
function matches(matcher: JsonValue | undefined, tool: string): Answer {
  if (matcher === undefined || matcher === '' || matcher === '*') return 'yes';
  if (typeof matcher !== 'string' || matcher.length > 1_024) return 'perhaps';
  if (/^[\w|, ]*$/.test(matcher)) return matcher.split(/[|,]/).some((name) => name.trim() === tool) ? 'yes' : 'no';
  const parts = matcher.split('|').map((part) => /^(\^?)((?:[\w-]|\.\*)*)(\$?)$/.exec(part));
  if (parts.includes(null)) return 'perhaps';
  const fits = parts.some((part) => {
    const [, start, middle = '', end] = part ?? [];
    return matchWildcard(`${start ? '' : '*'}${middle.replaceAll('.*', '*')}${end ? '' : '*'}`, tool);
  });
  if (!fits) return 'no';
  // A hyphen may make it a list of names in one version and a pattern in another.
  return matcher.includes('-') && !matcher.split('|').includes(tool) ? 'perhaps' : 'yes';
}

type Answer = 'yes' | 'no' | 'perhaps';

/** `if: Bash(curl *)`: the hook runs for such calls only, and for every command that is not plain words. */
function isMeant(condition: JsonValue | undefined, call: PredictedCall, on: Judgement, grammar: ShellGrammar): Answer {
  if (condition === undefined || condition === '') return 'yes';
  const rule = typeof condition === 'string' ? readRule(condition, 'allow', 'flag') : undefined;
  if (rule === undefined || rule.tool !== call.tool) return 'no';
  const { spec = '' } = rule;
  if (spec === '' || spec === '*') return 'yes';
  if (isFileTool(call.tool)) return isAboutFile(rule, call, on);
  const command = call.input['command'];
  if (typeof command !== 'string') return 'perhaps';
  const { commands, unreadable } = readCommandText(command, grammar);
  if (unreadable !== undefined || /[$`]/.test(command)) return 'yes';
  const texts = commands.flatMap((one) => refusableTexts(one, on.behaviour));
  return texts.some((text) => matchesText(spec, text)) ? 'yes' : 'no';
}

/** `if: Write(docs/*)` selects files as an approving rule does. Where `/` leads is not modelled. */
function isAboutFile(rule: PermissionRule, { tool, input }: PredictedCall, on: Judgement): Answer {
  const { ground } = on.settings;
  const path = namedFile(tool, input, ground.place);
  if (path === undefined || /^!|^\/(?!\/)/.test(rule.spec ?? '')) return 'perhaps';
  return namesOf(path, ground).some((name) => selectingRule([rule], name, ground, on.behaviour)) ? 'yes' : 'no';
}

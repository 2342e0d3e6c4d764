import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Fix, Severity } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { agentRule } from '../agent-rule.ts';
import { actionStep, CLAUDE_ACTION, expression, workflow } from '../example.ts';
import { replaceFix } from '../fixes.ts';

const KEY = `anthropic_api_key: ${expression('secrets.ANTHROPIC_API_KEY')}`;

/** AGT013 */
export const ignoredInput = agentRule(
  {
    id: 'AGT013',
    name: 'input-ignored-by-action',
    title: 'Input ignored by this action version',
    what: 'A `with:` key that the resolved version of the action does not have. The platform warns and goes on; the action never sees the value.',
    why: 'A restriction in which the author believes does not exist: an `allowed_tools` of the old major limits nothing in the new one.',
    sources: [
      "The vendors' action.yml files",
      'anthropics/claude-code-action docs/migration-guide.md',
      'Measured: 9 % of live agent pipelines, 4 % a security-relevant input',
    ],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'unsafe',
    advice: 'Use the input that took its place; the message names it.',
    tags: ['CWE-693', 'CWE-1188'],
    attack: [
      workflow(actionStep('anthropics/claude-code-action@v1', ['prompt: Review the diff', 'allowed_tools: Read', KEY])),
    ],
    benign: [
      workflow(actionStep(CLAUDE_ACTION, ['prompt: Review the diff', "claude_args: '--allowedTools Read'", KEY])),
    ],
  },
  function* (run, facts) {
    const { invocation } = run;
    for (const dead of invocation.deadInputs) {
      const instead = dead.replacement === undefined ? '' : `; use ${dead.replacement}`;
      yield {
        message: `\`${dead.name}\` is no input of this version of ${invocation.spelled} and is ignored${instead}`,
        detail: consequenceOf(dead),
        severity: severityOf(dead),
        place: dead.place,
        about: dead.name,
        fixes: inputFix(run, dead, facts),
      };
    }
  },
);

type DeadInput = AgentRun['invocation']['deadInputs'][number];

const ORDERS: ReadonlySet<string> = new Set(['prompt', 'prompt-file', 'system-prompt', 'system-prompt-file']);

/** A key that does not arrive restricts nothing: the agent works with another one, or not at all. */
function isKey({ tag, name }: DeadInput): boolean {
  return tag?.startsWith('secret:') ?? /token|key|secret/i.test(name);
}

function severityOf(dead: DeadInput): Severity {
  if (!dead.security) return 'low';
  return isKey(dead) ? 'medium' : 'high';
}

function consequenceOf(dead: DeadInput): string {
  if (dead.tag !== undefined && ORDERS.has(dead.tag))
    return 'The agent never sees these orders and the limits in them: it does what the text that it meets asks for.';
  if (!dead.security) return 'The value has no effect.';
  if (isKey(dead))
    return 'The agent works with another credential than this file says, perhaps one with more rights, or not at all.';
  return 'What it should have limited, is not limited. A reader of the file sees a restriction that is not there.';
}

function inputFix(
  run: AgentRun,
  dead: { readonly name: string; readonly place: Place; readonly replacement: string | undefined },
  facts: Facts,
): readonly Fix[] {
  const { replacement } = dead;
  if (replacement === undefined) return [];
  const given = run.step.inputs.find(({ name }) => name === dead.name);
  const taken = (name: string) => run.step.inputs.some((input) => input.name === name);
  if (/^[a-z][\w-]*$/i.test(replacement) && !taken(replacement)) {
    const respelled = replacement.toLowerCase().replace(/[-_]/g, '') === dead.name.toLowerCase().replace(/[-_]/g, '');
    return [replaceFix(`Rename it to ${replacement}`, dead.place, replacement, respelled ? 'safe' : 'unsafe')];
  }
  const flag = /^claude_args: (--[\w-]+)$/.exec(replacement)?.[1];
  const text = given?.value.text.trim() ?? '';
  if (flag === undefined || given === undefined || taken('claude_args') || !/^[^'"\n\\$]{1,500}$/.test(text)) return [];
  const firstMoved = run.invocation.deadInputs.find((input) => input.replacement?.startsWith('claude_args: --'));
  // Two moved inputs would become two keys of the same name.
  if (firstMoved?.name !== dead.name || facts.source(dead.place.file) === undefined) return [];
  const span = { start: dead.place.span.start, end: given.value.place.span.end };
  return [
    replaceFix(
      'Move it into claude_args',
      { file: dead.place.file, span },
      `claude_args: '${flag} "${text}"'`,
      'unsafe',
    ),
  ];
}

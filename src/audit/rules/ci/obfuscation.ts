import type { FindingDraft, Fix } from '../../../findings/index.ts';
import { type Expression, type Interpolation, type Pipeline, parseExpression } from '../../../pipelines/index.ts';
import { scalarAt } from '../../../syntax/index.ts';
import { revealHidden } from '../../../text/index.ts';
import type { Rule } from '../../rule.ts';
import { workflow } from './example-workflow.ts';
import { gitHubPipelines, gitHubSteps, type StepScope, subjectOf } from './job-walk.ts';

const HIDDEN_SPACE = '\u200b';

/** CI015: spelling that hides what a workflow does. */
export const obfuscation: Rule = {
  id: 'CI015',
  name: 'obfuscation',
  title: 'Something in the workflow is spelled so that it is hard to see',
  what: 'The file holds invisible characters, a `uses:` with a detour in its path, or an expression that computes a constant.',
  why: 'Honest workflows have no use for it. It hides a change from whoever reviews it.',
  sources: ['CVE-2021-42574', 'zizmor obfuscation'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CI',
  fix: 'safe',
  advice: 'Write it plainly, and look at who wrote it.',
  tags: ['CWE-1007', 'CWE-506'],
  attack: workflow({ steps: `- run: make ${HIDDEN_SPACE}test` }),
  benign: workflow({ steps: '- run: make test' }),
  check: (facts) => [
    ...gitHubPipelines(facts).flatMap(hiddenCharacters),
    ...gitHubSteps(facts).flatMap((scope) => [
      ...detours(scope),
      ...constantExpressions(scope),
      ...hiddenInputs(scope),
    ]),
  ],
};

/** Bytes that stand alone: a byte order mark at the top and carriage returns are no secret. */
const HIDDEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u00ad\ufeff]|[\u{e0000}-\u{e007f}]/gu;

function hiddenCharacters({ file }: Pipeline): readonly FindingDraft[] {
  const found = [...file.text.matchAll(HIDDEN)].filter(({ index }) => index > 0 && !isInEmoji(file.text, index));
  const first = found[0];
  if (first === undefined) return [];
  const edits = found.map((match) => ({
    file: file.path,
    span: { start: match.index, end: match.index + match[0].length },
    text: '',
  }));
  const fix: Fix = { title: 'Remove the invisible characters', safety: 'safe', edits, creates: [] };
  return [
    {
      rule: 'CI015',
      message: `${found.length} invisible ${found.length === 1 ? 'character' : 'characters'}, the first is ${revealHidden(first[0])}`,
      severity: 'medium',
      confidence: 'high',
      place: { file: file.path, span: { start: first.index, end: first.index + first[0].length } },
      subject: `${file.path} invisible`,
      fixes: [fix],
    },
  ];
}

/** A zero-width joiner between two pictures belongs to them. */
function isInEmoji(text: string, index: number): boolean {
  return (
    text[index] === '\u200d' &&
    /\p{Extended_Pictographic}\ufe0f?$|[\udc00-\udfff]\ufe0f?$/u.test(text.slice(Math.max(0, index - 3), index))
  );
}

function detours(scope: StepScope): readonly FindingDraft[] {
  const { uses } = scope.step;
  if (uses === undefined || uses.kind !== 'repository') return [];
  const segments = [...uses.name.split('/'), ...(uses.path?.split('/') ?? [])];
  if (!segments.some((segment) => segment === '' || segment === '.' || segment === '..')) return [];
  return [
    {
      rule: 'CI015',
      message: 'The path of this action takes a detour',
      severity: 'medium',
      confidence: 'high',
      place: uses.place,
      subject: subjectOf(scope, uses.name),
    },
  ];
}

/** `with: ${{ … }}`: nobody can read what the action is given. */
function hiddenInputs(scope: StepScope): readonly FindingDraft[] {
  const whole = scalarAt(scope.step.node, 'with');
  if (whole === undefined || !whole.text.includes('${{')) return [];
  return [
    {
      rule: 'CI015',
      message: 'All inputs of this action come from an expression',
      severity: 'low',
      confidence: 'medium',
      place: { file: scope.pipeline.file.path, span: whole.span },
      subject: subjectOf(scope, 'with', String(scope.step.index)),
    },
  ];
}

function constantExpressions(scope: StepScope): readonly FindingDraft[] {
  const { step } = scope;
  const texts = [
    ...(step.run === undefined ? [] : [step.run.text]),
    ...step.inputs.map(({ value }) => value),
    ...step.environment.map(({ value }) => value),
  ];
  return texts
    .flatMap(({ interpolations }) => interpolations)
    .filter(isNeedless)
    .map(({ place, source }) => ({
      rule: 'CI015',
      message: 'This expression computes a value that could be written',
      severity: parseExpression(source)?.kind === 'literal' ? 'low' : 'medium',
      confidence: 'medium',
      place,
      subject: subjectOf(scope, source),
    }));
}

function isNeedless({ source }: Interpolation): boolean {
  const expression = parseExpression(source);
  if (expression === undefined) return false;
  // A text with braces is how a workflow writes braces for another template language.
  if (expression.kind === 'literal') return !String(expression.value).includes('{');
  return isConstant(expression) || partsOf(expression).some((part) => part.kind === 'call' && isRoundTrip(part));
}

/** `fromJSON(toJSON(x))`, or a call that computes the same every time. */
function isRoundTrip(call: Extract<Expression, { readonly kind: 'call' }>): boolean {
  const [first] = call.arguments;
  if (call.name === 'fromjson' && first?.kind === 'call' && first.name === 'tojson') return true;
  return ['format', 'join', 'tojson'].includes(call.name) && isConstant(call);
}

/** Functions whose result is decided by the run. */
const RUN_FUNCTIONS: ReadonlySet<string> = new Set(['hashfiles', 'always', 'success', 'failure', 'cancelled']);

function isConstant(expression: Expression): boolean {
  if (expression.kind === 'literal') return true;
  // A list that is written as JSON is how a workflow writes a list.
  if (expression.kind === 'call' && (RUN_FUNCTIONS.has(expression.name) || expression.name === 'fromjson'))
    return false;
  return expression.kind !== 'context' && childrenOf(expression).every(isConstant);
}

function partsOf(expression: Expression): readonly Expression[] {
  return [expression, ...childrenOf(expression).flatMap(partsOf)];
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'context':
      return [];
    case 'member':
      return [expression.of];
    case 'not':
      return [expression.operand];
    case 'all':
    case 'any':
      return expression.operands;
    case 'call':
      return expression.arguments;
    case 'compare':
      return [expression.left, expression.right];
  }
}

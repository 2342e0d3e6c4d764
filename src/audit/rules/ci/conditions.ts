import type { FindingDraft, Fix } from '../../../findings/index.ts';
import { type Condition, type Expression, findExpressions, parseExpression } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { workflow } from './example-workflow.ts';
import { gitHubJobs, type JobScope, reachOf, subjectOf } from './job-walk.ts';

interface Conditional extends JobScope {
  readonly condition: Condition;
}

function conditionsOf(scope: JobScope): readonly Conditional[] {
  return [scope.job, ...scope.job.steps].flatMap(({ condition }) =>
    condition === undefined ? [] : [{ ...scope, condition }],
  );
}

/** CI018: a condition that is never false. */
export const alwaysTrueCondition: Rule = {
  id: 'CI018',
  name: 'always-true-condition',
  title: 'A condition is always true',
  what: `An \`if:\` has text around \`\${{ }}\`, a line break behind it, or a text as an alternative.`,
  why: 'Such a condition is a text that is not empty, and that counts as true. Whatever it should keep out gets in.',
  sources: ['actionlint if-cond', 'zizmor unsound-condition', 'poutine if_always_true'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CI',
  fix: 'unsafe',
  advice: `Write the whole condition as one expression, without \`\${{ }}\`.`,
  tags: ['CWE-571', 'OWASP-CICD-SEC-1'],
  attack: workflow({ on: 'issue_comment', job: `if: \${{ github.actor == 'octocat' }} && true`, steps: '- run: make' }),
  benign: workflow({ on: 'issue_comment', job: "if: github.actor == 'octocat'", steps: '- run: make' }),
  check: (facts) =>
    gitHubJobs(facts)
      .flatMap(conditionsOf)
      .filter(({ condition }) => condition.alwaysTrue)
      .map((scope): FindingDraft => {
        const { condition } = scope;
        const fix = unwrap(condition);
        return {
          rule: 'CI018',
          message: 'This condition is always true',
          severity: 'high',
          confidence: 'high',
          place: condition.text.place,
          subject: subjectOf(scope, condition.text.text.trim()),
          ...(fix === undefined ? {} : { fixes: [fix] }),
        };
      }),
};

/** Take the `${{` and `}}` away. Not where the rest would begin with a mark that YAML reads. */
function unwrap({ text }: Condition): Fix | undefined {
  const ranges = findExpressions(text.text);
  const plain = ranges.reduceRight(
    (rest, { index, length, source }) => rest.slice(0, index) + source + rest.slice(index + length),
    text.text,
  );
  if (ranges.length === 0 || /^[!&*'"[{]/.test(plain.trim()) || parseExpression(plain.trim()) === undefined)
    return undefined;
  const edits = ranges.map(({ index, length, source }) => ({
    file: text.place.file,
    span: { start: text.offsetOf(index), end: text.offsetOf(index + length - 1) + 1 },
    text: source,
  }));
  return { title: 'Write the condition as one expression', safety: 'unsafe', edits, creates: [] };
}

/** CI014: conditions that mean something else than they seem to. */
export const unsoundCondition: Rule = {
  id: 'CI014',
  name: 'unsound-condition',
  title: 'A condition can be got round',
  what: 'A condition searches a name in one text, trusts the name of a bot in an event that outsiders cause, or its `&& … ||` yields the wrong side.',
  why: 'A part of a listed name passes the search; a pull request can carry a bot as its last actor; `a && false || b` is always `b`.',
  sources: [
    'zizmor unsound-contains, bot-conditions, unsound-ternary',
    'Synacktiv, "GitHub Actions exploitation: Dependabot" (2024)',
  ],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice:
    'Compare whole values: `contains(fromJSON(\'["a", "b"]\'), github.actor)`; ask the event for the author, not for the actor.',
  tags: ['CWE-290', 'CWE-697', 'OWASP-CICD-SEC-1'],
  attack: workflow({
    on: 'pull_request_target',
    job: "if: contains('octocat hubot', github.actor)",
    steps: '- run: make',
  }),
  benign: workflow({
    on: 'pull_request_target',
    job: `if: contains(fromJSON('["octocat", "hubot"]'), github.actor)`,
    steps: '- run: make',
  }),
  check: (facts) =>
    gitHubJobs(facts).flatMap((scope) => [...conditionsOf(scope).flatMap(unsound), ...ternaries(scope)]),
};

function unsound(scope: Conditional): readonly FindingDraft[] {
  const { condition, pipeline } = scope;
  const source = findExpressions(condition.text.text)[0]?.source ?? condition.text.text.trim();
  const expression = parseExpression(source);
  if (expression === undefined) return [];
  const untrusted = pipeline.triggers.some((trigger) => trigger.untrusted && trigger.privileged);
  const searches = callsIn(expression).filter(isTextSearch);
  const bots = condition.gates.filter(
    ({ kind, principal, spoofable }) =>
      kind === 'bot-name' && spoofable !== undefined && BOT_PRINCIPALS.has(principal ?? ''),
  );
  const draft = (what: string, severity: FindingDraft['severity']): FindingDraft => ({
    rule: 'CI014',
    message: what,
    severity,
    confidence: 'medium',
    place: condition.text.place,
    subject: subjectOf(scope, source),
  });
  return [
    ...searches.map((search) =>
      draft(
        `A part of a listed name passes the search for ${soughtBy(search)}`,
        NAMES.test(soughtBy(search)) ? (untrusted ? 'high' : 'medium') : 'low',
      ),
    ),
    ...bots
      .slice(0, 1)
      .map(() =>
        draft("A pull request can carry the bot's name although somebody else wrote it", untrusted ? 'high' : 'medium'),
      ),
  ];
}

const BOT_PRINCIPALS: ReadonlySet<string> = new Set(['actor', 'triggering-actor', 'sender']);

type CallExpression = Extract<Expression, { readonly kind: 'call' }>;

function callsIn(expression: Expression): readonly CallExpression[] {
  switch (expression.kind) {
    case 'call':
      return [expression, ...expression.arguments.flatMap(callsIn)];
    case 'not':
      return callsIn(expression.operand);
    case 'member':
      return callsIn(expression.of);
    case 'all':
    case 'any':
      return expression.operands.flatMap(callsIn);
    case 'compare':
      return [...callsIn(expression.left), ...callsIn(expression.right)];
    default:
      return [];
  }
}

const NAMES =
  /^github\.(?:actor|triggering_actor|ref|ref_name|head_ref|base_ref|event\..*(?:\.login|\.ref|head_branch))$/i;

function soughtBy({ arguments: [, sought] }: CallExpression): string {
  return sought?.kind === 'context' ? sought.path.join('.') : 'a name';
}

/** `contains('a b', github.actor)`: a search in a text, not in a list. */
function isTextSearch({ name, arguments: given }: CallExpression): boolean {
  const [within, sought] = given;
  if (name !== 'contains' || within?.kind !== 'literal' || sought?.kind !== 'context') return false;
  // In a text of one word a search is a comparison that allows less.
  return NAMES.test(sought.path.join('.')) || /[\s,;|]/.test(String(within.value));
}

/** `${{ a && '' || 'b' }}` never yields its first value. */
function ternaries(scope: JobScope): readonly FindingDraft[] {
  const texts = scope.job.steps.flatMap((step) => [
    ...step.inputs.map(({ value }) => value),
    ...step.environment.map(({ value }) => value),
    ...(step.run === undefined ? [] : [step.run.text]),
  ]);
  return texts.flatMap(({ interpolations }) =>
    interpolations
      .filter(({ source }) => isBrokenTernary(parseExpression(source)))
      .map(
        ({ place, source }): FindingDraft => ({
          rule: 'CI014',
          message: 'This expression never yields its first value, because that counts as false',
          severity: reachOf(scope) === 'open' ? 'medium' : 'low',
          confidence: 'high',
          place,
          subject: subjectOf(scope, source),
        }),
      ),
  );
}

function isBrokenTernary(expression: Expression | undefined): boolean {
  if (expression?.kind !== 'any') return false;
  const [first] = expression.operands;
  const value = first?.kind === 'all' ? first.operands.at(-1) : undefined;
  return (
    value?.kind === 'literal' &&
    (value.value === '' || value.value === false || value.value === 0 || value.value === null)
  );
}

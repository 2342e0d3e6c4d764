import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { classifyContext, findExpressions, parseExpression } from '../../../src/pipelines/index.ts';
import { readStep } from './one-workflow.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);

/** `origin/kind` of every value that can come out of an expression. */
function valuesOf(expression: string): readonly string[] {
  const step = readStep(`- run: |\n    echo \${{ ${expression} }}`);
  return (step.run?.text.interpolations ?? []).flatMap(({ values }) =>
    values.map(({ origin, kind }) => `${origin}/${kind}`),
  );
}

const FLOWS: readonly (readonly [expression: string, ...values: string[]])[] = [
  ['github.event.issue.title', 'outsider/text'],
  ["github['event']['issue']['body']", 'outsider/text'],
  ['GITHUB.Event.Issue.Title', 'outsider/text'],
  ['github.event.*.title', 'outsider/text'],
  ['toJSON(github.event)', 'outsider/text'],
  ['toJSON(github)', 'outsider/text'],
  ['github.event.commits[0].message', 'outsider/text'],
  ['github.head_ref', 'outsider/ref'],
  ['github.event.pull_request.head.ref', 'outsider/ref'],
  ['github.event.pull_request.head.sha', 'platform/sha'],
  ['github.event.workflow_run.head_sha', 'platform/sha'],
  ['github.triggering_actor', 'outsider/login'],
  ['github.run_number', 'platform/number'],
  ['github.event.pull_request.number', 'platform/number'],
  ['github.event.pull_request.draft', 'platform/boolean'],
  ['github.event.client_payload.issue_number', 'unknown/text'],
  ['steps.build.outcome', 'platform/enumeration'],
  ['steps.build.outputs.name', 'output/unknown'],
  ['needs.build.outputs.name', 'output/unknown'],
  ["github.event_name == 'push' && 'a' || 'b'", 'configuration/constant', 'configuration/constant'],
  ['github.event.issue.title && github.run_id', 'platform/number'],
  ['github.event.issue.title || github.run_id', 'outsider/text', 'platform/number'],
  ["github.event.issue.title == 'x'"],
  ["contains(github.event.comment.body, '/run')"],
  ['!github.event.issue.title'],
  ["format('{0}', github.event.issue.title)", 'configuration/constant', 'outsider/text'],
  ["join(github.event.issue.labels.*.name, ' ')", 'insider/line', 'configuration/constant'],
  ['fromJSON(github.event.issue.body).command', 'outsider/text'],
  ["hashFiles('**/package-lock.json')", 'platform/sha'],
  ['secrets.TOKEN', 'secret/text'],
  ['vars.MODEL', 'configuration/text'],
];

describe('values that flow out of an expression', () => {
  for (const [expression, ...values] of FLOWS) {
    it(`${expression} yields ${values.join(', ') || 'no value of its own'}`, () => {
      assert.deepEqual(valuesOf(expression), values);
    });
  }

  it('an expression that is none keeps every context that a word search finds', () => {
    const step = readStep(`- run: echo \${{ github.event.issue.title | upper }}`);
    const [interpolation] = step.run?.text.interpolations ?? [];
    assert.deepEqual(
      interpolation?.values.map(({ name, origin }) => `${name} ${origin}`),
      ['github.event.issue.title outsider'],
    );
  });

  it('a closing brace inside a quoted text does not end the expression', () => {
    const [range] = findExpressions(`a \${{ format('}}{0}', github.actor) }} b`);
    assert.equal(range?.source, "format('}}{0}', github.actor)");
  });
});

describe('hostile expressions', () => {
  it('any text is an expression or is none, without an exception', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseExpression(text);
        for (const { index, length } of findExpressions(text)) assert.ok(text.startsWith(`\${{`, index) && length >= 5);
      }),
      { numRuns: RUNS },
    );
  });

  it('any path has a kind', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (path) => {
        assert.equal(typeof classifyContext(path).kind, 'string');
      }),
      { numRuns: RUNS },
    );
  });

  it('a long word that is no expression is read in one pass', () => {
    const step = readStep(`- run: echo \${{ ${'a'.repeat(200_000)} ${'a.'.repeat(100_000)} }}`);
    assert.equal(step.run?.text.interpolations[0]?.values.length, 1);
  });

  it('deep nesting is refused, not followed', () => {
    assert.equal(parseExpression(`${'('.repeat(5000)}1${')'.repeat(5000)}`), undefined);
    assert.equal(parseExpression(`${'!'.repeat(5000)}true`), undefined);
  });
});

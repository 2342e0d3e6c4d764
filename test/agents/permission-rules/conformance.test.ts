import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { analyseRule, type RuleUse } from '../../../src/agents/index.ts';

/** A file of decisions that the real CLI took, tab-separated: settings, tool, input, decision, …, reason type at 8. */
const PAIRS = process.env['SALLYPORT_PERMISSION_PAIRS'];
const LISTS: readonly RuleUse[] = ['allow', 'deny'];

interface Decision {
  readonly use: RuleUse;
  readonly rule: string;
  readonly hit: boolean;
}

/** The only rule of the settings, and whether it decided. */
function decisionOf(line: string): Decision | undefined {
  const [settings = 'null', , , decision = '', , , , , reason = ''] = line.split('\t');
  const permissions: { readonly [list: string]: unknown } = JSON.parse(settings)?.permissions ?? {};
  const rules = LISTS.flatMap((use) => {
    const list = permissions[use];
    return Array.isArray(list) ? list.map((rule) => ({ use, rule: String(rule) })) : [];
  });
  const [only] = rules;
  if (only === undefined || rules.length > 1 || Array.isArray(permissions['ask'])) return undefined;
  const byRule = reason === 'rule' || reason === 'subcommandResults';
  return {
    ...only,
    hit: only.use === 'allow' ? decision === 'allow' && byRule : decision.startsWith('deny') && byRule,
  };
}

it('no rule that decided in the real CLI is called dead', { skip: PAIRS === undefined }, () => {
  const lines = readFileSync(PAIRS ?? '', 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const wrong = lines
    .map(decisionOf)
    .filter(
      (decision) =>
        decision?.hit === true && analyseRule('claude-code', decision.rule, decision.use).dead !== undefined,
    );
  assert.deepEqual(wrong, []);
});

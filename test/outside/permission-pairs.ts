/**
 * Compares what `analyseRule` calls dead with what the real CLI decided: `node test/outside/permission-pairs.ts FILE`.
 * FILE is tab-separated: settings, tool, input, decision, …, reason type at column 8. Exits 1 when a rule that decided
 * is called dead.
 */
import { readFileSync } from 'node:fs';
import { analyseRule, type RuleUse } from '../../src/agents/index.ts';

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

function main(file: string | undefined): number {
  if (file === undefined || file === '--help') {
    console.log('usage: node test/outside/permission-pairs.ts FILE');
    return file === undefined ? 2 : 0;
  }
  const decisions = readFileSync(file, 'utf8').trim().split('\n').slice(1).map(decisionOf);
  const hits = decisions.filter((decision) => decision?.hit === true);
  const wrong = hits.filter((decision) => decision && analyseRule('claude-code', decision.rule, decision.use).dead);
  for (const decision of wrong) console.log(`called dead, but it decided: ${decision?.use} ${decision?.rule}`);
  console.log(`${hits.length - wrong.length} of ${hits.length} rules that decided are called alive`);
  return wrong.length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv[2]);

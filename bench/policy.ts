/**
 * Decisions a second of the whole decision function, beside one raw evaluation of an expression in the same library.
 * usage: node bench/policy.ts [--rounds N]
 */
import { Environment } from '@marcbachmann/cel-js';
import { type Action, compilePolicy, defaultPolicy, INITIAL_STATE, parsePolicy } from '../src/policy/index.ts';

const POLICY = `version: 1
tool:
  allow: [Read, Grep, Edit, { tool: Write, when: 'action.writes.size() < 10' }, "Bash(npm test *)", "Bash(git diff *)"]
  deny: ["Bash(git push *)"]
file: { write: { allow: ["src/**", "test/**"], deny: ["**/*.lock"] } }
network: { allow: ["GET https://docs.example.org/v1/*", "*.pkg.example.org"] }`;

const CASES: readonly [string, Action][] = [
  ['tool by name', { plane: 'tool', tool: 'Read', input: {}, reads: ['src/a.ts'] }],
  ['tool with expression', { plane: 'tool', tool: 'Write', input: {}, writes: ['src/a.ts'] }],
  [
    'command, parsed',
    { plane: 'tool', tool: 'Bash', input: {}, command: 'cd pkg && CI=1 npm test -- --grep x | tail -5' },
  ],
  ['file write', { plane: 'file', operation: 'write', path: 'src/deep/er/file.ts' }],
  [
    'network request',
    { plane: 'network', host: 'docs.example.org', port: 443, protocol: 'https', method: 'GET', path: '/v1/x' },
  ],
];

function rate(rounds: number, step: () => unknown): number {
  for (let index = 0; index < rounds / 10; index++) step();
  const before = performance.now();
  for (let index = 0; index < rounds; index++) step();
  return rounds / ((performance.now() - before) / 1000);
}

const at = process.argv.indexOf('--rounds');
const rounds = at >= 0 ? Number(process.argv[at + 1]) : 20_000;
const policy = await compilePolicy({ repository: await parsePolicy(POLICY, 'bench.yaml') });
const raw = new Environment()
  .registerVariable({ name: 'action', schema: { tool: 'string' } })
  .parse('action.tool == "Write"');
const rows: [string, number][] = [
  ...CASES.map(([name, action]): [string, number] => [name, rate(rounds, () => policy.decide(action, INITIAL_STATE))]),
  ['peer: one raw CEL evaluation', rate(rounds, () => raw({ action: { tool: 'Write' } }))],
  ['built-in default, compiled', rate(100, () => defaultPolicy('claude-code'))],
];
for (const [name, perSecond] of rows)
  console.log(`${name.padEnd(30)} ${Math.round(perSecond).toLocaleString('en').padStart(12)} /s`);

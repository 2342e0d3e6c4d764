import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { claudeCode, predictDecision } from '../../../src/agents/index.ts';
import { compilePolicy, INITIAL_STATE, type Policy, parsePolicy } from '../../../src/policy/index.ts';
import { loadShellGrammar } from '../../../src/syntax/index.ts';
import { bash, DIRECTORY, NEWER, OLDER, PLACE } from './place.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 1_500);
const grammar = await loadShellGrammar();

/**
 * Where the policy lets through what the CLI would ask about: it reads the form to the end and decides on what is in it,
 * or another wall stands in its place (reference: agents §2.5).
 */
const LOOKED_INTO: readonly { readonly form: RegExp; readonly why: string }[] = [
  { form: /\b(?:bash|sh) -c |\beval |\btrap |\balias /, why: 'literal shell text is parsed and its parts are judged' },
  {
    form: /\b(?:env|exec|nocorrect|xargs|timeout|time|nice|nohup|command|stdbuf) /,
    why: 'wrappers are taken off, whatever their options',
  },
  { form: /[({`]|\bcase /, why: 'groups, functions and substitutions are looked into' },
  { form: /\$\w|\$'/, why: 'an argument that only the shell knows is covered by a wildcard only' },
  { form: /["']/, why: 'quotes are taken off before anything is compared' },
  { form: />/, why: 'what is written is judged by the file plane' },
  { form: /<|\.\.\/a/, why: 'what may be read is what is mounted' },
  { form: /\bnode --version\b/, why: 'an interpreter that prints its version, as `node -v` does' },
  { form: /\bFOO=1(?= *(?:$|[;&|\n]))/, why: 'a variable that no command gets' },
  { form: /\bcd sub[\s\S]*\bcd sub/, why: 'each change of directory must stay in the workspace' },
  { form: /\b(?:if|for) [\s\S]*\||\|[\s\S]*\b(?:if|for) /, why: 'a pipe and a block are judged part by part' },
  { form: /&(?!&)/, why: 'what only reads is no other thing in the background' },
  { form: /\bset -e/, why: 'only says when the script stops' },
];

const RULE_SETS = [
  { allow: ['Bash(npm test *)'] },
  { allow: ['Bash(npm *)', 'Bash(git commit *)'], deny: ['Bash(npm publish *)'] },
  { allow: ['Bash'], deny: ['Bash(curl *)', 'Bash(npm publish)'] },
  { allow: ['Bash(*)'], ask: ['Bash(git push *)'] },
  { allow: ['Bash(./scripts/*.sh)', 'Bash(echo *)'], deny: ['Bash(./scripts/deploy*)'] },
  { allow: ['Bash(watch *)', 'Bash(rm build)', 'Bash(bash -c *)'], ask: ['Bash(npm *)'] },
  { allow: ['Bash(* --version)', 'Bash(node *.js)'] },
] as const;

const LEAVES = [
  'npm test',
  'npm test --watch',
  'npm publish',
  'npm "publish"',
  'git commit -m x',
  'git push',
  'git -C sub push',
  'curl -s x',
  '/usr/bin/curl x',
  './scripts/a.sh',
  './scripts/../b.sh',
  './scripts/deploy.sh',
  'echo a',
  'rm build',
  'rm -rf /',
  'ls',
  'cat a',
  'cat ../a',
  'cd sub',
  'cd ..',
  'node a.js',
  'node --version',
  'python3 -c 1',
  'FOO=1',
  'set -e',
  'A=$(npm publish)',
  'mycmd',
];
const WRAPS = [
  'timeout 5 @',
  'time -p @',
  'nice -n 5 @',
  'nice -n5 @',
  'env @',
  'env -i A=1 @',
  'sudo @',
  'sudo -u x @',
  'xargs @',
  'xargs -n1 @',
  'watch @',
  'setsid @',
  'flock l @',
  'strace -f @',
  'exec @',
  'nohup @',
  'command @',
  'coproc @',
  'bash -c "@"',
  "sh -c '@'",
  'eval @',
  '(@)',
  '{ @; }',
  'echo $(@)',
  'echo `@`',
  'if true; then @; fi',
  'for i in 1 2; do @; done',
  'f() { @; }; f',
  '! @',
  '@ &',
  'CI=1 @',
  'FOO=1 @',
  'LANG=1 @',
  'PATH=/x @',
  '@ > out.txt',
  '@ > .git/config',
  '@ < /etc/hosts',
  '@ $X',
  '@ | tee a',
  'npx @',
  'ssh h @',
  'timeout 5 CI=1 @',
  'find . -exec @ \\;',
  'docker exec c @',
];

const leaf = fc.constantFrom(...LEAVES);
const wrapped = fc
  .tuple(fc.array(fc.constantFrom(...WRAPS), { maxLength: 2 }), leaf)
  .map(([wraps, command]) => wraps.reduce((inner, wrap) => wrap.replace('@', () => inner), command));
const command = fc
  .tuple(wrapped, fc.constantFrom(' && ', '; ', ' | ', ' || ', '\n'), fc.option(wrapped, { nil: undefined }))
  .map(([first, operator, second]) => (second === undefined ? first : first + operator + second));

async function compile(rules: (typeof RULE_SETS)[number]): Promise<Policy> {
  const document = { version: 1, agent: 'claude-code', tool: rules };
  const repository = await parsePolicy(JSON.stringify(document), 'rules');
  return await compilePolicy({ repository, workspaceRoot: DIRECTORY });
}

const policies = await Promise.all(RULE_SETS.map(compile));

function enforces(policy: Policy, text: string): boolean {
  const actions = claudeCode.actions({ id: '1', name: 'Bash', input: { command: text } }, DIRECTORY);
  return actions.every((action) => policy.decide(action, INITIAL_STATE).verdict === 'allow');
}

for (const version of [NEWER, OLDER]) {
  test(`the policy never allows what Claude Code ${version} refuses, nor what it asks about save where it looks further`, () => {
    const which = fc.nat({ max: RULE_SETS.length - 1 });
    fc.assert(
      fc.property(which, command, (index, text) => {
        const policy = policies[index];
        if (policy === undefined || !enforces(policy, text)) return;
        const permissions = RULE_SETS[index];
        const settings = { flag: { permissions: { ...permissions } } };
        const { verdict, by } = predictDecision({ settings, version, place: PLACE }, bash(text), grammar);
        assert.notEqual(verdict, 'deny', `refused ${JSON.stringify(permissions)}: ${text}`);
        // Roots and protected places: the sandbox holds nothing of the host, and these places read-only.
        if (verdict === 'allow' || by === 'safety') return;
        const known = LOOKED_INTO.some(({ form }) => form.test(text));
        assert.ok(known, `asked about ${JSON.stringify(permissions)}: ${text}`);
      }),
      { numRuns: RUNS },
    );
  });
}

/** `sallyport policy decide`: one call, answered by the policy and by the CLI's own rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, openRepository } from './support/repository.ts';

const SETTINGS = `{
  "permissions": {
    "deny": ["Bash(npm publish *)"]
  }
}
`;
const POLICY = `version: 1
agent: claude-code
tool:
  allow:
    - Read
    - Bash(npm test *)
`;

function decide(files: { readonly [path: string]: string }, ...args: readonly string[]): Outcome {
  using repository = openRepository();
  repository.write(files);
  return repository.sallyport('policy', 'decide', ...args);
}

const FILES = { 'sallyport.yaml': POLICY, '.claude/settings.json': SETTINGS };

test('a call that the policy allows ends with 0 and names the rule with its place', () => {
  const { code, stdout } = decide(FILES, '--policy', 'sallyport.yaml', '--', 'sh', '-c', 'npm test');
  assert.equal(code, 0);
  assert.match(stdout, /Bash \{"command":"sh -c 'npm test'"\}/);
  assert.match(
    stdout,
    /Sallyport, sallyport\.yaml: allow\n {2}rule {4}tool\.allow:Bash\(npm test \*\) at sallyport\.yaml:6:7/,
  );
  assert.match(stdout, /Claude Code 2\.1\.329 alone: ask \(refused where nobody can be asked\)/);
});

test('the policy of the repository is asked where none is named, and the built-in one where it has none', () => {
  const own = decide(FILES, '--', 'npm', 'publish');
  assert.match(own.stdout, /Sallyport, sallyport\.yaml: deny\n/);
  assert.equal(own.code, 1);
  assert.match(decide({}, '--', 'npm', 'publish').stdout, /Sallyport, built-in policy: allow\n/);
});

test('a call that the policy refuses ends with 1, and JSON holds both answers', () => {
  const { code, stdout } = decide(
    FILES,
    '--policy',
    'sallyport.yaml',
    '--format',
    'json',
    '--',
    'npm',
    'publish',
    '--tag',
    'x',
  );
  assert.equal(code, 1);
  const { sallyport, claudeCode } = JSON.parse(stdout);
  assert.equal(sallyport.verdict, 'deny');
  assert.deepEqual(
    [claudeCode.verdict, claudeCode.rule, claudeCode.at],
    ['deny', 'Bash(npm publish *)', '.claude/settings.json:3:14'],
  );
});

test('settings that are no JSON are dropped by the CLI, and the answer says so', () => {
  const { stdout } = decide({ 'mine.json': '{ "permissions": ' }, '--settings', 'user=mine.json', '--', 'npm publish');
  assert.match(stdout, /alone: ask/);
  assert.match(stdout, /mine\.json is no JSON: the CLI drops it whole/);
});

test('settings with one value that is none are dropped too, and the answer says for what', () => {
  const settings = (defaultMode: string) =>
    `{ "permissions": { "deny": ["Bash(npm *)"], "defaultMode": "${defaultMode}" } }`;
  const run = (mode: string) =>
    decide({ 'mine.json': settings(mode) }, '--settings', 'user=mine.json', '--', 'npm publish');
  assert.match(run('AcceptEdits').stdout, /alone: ask/);
  assert.match(run('AcceptEdits').stdout, /mine\.json .*`permissions\.defaultMode`: the CLI drops it whole/);
  assert.match(run('acceptEdits').stdout, /alone: deny/);
});

test('what is missing or cannot be read is one line and exit 2', () => {
  for (const args of [
    [],
    ['--input', '[]'],
    ['--settings', 'none.json', '--', 'ls'],
    ['--policy', 'none.yaml', '--', 'ls'],
  ]) {
    const { code, stderr } = decide({}, ...args);
    assert.equal(code, 2, args.join(' '));
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});

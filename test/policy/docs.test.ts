import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { compilePolicy, jsonSchema, lintPolicy, parsePolicy, runPolicyTests } from '../../src/policy/index.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/policy.md'), 'utf8');
const EXAMPLES = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

function policyCommand(...args: string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(ROOT, 'src/cli.ts'), 'policy', ...args],
    { encoding: 'utf8' },
  );
  return { stdout, stderr, status };
}

test('every example of the page is a policy whose own tests pass', async () => {
  assert.ok(EXAMPLES.length >= 8);
  for (const example of EXAMPLES) {
    const document = await parsePolicy(example, 'docs/policy.md');
    const registry = {
      id: 'registry:npm',
      host: 'npm.example.org',
      port: 443,
      protocol: 'https',
      tls: 'tunnel',
    } as const;
    const policy = await compilePolicy({ repository: document, registries: () => [registry] });
    assert.ok(
      (await runPolicyTests(document, policy)).every(({ passed }) => passed),
      example,
    );
    assert.ok(
      (await lintPolicy(document)).every(({ kind }) => kind === 'over-broad'),
      example,
    );
  }
});

test('the published JSON Schema is the one of the code', async () => {
  const published: unknown = JSON.parse(readFileSync(join(ROOT, 'docs/schema/sallyport.schema.json'), 'utf8'));
  assert.deepEqual(published, JSON.parse(JSON.stringify(await jsonSchema())));
});

test('the command tells a good file, a faulty one and a failing test apart by exit code', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-policy-'));
  try {
    const file = join(directory, 'p.yaml');
    writeFileSync(file, 'version: 1\ntool: { allow: [Read] }\ntests: [{ given: { tool: Write }, expect: allow }]\n');
    assert.equal(policyCommand('check', file).status, 0);
    assert.match(policyCommand('explain', file).stdout, /allow tool Read/);
    const failed = policyCommand('test', file, '--format', 'json');
    assert.deepEqual([failed.status, JSON.parse(failed.stdout).passed], [1, false]);
    writeFileSync(file, 'version: 1\ntoool: {}\n');
    const faulty = policyCommand('check', file, '--format', 'json');
    assert.deepEqual([faulty.status, JSON.parse(faulty.stdout).valid], [2, false]);
    assert.match(faulty.stderr, /p\.yaml:2:1: SP1101 unknown key 'toool' — Did you mean 'tool'\?/);
    assert.equal(policyCommand('check', join(directory, 'absent.yaml')).status, 2);
    assert.match(policyCommand('explain').stdout, /built-in default for claude-code/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { CONTROL_CLASSES } from '../../src/controls/index.ts';
import {
  compilePolicy,
  jsonSchema,
  lintPolicy,
  PATH_CLASS_RULES,
  parsePolicy,
  renderPolicyReference,
  runPolicyTests,
} from '../../src/policy/index.ts';

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

test('a validator of the standard takes the schema whole, and with it every example and no wrong key', async () => {
  const complain = (message: unknown): never => assert.fail(String(message));
  const ajv = new Ajv2020({ strictTypes: false, logger: { log: complain, warn: complain, error: complain } });
  addFormats.default(ajv);
  const holds = ajv.compile(await jsonSchema());
  for (const example of EXAMPLES) assert.ok(holds(parse(example)), `${example}${ajv.errorsText(holds.errors)}`);
  for (const wrong of [{ version: 2 }, { version: 1, tool: { alow: [] } }, { version: 1, limits: { minutes: 'x' } }])
    assert.equal(holds(wrong), false, JSON.stringify(wrong));
});

test('what a policy file says has no power over a terminal or a CI system', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-policy-'));
  try {
    const file = join(directory, 'p.yaml');
    const order = '##vso[task.setvariable variable=PATH]x \\u001b[2J \\u202e \\n::error::x';
    const write = `file: { read: { deny: ["${order}"] } }`;
    const own = `tests: [{ name: "${order}", given: { tool: Read }, expect: allow }]`;
    writeFileSync(file, `version: 1\ntool: { allow: ["Bash(${order.slice(0, 40)} *)"] }\n${write}\n${own}\n`);
    for (const command of ['explain', 'check', 'test'])
      for (const format of ['text', 'json']) {
        const { stdout } = policyCommand(command, file, '--format', format);
        assert.doesNotMatch(stdout, /##vso|[\u001b\u202e]|^\s*::/m, `${command} ${format}`);
      }
    assert.match(policyCommand('explain', file).stdout, /# #vso\[/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("what an organisation's file switches off is not said to be off: only the repository's counts", () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-policy-'));
  try {
    const [off, on] = [join(directory, 'off.yaml'), join(directory, 'on.yaml')];
    writeFileSync(off, 'version: 1\ndisable: [builtin/ci-files, builtin/no-egress-after-secret]\n');
    writeFileSync(on, 'version: 1\n');
    const { stdout } = policyCommand('explain', on, '--organisation', off);
    assert.doesNotMatch(stdout, /switched off/);
    const own = policyCommand('explain', off).stdout;
    assert.match(own, /builtin\/ci-files — switched off/);
    assert.match(own, /builtin\/no-egress-after-secret — switched off/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('the controls that the reference names are there', async () => {
  const names = new Set(CONTROL_CLASSES.flatMap(({ id, group }) => [id, group]));
  const classes = new Set(PATH_CLASS_RULES.map((row): string => row.class));
  const reference = await renderPolicyReference();
  const named = (key: string) =>
    [...reference.matchAll(new RegExp(`^\\| \`\\w+\\[\\]\\.${key}\` \\|(.*)$`, 'gm'))].flatMap(([, text = '']) =>
      [...text.matchAll(/`([a-z][a-z-]+)`/g)].map(([, name = '']) => name),
    );
  assert.ok(named('weakened').length > 3 && named('meta').length > 3 && named('classes').length > 3);
  assert.deepEqual(
    [
      ...named('weakened').filter((name) => !names.has(name)),
      ...named('meta').filter((name) => !names.has(name) && !classes.has(name)),
    ],
    [],
  );
});

test('the command tells a good file, a faulty one and a failing test apart by exit code', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-policy-'));
  try {
    const file = join(directory, 'p.yaml');
    writeFileSync(file, 'version: 1\ntool: { allow: [Read] }\ntests: [{ given: { tool: Write }, expect: allow }]\n');
    assert.equal(policyCommand('check', file).status, 0);
    assert.match(policyCommand('explain', file).stdout, /allow tool Read/);
    const controls = join(directory, 'c.yaml');
    const merge =
      'merge: { deny: [{ id: known, weakened: [guard], meta: [ci, test-removed] }, { id: odd, weakened: [gaurd] }] }';
    writeFileSync(controls, `version: 1\n${merge}\n`);
    const { warnings } = JSON.parse(policyCommand('check', controls, '--format', 'json').stdout);
    assert.deepEqual(
      warnings.map(({ rule, kind }: { rule: string; kind: string }) => [rule, kind]),
      [['odd', 'unknown-control']],
    );
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

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SallyportError } from '../../src/errors/index.ts';
import { createSentinel } from '../../src/text/index.ts';
import {
  collectFrom,
  commit,
  git,
  makeRepository,
  mergedOf,
  rulesOf,
  Scratch,
  stageOf,
  writeFiles,
} from './checkout.ts';

const SECRET = 'sk-live-9f8e7d6c5b4a3f2e1d0c';
const sentinel = createSentinel([{ name: 'DEPLOY_KEY', value: SECRET }]);

test('agent configuration and files that run by themselves come from the base, and the versions of the change are parked as text', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), {
    '.claude/settings.json': '{"from":"base"}',
    '.npmrc': 'audit=true\n',
    'AGENTS.md': 'be kind\n',
    'src/a.js': '1',
    'conftest.py': 'base',
  });
  git(source, 'checkout', '-q', '-b', 'change');
  writeFiles(source, {
    '.claude/settings.json': '{"hooks":"evil"}',
    '.claude/hooks/x.sh': 'evil',
    '.mcp.json': '{"mcpServers":{}}',
    '.npmrc': 'script-shell=./evil\n',
    'AGENTS.md': 'obey\n',
    'src/a.js': '2',
    'deep/.Cursor/mcp.json': '{}',
  });
  execFileSync('rm', [join(source, 'conftest.py')]);
  commit(source, 'change');
  const stage = await stageOf(scratch, source, { base: 'main' });
  const read = (path: string) => readFileSync(join(stage.lower, path), 'utf8');
  assert.equal(read('.claude/settings.json'), '{"from":"base"}');
  assert.equal(read('.npmrc'), 'audit=true\n');
  assert.equal(read('AGENTS.md'), 'be kind\n');
  assert.equal(read('conftest.py'), 'base');
  assert.equal(read('src/a.js'), '2');
  for (const absent of ['.claude/hooks', '.mcp.json', 'deep/.Cursor'])
    assert.equal(existsSync(join(stage.lower, absent)), false, absent);
  const parked = new Map(stage.parked.map((entry) => [entry.path, entry]));
  assert.deepEqual([...parked.keys()].toSorted(), [
    '.claude/hooks/x.sh',
    '.claude/settings.json',
    '.mcp.json',
    '.npmrc',
    'AGENTS.md',
    'conftest.py',
    'deep/.Cursor/mcp.json',
  ]);
  const file = parked.get('.npmrc')?.file ?? '';
  assert.equal(readFileSync(join(stage.parkedDirectory, file), 'utf8'), 'script-shell=./evil\n');
  assert.ok(readdirSync(stage.parkedDirectory).every((name) => name.endsWith('.txt')));
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
});

test('without a base, HEAD is the base: what lies about uncommitted configures nobody', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { '.mcp.json': '{}', a: '1' });
  writeFiles(source, {
    '.mcp.json': '{"mcpServers":{"evil":{}}}',
    '.claude/settings.local.json': '{}',
    '.envrc': 'evil',
  });
  const stage = await stageOf(scratch, source);
  assert.equal(readFileSync(join(stage.lower, '.mcp.json'), 'utf8'), '{}');
  assert.equal(existsSync(join(stage.lower, '.claude')), false);
  assert.deepEqual(stage.hidden.map(({ path }) => path).toSorted(), ['.claude/settings.local.json', '.envrc']);
});

test('a committed link that stands for agent configuration is judged like a file', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'AGENTS.md': 'base', 'other/settings.json': '{}' });
  symlinkSync('AGENTS.md', join(source, 'CLAUDE.md'));
  commit(source, 'base link');
  git(source, 'checkout', '-q', '-b', 'change');
  symlinkSync('other', join(source, '.claude'));
  commit(source, 'change');
  const stage = await stageOf(scratch, source, { base: 'main' });
  assert.equal(readFileSync(join(stage.lower, 'CLAUDE.md'), 'utf8'), 'base');
  assert.equal(existsSync(join(stage.lower, '.claude')), false);
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
});

test("files of dependencies are left alone: their agent files, keys and start-up files are nobody's configuration", async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1', '.gitignore': 'node_modules\n.venv\n' });
  const files = {
    'node_modules/x/AGENTS.md': 'x',
    'node_modules/x/test/key.pem': 'x',
    '.venv/lib/site-packages/easy.pth': '/x\n',
  };
  writeFiles(source, files);
  const stage = await stageOf(scratch, source);
  for (const path of Object.keys(files)) assert.ok(existsSync(join(stage.lower, path)), path);
});

test('a base that names no commit is an error, not a fallback', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1' });
  const refused = (error: unknown) => error instanceof SallyportError && error.code === 'SP1302';
  for (const base of ['origin/main', '--all', 'HEAD~7', ''])
    await assert.rejects(stageOf(scratch, source, { base }), refused, base);
  await assert.rejects(stageOf(scratch, scratch.directory('plain'), { base: 'main' }), refused);
});

test('a tag that is called like the base is not taken for it', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'AGENTS.md': 'be kind\n' });
  git(source, 'checkout', '-q', '-b', 'change');
  writeFiles(source, { 'AGENTS.md': 'obey\n' });
  commit(source, 'change');
  git(source, 'tag', 'main', 'change');
  const refused = (error: unknown) => error instanceof SallyportError && error.code === 'SP1312';
  await assert.rejects(stageOf(scratch, source, { base: 'main' }), refused);
  const stage = await stageOf(scratch, source, { base: 'refs/heads/main' });
  assert.equal(readFileSync(join(stage.lower, 'AGENTS.md'), 'utf8'), 'be kind\n');
});

test('untracked secret files stay behind: by name, by a known value in any encoding, by the shape of a key', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1', '.gitignore': '.env\n' });
  writeFiles(source, {
    '.env': `KEY=${SECRET}\n`,
    'sub/server.pem': 'x',
    'notes.txt': Buffer.from(SECRET).toString('base64'),
    id: '-----BEGIN OPENSSH PRIVATE KEY-----\n',
    'npm.txt': '//r.example/:_authToken=abc\n',
    'plain.txt': 'nothing',
    'node_modules/x/leak.js': `const k = "${SECRET}"`,
  });
  const stage = await stageOf(scratch, source, { sentinel });
  assert.deepEqual(stage.hidden.map(({ path }) => path).toSorted(), [
    '.env',
    'id',
    'node_modules/x/leak.js',
    'notes.txt',
    'npm.txt',
    'sub/server.pem',
  ]);
  assert.equal(statSync(join(stage.lower, '.env')).size, 0);
  assert.equal(readFileSync(join(stage.lower, 'plain.txt'), 'utf8'), 'nothing');
  const found = execFileSync('sh', ['-c', `grep -rlF '${SECRET}' . || true`], { cwd: stage.lower, encoding: 'utf8' });
  assert.equal(found, '');
});

test('tracked secrets are part of the history: they are reported, and stay', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), {
    'config.js': `k='${SECRET}'`,
    'aws.txt': 'AKIAABCDEFGHIJKLMNOP',
    '.env': 'A=1',
  });
  const stage = await stageOf(scratch, source, { sentinel });
  assert.deepEqual(stage.secretsInTree.map(({ path, name }) => [path, name]).toSorted(), [
    ['aws.txt', 'AWS access key'],
    ['config.js', 'DEPLOY_KEY'],
  ]);
  assert.deepEqual(stage.hidden, []);
  assert.equal(readFileSync(join(stage.lower, '.env'), 'utf8'), 'A=1');
});

test('in place of a hidden file stands an empty one, or nothing, as the policy says; it is named either way', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1', '.gitignore': 'deep/\n.env\n' });
  writeFiles(source, { '.env': `KEY=${SECRET}\n`, 'deep/.env': `KEY=${SECRET}\n` });
  const empty = await stageOf(scratch, source, { hidden: 'empty' });
  assert.equal(readFileSync(join(empty.lower, 'deep/.env'), 'utf8'), '');
  const absent = await stageOf(scratch, source, { hidden: 'absent' });
  for (const path of ['.env', 'deep/.env']) assert.equal(existsSync(join(absent.lower, path)), false);
  for (const { hidden } of [empty, absent])
    assert.deepEqual(hidden.map(({ path }) => path).toSorted(), ['.env', 'deep/.env']);
});

test('a decoy has the keys and the look of the secret file, none of its values, and gives away who read it', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1', '.gitignore': '.env\n' });
  writeFiles(source, { '.env': `# prod\nexport WEBHOOK="whsec_0123456789abcdefghij"\nPORT=8080\nKEY=${SECRET}\n` });
  const stage = await stageOf(scratch, source, { hidden: 'decoy' });
  const decoy = readFileSync(join(stage.lower, '.env'), 'utf8');
  assert.match(decoy, /^\nexport WEBHOOK="whsec_[0-9a-z]{20}"\nPORT=\nKEY=\S+\n$/);
  assert.ok(!decoy.includes(SECRET) && !decoy.includes('0123456789abcdefghij'));
  assert.deepEqual(
    stage.decoys.map(({ name, path }) => [name, path]),
    [
      ['decoy WEBHOOK of .env', '.env'],
      ['decoy KEY of .env', '.env'],
    ],
  );
  const merged = mergedOf(scratch, stage);
  writeFiles(merged, {
    'gen.js': `export const p=[${[...Buffer.from(decoy)].join(', ')}]`,
    'ok.js': 'export const x = 1;\n',
  });
  const change = await collectFrom(scratch, stage, merged, { sentinel: createSentinel(stage.decoys) });
  assert.equal(rulesOf(change)['gen.js'], 'secret');
  assert.match(change.secretHits[0]?.name ?? '', /of \.env$/);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['ok.js'],
  );
});

test('a secret file of an unknown format has no decoy', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1' });
  writeFiles(source, { '.env': `KEY=${SECRET}\nnot a setting at all\n` });
  const stage = await stageOf(scratch, source, { hidden: 'decoy' });
  assert.equal(statSync(join(stage.lower, '.env')).size, 0);
  assert.deepEqual(stage.decoys, []);
});

test('a parked version that holds a key is named, but not shown', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1', '.npmrc': 'x=1\n' });
  writeFiles(source, { '.npmrc': '//registry.example/:_authToken=real-token\n' });
  const stage = await stageOf(scratch, source, { random: randomBytes });
  assert.deepEqual(
    stage.parked.map(({ path, file }) => [path, file]),
    [['.npmrc', undefined]],
  );
});

test('what the policy provides is left out', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'tools/x': '1', y: '2' });
  const stage = await stageOf(scratch, source, { provided: ['tools/**'] });
  assert.equal(existsSync(join(stage.lower, 'tools/x')), false);
  assert.equal(existsSync(join(stage.lower, 'y')), true);
});

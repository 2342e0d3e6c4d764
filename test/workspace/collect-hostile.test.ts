import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSentinel } from '../../src/text/index.ts';
import { collectFrom, git, makeRepository, mergedOf, rulesOf, Scratch, stageOf, writeFiles } from './checkout.ts';

async function prepare(scratch: Scratch, files: Record<string, string> = { a: '1\n', 'src/b': '2\n' }) {
  const source = makeRepository(scratch.directory('source'), files);
  const stage = await stageOf(scratch, source);
  return { source, stage, merged: mergedOf(scratch, stage) };
}

test('what is ignored is no news, be it a repository or a pipe; beside a tracked file it is', async () => {
  using scratch = new Scratch();
  const ignore = 'build/\n*.git-cache\n/modules/*\n';
  const { stage, merged } = await prepare(scratch, { '.gitignore': ignore, 'modules/kept/file': '1\n', a: '1\n' });
  for (const place of ['build/_deps/lib', 'tool.git-cache', 'modules/fetched', 'modules/kept', 'plain']) {
    mkdirSync(join(merged, place), { recursive: true });
    makeRepository(join(merged, place), {});
  }
  execFileSync('mkfifo', [join(merged, 'build/pipe'), join(merged, 'pipe')]);
  writeFileSync(join(merged, 'modules/kept/file'), '2\n');
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(rulesOf(change), {
    'modules/kept': 'nested-repository',
    pipe: 'special-file',
    plain: 'nested-repository',
  });
});

test('the evidence of runs is neither shown nor taken from the agent, whatever it puts in its place', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'docs/a.md': 'a\n' });
  const out = join(source, 'out');
  const finished = { '.gitignore': '*\n', 'dataflow.json': '{}', 'report.json': '{}', 'ledger/events.ndjson': '' };
  writeFiles(out, { 'ledger/salts.ndjson': 'this run' });
  writeFiles(join(source, 'earlier/first'), finished);
  const stage = await stageOf(scratch, source, { evidence: out });
  assert.deepEqual(stage.hidden.map(({ path }) => path).toSorted(), ['earlier/first', 'out']);
  assert.ok(!existsSync(join(stage.lower, 'out')) && !existsSync(join(stage.lower, 'earlier/first')));
  const merged = mergedOf(scratch, stage);
  mkdirSync(join(merged, 'out'));
  symlinkSync('../docs/b.md', join(merged, 'out/report.md'));
  symlinkSync('../docs', join(merged, 'earlier/first'));
  writeFileSync(join(merged, 'outside.md'), 'honest\n');
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['outside.md'],
  );
  assert.deepEqual(rulesOf(change), { out: 'evidence', 'earlier/first': 'evidence' });
});

test('a folder of the project that only looks like evidence is staged and may change', async () => {
  using scratch = new Scratch();
  const files = { '.gitignore': '*\n', 'dataflow.json': '{}', 'report.json': '{}', 'ledger/events.ndjson': '' };
  const source = makeRepository(scratch.directory('source'), {});
  writeFiles(join(source, 'sample'), files);
  git(source, 'add', '-f', '.');
  git(source, 'commit', '-q', '-m', 'sample');
  const stage = await stageOf(scratch, source, { evidence: join(scratch.path, 'elsewhere') });
  const merged = mergedOf(scratch, stage);
  writeFileSync(join(merged, 'sample/report.json'), '{"changed":1}');
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual([change.files.map(({ path }) => path), change.withheld], [['sample/report.json'], []]);
});

test('links that leave the tree, lead into git or loop are withheld; one inside comes along', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  const links = {
    out: '../x',
    abs: '/etc/passwd',
    proc: '/proc/self/environ',
    gitdir: '.git/config',
    loop: 'loop',
    'src/up': '../../y',
    ok: 'src/b',
  };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(merged, path));
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['ok'],
  );
  assert.ok(Object.values(rulesOf(change)).every((rule) => rule === 'link'));
});

test('a directory that became a link out of the tree is not followed', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  const outside = scratch.directory('outside');
  writeFiles(outside, { b: 'from outside\n' });
  rmSync(join(merged, 'src'), { recursive: true });
  symlinkSync(outside, join(merged, 'src'));
  const change = await collectFrom(scratch, stage, merged);
  assert.equal(readFileSync(change.patchFile, 'utf8').includes('from outside'), false);
  assert.equal(rulesOf(change)['src'], 'link');
});

test('pipes, set-id files and files nobody may read neither hang nor pass', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  for (const name of ['pipe', '.gitignore', '.gitattributes']) execFileSync('mkfifo', [join(merged, name)]);
  rmSync(join(merged, 'a'));
  execFileSync('mkfifo', [join(merged, 'a')]);
  writeFiles(merged, { suid: 'x', locked: 'x', 'dir/in': 'x' });
  chmodSync(join(merged, 'suid'), 0o4755);
  chmodSync(join(merged, 'locked'), 0);
  chmodSync(join(merged, 'dir'), 0);
  const change = await collectFrom(scratch, stage, merged);
  const rules = rulesOf(change);
  for (const name of ['pipe', '.gitignore', '.gitattributes', 'a']) assert.equal(rules[name], 'special-file');
  assert.equal(rules['suid'], 'set-id');
  // Root reads what a user may not; either way it is accounted for.
  if (process.getuid?.() !== 0) assert.deepEqual([rules['locked'], rules['dir']], ['unreadable', 'unreadable']);
});

test('nested and bare repositories, git files and names that are git on other systems are withheld', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  mkdirSync(join(merged, 'vendor/x'), { recursive: true });
  git(join(merged, 'vendor/x'), 'init', '-q');
  writeFiles(merged, {
    'vendor/x/file': 'x',
    'bare/HEAD': 'ref: refs/heads/x\n',
    'bare/config': '[core]\n\tfsmonitor = evil\n',
    'bare/objects/x': '',
    'bare/refs/x': '',
    'sub/.git': 'gitdir: /elsewhere\n',
    'sub/y': 'y',
    '.GIT/config': 'x',
    'git~1/config': 'x',
    '.git /config': 'x',
    '.g\u200cit/config': 'x',
    'fine/git/x': 'x\n',
  });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['fine/git/x'],
  );
  const rules = rulesOf(change);
  for (const path of ['vendor/x', 'bare', 'sub']) assert.equal(rules[path], 'nested-repository', path);
  for (const path of ['.GIT', 'git~1', '.git ', '.g\u200cit']) assert.equal(rules[path], 'git-name', path);
});

test('a repository planted in a directory of the project does not hide what happened beside it', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  git(join(merged, 'src'), 'init', '-q');
  rmSync(join(merged, 'src/b'));
  const change = await collectFrom(scratch, stage, merged);
  assert.match(change.withheld.find(({ path }) => path === 'src')?.reason ?? '', /1 changed/);
});

test('hostile names come through as names and nothing more', async () => {
  using scratch = new Scratch();
  const { source, stage, merged } = await prepare(scratch);
  const names = [
    '-rf',
    'a\nb',
    '--exec=touch x',
    'x\x1b]0;p\x07',
    '$(touch z)',
    '"q"',
    'b\\s',
    '* ',
    'a/ b',
    '\u202egnp.js',
    '...',
    '..a',
    'x\ndiff --git a/q b/q',
  ];
  for (const name of names) writeFiles(merged, { [`n/${name}`]: 'x\n' });
  writeFileSync(Buffer.concat([Buffer.from(`${merged}/n/`), Buffer.from([0xff, 0xfe])]), 'raw\n');
  const change = await collectFrom(scratch, stage, merged);
  assert.equal(change.status, 'complete');
  assert.equal(change.files.length, names.length + 1);
  const clone = join(scratch.path, 'clone');
  git(source, 'clone', '-q', source, clone);
  git(clone, 'apply', '--index', change.patchFile);
  assert.equal(git(clone, 'write-tree'), change.head.tree);
});

test('forty thousand files and three thousand levels end within the limits', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  execFileSync('python3', ['-c', BOMB], { cwd: merged });
  writeFiles(merged, { a: '2\n' });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['a'],
  );
  const rules = Object.values(rulesOf(change));
  assert.deepEqual(rules.toSorted(), ['limit-depth', 'limit-files']);
});

const BOMB = `
import os
for d in range(40):
    os.makedirs(f"many/{d}")
    for i in range(1000): os.close(os.open(f"many/{d}/{i}", os.O_CREAT | os.O_WRONLY))
for i in range(3000): os.mkdir("d"); os.chdir("d")
`;

test('where a file takes the place of a directory whose deletion is withheld, both stay apart', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch, { 'x/.claude/settings.json': '{}', a: '1\n' });
  rmSync(join(merged, 'x'), { recursive: true });
  writeFiles(merged, { x: 'file\n', a: '2\n' });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['a'],
  );
  assert.equal(rulesOf(change)['x'], 'conflict');
});

test('a file and a directory may change places', async () => {
  using scratch = new Scratch();
  const { source, stage, merged } = await prepare(scratch);
  rmSync(join(merged, 'src'), { recursive: true });
  rmSync(join(merged, 'a'));
  writeFiles(merged, { src: 'file\n', 'a/deep': 'x\n' });
  const change = await collectFrom(scratch, stage, merged);
  assert.equal(change.status, 'complete');
  const clone = join(scratch.path, 'clone');
  git(source, 'clone', '-q', source, clone);
  git(clone, 'apply', '--index', change.patchFile);
  assert.equal(git(clone, 'write-tree'), change.head.tree);
});

test('changes in a submodule are withheld', async () => {
  using scratch = new Scratch();
  const library = makeRepository(scratch.directory('library'), { 'lib.c': '1' });
  const source = makeRepository(scratch.directory('source'), { a: '1\n' });
  git(source, 'submodule', '--quiet', 'add', library, 'lib');
  git(source, 'commit', '-qm', 'lib');
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  writeFiles(merged, { 'lib/lib.c': '2', 'lib/new.c': '3', a: '2\n' });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['a'],
  );
  assert.deepEqual(rulesOf(change), { 'lib/lib.c': 'submodule', 'lib/new.c': 'submodule' });
});

const SECRET = 'whsec_Zm9vYmFyYmF6cXV4MTIz';
const sentinel = createSentinel([{ name: 'HOOK', value: SECRET }]);
const bytes = Buffer.from(SECRET);

const ENCODINGS: readonly (readonly [string, string])[] = [
  ['plain', SECRET],
  ['reversed', [...SECRET].toReversed().join('')],
  ['base64', bytes.toString('base64')],
  ['base64 at another offset', Buffer.from(`xy${SECRET}`).toString('base64')],
  ['nested base64', Buffer.from(bytes.toString('base64')).toString('base64')],
  ['hexadecimal', bytes.toString('hex')],
  ['percent', [...bytes].map((byte) => `%${byte.toString(16)}`).join('')],
  ['a list of integers', [...bytes].join(', ')],
  ['a list of integers over lines', [...bytes].join(',\n  ')],
  ['spaced', [...SECRET].join(' ')],
  [
    'rot13',
    SECRET.replace(/[a-z]/gi, (c) =>
      String.fromCharCode((c <= 'Z' ? 90 : 122) >= c.charCodeAt(0) + 13 ? c.charCodeAt(0) + 13 : c.charCodeAt(0) - 13),
    ),
  ],
];

for (const [encoding, text] of ENCODINGS) {
  test(`a secret of the run does not leave in the patch as ${encoding}`, async () => {
    using scratch = new Scratch();
    const { stage, merged } = await prepare(scratch);
    writeFiles(merged, {
      'gen.js': `export const P = [${text}];\n`,
      'ok.js': 'export const x = 1;\n',
      'src/b': `2\n// ${text}\n`,
    });
    const change = await collectFrom(scratch, stage, merged, { sentinel });
    assert.deepEqual(
      change.files.map(({ path }) => path),
      ['ok.js'],
    );
    assert.deepEqual(rulesOf(change), { 'gen.js': 'secret', 'src/b': 'secret' });
    assert.ok(change.secretHits.every(({ name }) => name === 'HOOK'));
    assert.equal(sentinel.find(readFileSync(change.patchFile)).length, 0);
    assert.equal(change.reviewFile, undefined);
  });
}

test('a secret in a file name is withheld and not repeated in the report', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  writeFiles(merged, { [`x-${SECRET}.txt`]: 'x' });
  const change = await collectFrom(scratch, stage, merged, { sentinel });
  assert.equal(change.patchBytes, 0);
  assert.equal(JSON.stringify(change).includes(SECRET), false);
});

test('removing a leaked key from the source is possible, hashes and base64 of other data are no secret', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch, { 'leak.js': `const a = 1;\nconst k = "${SECRET}";\n` });
  writeFiles(merged, {
    'leak.js': 'const a = 1;\nconst k = process.env.HOOK;\n',
    'lock.json': `{"integrity":"sha512-${Buffer.alloc(64, 7).toString('base64')}"}\n`,
  });
  const change = await collectFrom(scratch, stage, merged, { sentinel });
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['leak.js', 'lock.json'],
  );
  assert.deepEqual(change.secretHits, []);
});

test('a secret that stands in the source may stay where it is, and gets no company', async () => {
  using scratch = new Scratch();
  const leak = `const k = "${SECRET}";\n`;
  const { stage, merged } = await prepare(scratch, { 'stays.js': leak, 'twice.js': leak });
  writeFiles(merged, { 'stays.js': `// a remark\n${leak}`, 'twice.js': `${leak}${leak}` });
  const change = await collectFrom(scratch, stage, merged, { sentinel });
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['stays.js'],
  );
  assert.deepEqual(rulesOf(change), { 'twice.js': 'secret' });
});

test('a rename does not carry a secret past the scan', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  renameSync(join(merged, 'a'), join(merged, SECRET));
  const change = await collectFrom(scratch, stage, merged, { sentinel });
  assert.equal(readFileSync(change.patchFile, 'utf8').includes(SECRET), false);
  assert.equal(existsSync(join(merged, SECRET)), true);
});

test('a new name that some file systems take for one that is there waits for a person', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch, { 'src/auth.ts': 'check\n', 'café/a': '1\n', tools: 'x\n' });
  writeFiles(merged, {
    'src/Auth.ts': 'no check\n',
    'SRC/AUTH.TS': 'no check\n',
    'cafe\u0301/a': '2\n',
    'Tools/run': 'below the twin of a file\n',
    'src/auth.ts.': 'what NTFS calls the same\n',
    'docs/New.md': 'new\n',
    'docs/new.md': 'the twin of another new one\n',
    Src: 'the twin of a directory\n',
  });
  const change = await collectFrom(scratch, stage, merged);
  const twins = Object.entries(rulesOf(change)).filter(([, rule]) => rule === 'name-twin');
  assert.deepEqual(
    twins.map(([path]) => path).sort(),
    ['SRC/AUTH.TS', 'Src', 'Tools/run', 'cafe\u0301/a', 'docs/new.md', 'src/Auth.ts', 'src/auth.ts.'].sort(),
  );
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['docs/New.md'],
  );
  assert.match(readFileSync(change.reviewFile ?? '', 'utf8'), /\+no check/);
});

test('a new name that Windows gives to a longer one waits for a person', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch, { 'OLD~1/a': '1\n' });
  const short = ['CLAUDE~1/settings.json', 'GITHUB~2/workflows/x.yml', 'sub/MCP~1.JSO'];
  const honest = ['notes~', 'file.txt.~1~', 'a~10', 'version~1.2.3', 'longername~1', 'OLD~1/a'];
  writeFiles(merged, Object.fromEntries([...short, ...honest].map((path) => [path, 'new\n'])));
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(rulesOf(change), Object.fromEntries(short.map((path) => [path, 'short-name'])));
  assert.deepEqual(change.files.map(({ path }) => path).sort(), honest.sort());
});

test('a name that changed its case, and a second directory that is spelled as the first, are no twins', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch, {
    'readme.md': 'hello\n',
    'src/a.ts': '1\n',
    'lib/src/a.ts': '2\n',
  });
  renameSync(join(merged, 'readme.md'), join(merged, 'README.md'));
  writeFiles(merged, { 'src/b.ts': '3\n', 'lib/b.ts': '4\n', 'src/a.test.ts': '5\n', 'src/a-b': '6\n' });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(rulesOf(change), {});
  assert.equal(change.files.length >= 5, true);
});

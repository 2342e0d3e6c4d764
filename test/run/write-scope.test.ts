import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parsePatchPaths } from '../../src/workspace/index.ts';
import { Checkout, type FinishedRun } from './contained-run.ts';

const FILES = { 'README.md': 'read me\n', 'src/a.ts': '1\n', 'package.json': '{}\n', 'generated/old': 'o\n' };

function pathsIn(run: FinishedRun, name: string): readonly string[] {
  const reading = parsePatchPaths(Buffer.from(run.read(name) ?? ''));
  assert.equal(reading.kind, 'paths');
  return reading.kind === 'paths' ? reading.paths.toSorted() : [];
}

/** The rule for each path that was kept out of the patch. */
function withheld(run: FinishedRun): { readonly [path: string]: string } {
  return Object.fromEntries((run.report().change?.withheld ?? []).map(({ path, rule }) => [path, rule]));
}

/** One command that writes `x` into each path. */
function writes(paths: readonly string[]): readonly string[] {
  return ['sh', '-c', 'for path; do mkdir -p "$(dirname "$path")"; echo x > "$path"; done', 'sh', ...paths];
}

test('the file plane of a policy file decides what is in the patch; the rest waits in a patch of its own', async () => {
  using checkout = new Checkout(FILES);
  const policy = checkout.policy({
    file: {
      write: {
        allow: ['src/**', 'README.md', 'generated/**'],
        ask: [{ id: 'look-at-docs', path: 'README.md', reason: 'people read it' }],
        deny: [{ id: 'made', path: 'generated/**', reason: 'made by a tool' }],
      },
    },
  });
  const run = await checkout.run(writes(['src/a.ts', 'README.md', 'generated/new', 'elsewhere']), {
    flags: ['--policy', policy],
  });
  assert.equal(run.exit, 0, run.stderr);
  assert.deepEqual(pathsIn(run, 'changes.patch'), ['src/a.ts']);
  assert.deepEqual(pathsIn(run, 'changes.withheld.patch'), ['README.md', 'elsewhere', 'generated/new']);
  assert.deepEqual(withheld(run), { 'README.md': 'look-at-docs', elsewhere: 'default', 'generated/new': 'made' });
  assert.equal(run.report().change?.status, 'partial');
  assert.match(run.read('report.md') ?? '', /generated\/new.*made.*made by a tool/);
});

test('what gives orders to agents, pipelines, git and editors is not in the patch of a run without a policy', async () => {
  using checkout = new Checkout(FILES);
  const rules = {
    '.github/workflows/x.yml': 'builtin/ci-files',
    'sub/.GitHub/workflows/x.yml': 'builtin/ci-files',
    '.claude/settings.json': 'builtin/agent-config',
    '.mcp.json': 'builtin/agent-config',
    'AGENTS.md': 'builtin/agent-config',
    'sallyport.yaml': 'builtin/agent-config',
    '.vscode/tasks.json': 'builtin/execution-files',
    'sub/.npmrc': 'builtin/execution-files',
  };
  const run = await checkout.run(writes([...Object.keys(rules), '.git/hooks/pre-commit', '.gitconfig']));
  assert.equal(run.exit, 0, run.stderr);
  assert.equal(run.read('changes.patch'), '');
  const { '.gitconfig': git, ...others } = withheld(run);
  assert.equal(git, 'builtin/git-internals');
  assert.deepEqual(others, rules);
  const review = pathsIn(run, 'changes.withheld.patch');
  assert.ok(!review.some((path) => path.startsWith('.git/')));
});

test('what an ordinary task changes is in the patch of a run without a policy, the package manifest too', async () => {
  using checkout = new Checkout(FILES);
  const paths = ['Dockerfile', 'README.md', 'package-lock.json', 'package.json', 'src/a.ts', 'test/a.test.ts'];
  const run = await checkout.run(writes(paths));
  assert.equal(run.exit, 0, run.stderr);
  assert.deepEqual(pathsIn(run, 'changes.patch'), paths);
  assert.equal(run.report().change?.status, 'complete');
  const classes = Object.fromEntries((run.report().change?.files ?? []).map((file) => [file.path, file.class]));
  assert.equal(classes['package.json'], 'dependency-manifest');
  assert.equal(classes['Dockerfile'], 'security-sensitive');
});

test('--apply brings the patch to the workspace after a good run, and nothing after a bad one', async () => {
  using checkout = new Checkout(FILES);
  const good = await checkout.run(writes(['src/new/b.ts', '.mcp.json']), { flags: ['--apply'] });
  assert.equal(good.exit, 0, good.stderr);
  assert.equal(readFileSync(join(checkout.workspace, 'src/new/b.ts'), 'utf8'), 'x\n');
  assert.ok(!existsSync(join(checkout.workspace, '.mcp.json')));
  const bad = await checkout.run(['sh', '-c', 'echo y > src/a.ts; exit 7'], { flags: ['--apply'] });
  assert.equal(bad.exit, 7);
  assert.equal(readFileSync(join(checkout.workspace, 'src/a.ts'), 'utf8'), '1\n');
  assert.match(bad.stderr, /was not applied/);
});

test('--apply leaves a workspace alone that changed meanwhile, and says so with exit code 3', async () => {
  using checkout = new Checkout(FILES);
  const going = checkout.run(['sh', '-c', 'echo 2 > src/a.ts; echo n > src/n.ts; sleep 4'], {
    flags: ['--apply'],
  });
  // Once the start is on record the copy is made; then somebody else writes.
  const records = join(checkout.root, 'out-0/ledger/events.ndjson');
  for (
    let tries = 0;
    tries < 600 && !(existsSync(records) && /run\.start/.test(readFileSync(records, 'utf8')));
    tries++
  )
    await sleep(50);
  checkout.write('src/a.ts', 'mine\n');
  const run = await going;
  assert.equal(run.exit, 3, run.stderr);
  assert.match(run.stderr, /the change was not applied: it does not fit the workspace/);
  assert.equal(readFileSync(join(checkout.workspace, 'src/a.ts'), 'utf8'), 'mine\n');
  assert.ok(!existsSync(join(checkout.workspace, 'src/n.ts')));
  assert.deepEqual(pathsIn(run, 'changes.patch'), ['src/a.ts', 'src/n.ts']);
});

test('a run whose evidence is in the workspace neither shows it nor lets the agent say what is written there', async () => {
  using checkout = new Checkout({ ...FILES, '.github/workflows/ci.yml': 'on: push\n' });
  const plant = 'ls -a; git status --porcelain; mkdir evidence; ln -s ../.github/workflows/new.yml evidence/report.md';
  const out = join(checkout.workspace, 'evidence');
  const run = await checkout.run(['sh', '-c', `${plant}; echo 2 > src/a.ts`], { flags: ['--apply', '--out', out] });
  assert.equal(run.exit, 0, run.stderr);
  assert.doesNotMatch(run.stdout, /evidence/);
  assert.ok(!existsSync(join(checkout.workspace, '.github/workflows/new.yml')));
  assert.equal(readFileSync(join(checkout.workspace, 'src/a.ts'), 'utf8'), '2\n');
  const { change } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  assert.deepEqual(
    change.withheld.map(({ path, rule }: { path: string; rule: string }) => [path, rule]),
    [['evidence', 'evidence']],
  );
});

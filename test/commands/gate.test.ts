/** `sallyport gate` as a person, a pipeline and a server start it, in repositories of real git. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AskedEvidence, gather } from '../../src/commands/gate/gather.ts';
import { type GateEvidence, type GateResult, judge, writeSetup } from '../../src/gate/index.ts';
import { defaultPolicy } from '../../src/policy/index.ts';
import { writeRun } from '../gate/origin/ledger-sample.ts';
import { openRepository, PROGRAM, type Repository } from './support/repository.ts';

const GUARDED = `export function canDelete(user, doc) {
  if (!user.active) return false;
  if (doc.owner !== user.id && !user.roles.includes("admin")) return false;
  return verifySession(user.session);
}
`;
const OPEN = `export function canDelete(user, doc) {
  if (!user.active) return false;
  return verifySession(user.session) || user.name === "svc-debug";
}
`;
const KEY = `ghp_${'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zQ2'}`;

function git(root: string, ...words: readonly string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test'];
  return execFileSync('git', [...identity, ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', HOME: root, GIT_CONFIG_NOSYSTEM: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/** A repository with a guarded function on `main`, and `topic` checked out. */
function openGround(files: { readonly [path: string]: string } = {}): Repository {
  const repository = openRepository();
  repository.commit({ 'src/auth.js': GUARDED, ...files });
  git(repository.root, 'checkout', '-q', '-b', 'topic');
  return repository;
}

async function gate(
  { root }: Repository,
  asked: Partial<AskedEvidence> = {},
): Promise<GateResult & { readonly change: GateEvidence['change'] }> {
  const nothing = {
    base: 'main',
    head: undefined,
    patch: undefined,
    workingTree: false,
    targetRef: undefined,
    branch: undefined,
    runs: [],
    trust: undefined,
    findings: [],
    approvals: undefined,
    requestedBy: undefined,
    lastPusher: undefined,
    agents: [],
    organisation: undefined,
    secrets: [],
  };
  const { evidence, policy } = await gather(root, { ...nothing, ...asked }, Date.UTC(2027, 0, 15));
  return { ...judge(evidence, policy), change: evidence.change };
}

function codes({ reasons }: GateResult): readonly string[] {
  return [...new Set(reasons.map(({ code }) => code))].sort();
}

test('a person’s clean change passes with 0, a removed guard ends with 1, a conflict with 3, a mistake with 2', () => {
  using repository = openGround();
  assert.equal(repository.sallyport('gate', '--base', 'main').code, 2);
  assert.equal(repository.sallyport('gate', '--base', '--upload-pack=x').code, 2);
  repository.commit({ 'src/auth.js': GUARDED.replaceAll('user', 'person') });
  const clean = repository.sallyport('gate', '--base', 'main');
  assert.equal(clean.code, 0, clean.stdout);
  assert.match(clean.stdout, /^pass: /);
  repository.commit({ 'src/auth.js': OPEN });
  const weaker = repository.sallyport('gate', '--format', 'json');
  assert.equal(weaker.code, 1);
  const verdict: Record<string, unknown> = JSON.parse(weaker.stdout);
  assert.equal(verdict['verdict'], 'needs-approval');
  git(repository.root, 'checkout', '-q', 'main');
  repository.commit({ 'src/auth.js': GUARDED.replace('active', 'enabled') });
  assert.equal(repository.sallyport('gate', 'topic', '--base', 'main').code, 3);
});

test('commits with a bot for an author are of unknown origin', async () => {
  using repository = openGround();
  repository.write({ 'src/b.js': 'export const b = 2;\n' });
  git(repository.root, 'add', '-A');
  git(
    repository.root,
    'commit',
    '-q',
    '-m',
    'b',
    '--author',
    'github-actions[bot] <x@users.noreply.forge.example.test>',
  );
  const result = await gate(repository);
  assert.equal(result.label, 'unknown-origin');
  assert.ok(codes(result).includes('GATE001'));
});

test('the branch’s name is a sign, too', async () => {
  using repository = openGround();
  git(repository.root, 'checkout', '-q', '-b', 'claude/issue-12');
  repository.commit({ 'src/b.js': 'export const b = 2;\n' });
  assert.equal((await gate(repository)).label, 'unknown-origin');
});

test('what one commit adds and the next removes is seen: a secret and a workflow', async () => {
  using repository = openGround();
  repository.commit({
    'notes.txt': `${Buffer.from(KEY).toString('base64')}\n`,
    '.github/workflows/x.yml': 'on: push\n',
  });
  git(repository.root, 'rm', '-q', '-r', 'notes.txt', '.github');
  repository.commit({ 'src/b.js': 'export const b = 2;\n' });
  const result = await gate(repository);
  assert.deepEqual(codes(result), ['GATE010', 'GATE040']);
  assert.ok(!JSON.stringify(result).includes(KEY));
});

test('the policy of the target decides, not the one of the change', async () => {
  using repository = openGround({
    'sallyport.yaml':
      'version: 1\nmerge: { deny: [{ id: frozen, paths: ["src/**"] }], require: [{ findings: { high: 0 } }] }\n',
  });
  repository.commit({
    'src/b.js': 'export const b = 2;\n',
    'sallyport.yaml': 'version: 1\nmerge: { allow: [{ id: all }] }\n',
  });
  const result = await gate(repository);
  assert.equal(result.policy.rule, 'frozen');
  assert.ok(codes(result).includes('GATE014'));
});

test('a policy or trust store behind a link is refused: a change of what it points to would choose the judge unseen', async () => {
  for (const [path, text, code] of [
    ['sallyport.yaml', 'version: 1\nmerge: { deny: [{ id: frozen, paths: ["src/**"] }] }\n', 'SP1103'],
    ['.sallyport/trust.yaml', 'version: 1\nsigners: []\n', 'SP2501'],
  ] as const) {
    using linked = openRepository();
    linked.write({ 'elsewhere/judge.yaml': text });
    mkdirSync(join(linked.root, '.sallyport'));
    symlinkSync(path.includes('/') ? '../elsewhere/judge.yaml' : 'elsewhere/judge.yaml', join(linked.root, path));
    linked.commit({});
    git(linked.root, 'checkout', '-q', '-b', 'topic');
    linked.commit({ 'src/b.js': 'export const b = 2;\n' });
    await assert.rejects(gate(linked), { code, message: /it is a link; make it a file of its own/ });
    using plain = openGround({ [path]: text });
    plain.commit({ 'src/b.js': 'export const b = 2;\n' });
    assert.equal((await gate(plain)).verdict, path === 'sallyport.yaml' ? 'blocked' : 'pass');
  }
});

test('the result of the merge is judged: a conflict is incomplete', async () => {
  using repository = openGround();
  repository.commit({ 'src/auth.js': GUARDED.replace('active', 'on') });
  git(repository.root, 'checkout', '-q', 'main');
  repository.commit({ 'src/auth.js': GUARDED.replace('active', 'enabled') });
  const result = await gate(repository, { head: 'topic' });
  assert.equal(result.verdict, 'incomplete');
  assert.ok(codes(result).includes('GATE060'));
});

test('a target that moved on is merged first, and the change keeps its own base', async () => {
  using repository = openGround();
  const base = git(repository.root, 'rev-parse', 'main');
  repository.commit({ 'src/b.js': 'export const b = 2;\n' });
  git(repository.root, 'checkout', '-q', 'main');
  repository.commit({ 'src/c.js': 'export const c = 3;\n' });
  const { verdict, change, size } = await gate(repository, { head: 'topic' });
  assert.deepEqual([verdict, change.baseCommit, size.files], ['pass', base, 1]);
});

test('the repository is left as it was: no object, no ref, no file', async () => {
  using repository = openGround();
  repository.commit({ 'src/auth.js': OPEN });
  const { root } = repository;
  const state = (): readonly string[] => [
    git(root, 'count-objects', '-v'),
    git(root, 'for-each-ref'),
    readdirSync(join(root, '.git')).join(),
  ];
  const before = state();
  await gate(repository);
  assert.deepEqual(state(), before);
});

test('a patch and a working tree are judged like a commit', async () => {
  using repository = openGround();
  repository.write({ 'src/auth.js': OPEN });
  const patch = join(repository.root, '.git', 'change.patch');
  writeFileSync(patch, `${git(repository.root, 'diff')}\n`);
  assert.deepEqual(codes(await gate(repository, { workingTree: true })), ['GATE020']);
  git(repository.root, 'checkout', '-q', '--', '.');
  assert.deepEqual(codes(await gate(repository, { patch })), ['GATE020']);
  repository.commit({ 'src/auth.js': '// other\n' });
  await assert.rejects(gate(repository, { base: 'topic', patch }), { code: 'SP2702' });
});

test('a run record is matched by its tree; one line more is not its change any more', async () => {
  using repository = openGround();
  const out = mkdtempSync(join(tmpdir(), 'gate-out-'));
  try {
    const baseCommit = git(repository.root, 'rev-parse', 'main');
    repository.commit({ 'src/b.js': 'export const b = 2;\n' });
    const tree = git(repository.root, 'rev-parse', 'HEAD^{tree}');
    const policyDigest = defaultPolicy('claude-code').digest;
    await writeRun(join(out, 'ledger'), { baseCommit, tree, policyDigest, actor: 'alice' });
    const first = await gate(repository, { runs: [out] });
    assert.deepEqual([first.label, codes(first)], ['ai-assisted', ['GATE071']]);
    const { stdout } = repository.sallyport('gate', '--base', 'main', '--run', out, '--trailers');
    assert.equal(stdout, 'Assisted-by: claude-code\nSallyport-Run: sample\n');
    assert.equal(repository.sallyport('gate', '--base', 'main', '--trailers').stdout, '');
    repository.commit({ 'src/c.js': 'export const c = 3;\n' });
    assert.deepEqual(codes(await gate(repository, { runs: [out] })), ['GATE005', 'GATE071']);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

test('a scan that is handed in counts, and one that is no scan is refused', async () => {
  using repository = openGround();
  repository.commit({ 'src/b.js': 'export const b = 2;\n' });
  const region = { artifactLocation: { uri: 'src/b.js' }, region: { startLine: 1 } };
  const result = {
    ruleId: 'X1',
    level: 'error',
    message: { text: 'a hole' },
    locations: [{ physicalLocation: region }],
  };
  const driver = { name: 'scanner', rules: [{ id: 'X1' }] };
  const file = join(repository.root, '.git', 'scan.sarif');
  writeFileSync(file, JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, results: [result] }] }));
  const answer = await gate(repository, { findings: [file] });
  assert.notEqual(answer.verdict, 'pass');
  assert.match(JSON.stringify(answer.reasons), /a hole/);
  writeFileSync(file, 'no json');
  await assert.rejects(gate(repository, { findings: [file] }), { code: 'SP2703' });
});

test('a review of another head does not count as one of this', async () => {
  using repository = openGround();
  repository.commit({ 'src/b.js': 'export const b = 2;\n' });
  const file = join(repository.root, '.git', 'review.json');
  writeFileSync(file, repository.sallyport('review', '--base', 'main', '--format', 'json').stdout);
  assert.equal((await gate(repository, { findings: [file] })).verdict, 'pass');
  repository.commit({ 'src/c.js': 'export const c = 3;\n' });
  assert.deepEqual(codes(await gate(repository, { findings: [file] })), ['GATE031']);
});

test('a secret of the pipeline is found in the change in any encoding', async () => {
  using repository = openGround();
  const value = 'correct-horse-battery';
  repository.commit({ 'src/b.js': `export const b = '${Buffer.from(value).toString('hex')}';\n` });
  const result = await gate(repository, { secrets: [{ name: 'DEPLOY', value }] });
  assert.deepEqual(codes(result), ['GATE040']);
  assert.ok(!JSON.stringify(result).includes('correct-horse'));
  assert.equal(repository.sallyport('gate', '--base', 'main', '--secret-env', 'NOT_SET').code, 2);
});

test('the hook refuses a push that the gate does not let through, a rewritten history and a deletion', () => {
  using repository = openGround();
  const bare = mkdtempSync(join(tmpdir(), 'gate-bare-'));
  try {
    git(bare, 'init', '-q', '--bare', '.');
    const hook = join(bare, 'hooks', 'pre-receive');
    writeFileSync(hook, writeSetup('pre-receive', { branches: ['main'], integrationId: undefined, check: 'ci' }));
    chmodSync(hook, 0o755);
    const push = (...refs: string[]): number | null =>
      spawnSync('git', ['push', '-q', bare, ...refs], {
        cwd: repository.root,
        env: { PATH: '/usr/bin:/bin', HOME: repository.root, SALLYPORT: PROGRAM },
      }).status;
    assert.equal(push('main:main'), 0);
    repository.commit({ 'src/auth.js': OPEN });
    assert.equal(push('topic:main'), 1);
    assert.equal(push('topic:topic'), 0);
    git(repository.root, 'checkout', '-q', '-B', 'fine', 'main');
    repository.commit({ 'src/b.js': 'export const b = 2;\n' });
    assert.equal(push('fine:main'), 0);
    assert.equal(push('+main:main'), 1);
    assert.equal(push(':main'), 1);
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
});

test('the hook is not led around by another name of the branch, by replaced commits or by a new branch', () => {
  using repository = openGround();
  const bare = mkdtempSync(join(tmpdir(), 'gate-bare-'));
  try {
    git(bare, 'init', '-q', '--bare', '-b', 'main', '.');
    const hook = join(bare, 'hooks', 'pre-receive');
    const branches = ['refs/heads/main', 'release'];
    writeFileSync(hook, writeSetup('pre-receive', { branches, integrationId: undefined, check: 'ci' }));
    chmodSync(hook, 0o755);
    const push = (...refs: string[]): number | null =>
      spawnSync('git', ['push', '-q', '-f', bare, ...refs], {
        cwd: repository.root,
        env: { PATH: '/usr/bin:/bin', HOME: repository.root, SALLYPORT: PROGRAM },
      }).status;
    assert.equal(push('main:main'), 0, 'an empty repository is begun');
    assert.equal(push('main:release'), 1, 'a protected branch is not made by a push');
    git(bare, 'symbolic-ref', 'refs/heads/master', 'refs/heads/main');
    repository.commit({ 'src/auth.js': OPEN });
    assert.equal(push('topic:master'), 1, 'master is main');
    git(repository.root, 'checkout', '-q', '-B', 'fine', 'main');
    const old = repository.commit({ 'src/b.js': 'export const b = 2;\n' });
    assert.equal(push('fine:master'), 0);
    git(repository.root, 'checkout', '-q', '-B', 'without', 'main');
    const head = repository.commit({ 'src/c.js': 'export const c = 3;\n' });
    const tree = git(repository.root, 'rev-parse', `${head}^{tree}`);
    const fake = git(repository.root, 'commit-tree', tree, '-p', old, '-m', 'as if it went on');
    assert.equal(push(`${head}:refs/heads/elsewhere`, `${fake}:refs/replace/${head}`), 0);
    assert.equal(push(`${head}:main`), 1, 'what was there would be gone');
    assert.equal(git(bare, 'rev-parse', 'main'), old);
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
});

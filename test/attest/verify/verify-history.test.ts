import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommitVerdict } from '../../../src/attest/index.ts';
import { EVIDENCE_REF } from '../../../src/attest/index.ts';
import { verifyBranch } from '../../../src/commands/verify/branch.ts';
import { addToRef, openObjectStore, type RefFile } from '../../../src/workspace/index.ts';
import { Repository, TARGET } from '../repository.ts';
import { hireStaff, NOW } from '../scene.ts';

const STAFF = await hireStaff();
const GATE = STAFF.seal['gate'] ?? assert.fail();

/** A repository whose first commit names the staff. */
function found(files: { readonly [path: string]: string } = {}) {
  const repository = new Repository();
  const trust = STAFF.trustText;
  const base = repository.commit({ '.sallyport/trust.yaml': trust, 'a.txt': 'a\n', 'b.txt': 'b\n', ...files });
  return { repository, base };
}

/** Commits one after the other on a branch of an agent's own, attested; then the target is as it was. */
async function attestedChange(
  repository: Repository,
  base: string,
  ...contents: readonly { readonly [path: string]: string }[]
): Promise<string> {
  repository.branch('agent', base);
  const head = contents.map((files) => repository.commit(files)).at(-1) ?? assert.fail('a change without commits');
  await repository.attest(GATE, base, head);
  repository.branch('main', base);
  return head;
}

async function verify(repository: Repository, from: string, to: string): Promise<readonly CommitVerdict[]> {
  const { commits } = await verifyBranch({
    store: openObjectStore(repository.path),
    targetRef: TARGET,
    from,
    to: repository.git('rev-parse', to),
    evidence: [EVIDENCE_REF],
    trustAt: undefined,
    repository: undefined,
    judge: async () => ({ verdict: 'pass', reasons: [] }),
    mostJudged: 0,
    now: NOW,
    maxAge: undefined,
  });
  return commits;
}

async function states(repository: Repository, from: string, to: string): Promise<readonly string[]> {
  return (await verify(repository, from, to)).map(({ state, landing }) => (landing ? `${state} ${landing}` : state));
}

/** What whoever may push can put beside the evidence. */
function rubbish(base: string, head: string): RefFile {
  return { path: `${TARGET}/${base}-${head}/x.sigstore.json`, content: Buffer.from('{}') };
}

test('attested commits that are pushed as they are verify, all of them', async () => {
  const { repository, base } = found();
  using _ = repository;
  repository.commit({ 'a.txt': 'one\n' });
  const head = repository.commit({ 'a.txt': 'two\n' });
  await repository.attest(GATE, base, head);
  assert.deepEqual(await states(repository, base, head), ['verified direct', 'verified direct']);
});

test('a commit behind the attested head is missing', async () => {
  const { repository, base } = found();
  using _ = repository;
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head);
  const later = repository.commit({ 'a.txt': 'one more\n' });
  assert.deepEqual(await states(repository, base, later), ['verified direct', 'missing']);
});

test('a commit that the next one undoes is looked at as well', async () => {
  const { repository, base } = found();
  using _ = repository;
  repository.commit({ 'key.pem': 'secret\n' });
  repository.git('rm', '-q', 'key.pem');
  const clean = repository.commit({ 'a.txt': 'one\n' });
  // What was judged is the net difference, made elsewhere.
  repository.branch('agent', base);
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head);
  assert.deepEqual(await states(repository, base, clean), ['missing', 'missing']);
});

test('a clean merge of an attested head verifies', async () => {
  const { repository, base } = found();
  using _ = repository;
  const head = await attestedChange(repository, base, { 'a.txt': 'one\n' });
  repository.git('merge', '-q', '--no-ff', '-m', 'merge', head);
  assert.deepEqual(await states(repository, base, 'main'), ['verified direct', 'verified merge']);
});

test('a merge that adds something of its own fails', async () => {
  const { repository, base } = found();
  using _ = repository;
  const head = await attestedChange(repository, base, { 'a.txt': 'one\n' });
  repository.git('merge', '-q', '--no-ff', '--no-commit', head);
  repository.commit({ 'evil.txt': 'evil\n' }, 'merge');
  assert.deepEqual(await states(repository, base, 'main'), ['verified direct', 'failed merge']);
});

test('what others store for the same head on another base spoils no merge', async () => {
  const { repository, base } = found();
  using _ = repository;
  const head = await attestedChange(repository, base, { 'a.txt': 'one\n' });
  repository.git('merge', '-q', '--no-ff', '-m', 'merge', head);
  for (const other of ['0'.repeat(40), 'f'.repeat(40), head])
    await addToRef(openObjectStore(repository.path), EVIDENCE_REF, [rubbish(other, head)], 0);
  assert.deepEqual(await states(repository, base, 'main'), ['verified direct', 'verified merge']);
});

test('a squash is found behind more changes of long ago than are tried', async () => {
  const { repository, base } = found();
  using _ = repository;
  const tree = repository.git('rev-parse', `${base}^{tree}`);
  const old = Array.from({ length: 201 }, (_, at) => repository.git('commit-tree', tree, '-p', base, '-m', String(at)));
  await addToRef(
    openObjectStore(repository.path),
    EVIDENCE_REF,
    old.map((head) => rubbish(base, head)),
    0,
  );
  // Folders are listed by the name of the base: this one comes last.
  const later = (): string => {
    repository.git('commit', '-q', '--allow-empty', '--amend', '-m', `later ${Math.random()}`);
    return repository.git('rev-parse', 'HEAD');
  };
  repository.git('commit', '-q', '--allow-empty', '-m', 'later', '--date=2100-01-01T00:00:00Z');
  let onto = later();
  while (onto < base) onto = later();
  repository.branch('agent', onto);
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, onto, head);
  repository.branch('main', onto);
  repository.git('merge', '-q', '--squash', head);
  const squash = repository.commit({}, 'squash');
  assert.deepEqual(await states(repository, onto, squash), ['verified squash']);
});

test('a merge inside a row of rebased commits repeats nothing', async () => {
  const { repository, base } = found();
  using _ = repository;
  const head = await attestedChange(repository, base, { 'a.txt': 'one\n' }, { 'a.txt': 'two\n' });
  const moved = repository.commit({ 'b.txt': 'moved\n' });
  repository.branch('evil', moved);
  const evil = repository.commit({ 'evil.txt': 'evil\n' });
  repository.branch('main', moved);
  repository.git('cherry-pick', `${base}..${head}`);
  assert.deepEqual(await states(repository, moved, 'main'), ['verified rebase', 'verified rebase']);
  const tree = repository.git('rev-parse', 'main^{tree}');
  const merge = repository.git('commit-tree', tree, '-p', 'main~1', '-p', evil, '-m', 'two');
  const verdicts = await verify(repository, moved, merge);
  assert.deepEqual(new Set(verdicts.map(({ state }) => state)), new Set(['missing']));
  assert.equal(verdicts.length, 3);
});

test('a merge of three, and of a change with an attested one, is missing', async () => {
  const { repository, base } = found();
  using _ = repository;
  repository.branch('agent', base);
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head);
  repository.branch('other', base);
  const other = repository.commit({ 'b.txt': 'other\n' });
  const tree = repository.git('merge-tree', '--write-tree', head, other);
  const octopus = repository.git('commit-tree', tree, '-p', base, '-p', head, '-p', other, '-m', 'three');
  const verdicts = await verify(repository, base, octopus);
  const stateOf = new Map(verdicts.map(({ commit, state }) => [commit, state]));
  assert.deepEqual(
    [head, other, octopus].map((id) => stateOf.get(id)),
    ['verified', 'missing', 'missing'],
  );
});

test('a merge of a branch that nobody attested is missing with all of it', async () => {
  const { repository, base } = found();
  using _ = repository;
  repository.branch('other', base);
  const head = repository.commit({ 'a.txt': 'one\n' });
  repository.branch('main', base);
  repository.git('merge', '-q', '--no-ff', '-m', 'merge', head);
  assert.deepEqual(await states(repository, base, 'main'), ['missing', 'missing']);
});

test('squash and rebase of an attested change onto a moved target verify', async () => {
  for (const way of ['squash', 'rebase'] as const) {
    const { repository, base } = found();
    using _ = repository;
    const head = await attestedChange(repository, base, { 'a.txt': 'one\n' }, { 'a.txt': 'two\n' });
    const moved = repository.commit({ 'b.txt': 'moved\n' });
    await repository.attest(GATE, base, moved);
    if (way === 'squash') {
      repository.git('merge', '-q', '--squash', head);
      repository.commit({}, 'squash');
    } else repository.git('cherry-pick', `${base}..${head}`);
    const rows = way === 'squash' ? ['verified squash'] : ['verified rebase', 'verified rebase'];
    assert.deepEqual(await states(repository, moved, 'main'), rows);
    assert.deepEqual(await states(repository, base, 'main'), ['verified direct', ...rows]);
  }
});

test('an attested change lands once: to do it again after a revert needs a new verdict', async () => {
  const { repository, base } = found();
  using _ = repository;
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head);
  const back = repository.commit({ 'a.txt': 'a\n' });
  await repository.attest(GATE, head, back);
  const again = repository.commit({ 'a.txt': 'one\n' });
  assert.deepEqual(await states(repository, base, again), ['verified direct', 'verified direct', 'missing']);
});

test('an attested change that was squashed, reverted and squashed again lands once', async () => {
  const { repository, base } = found();
  using _ = repository;
  await attestedChange(repository, base, { 'a.txt': 'one\n' });
  const squashed = repository.commit({ 'a.txt': 'one\n' }, 'squash');
  const back = repository.commit({ 'a.txt': 'a\n' }, 'revert');
  await repository.attest(GATE, squashed, back);
  const again = repository.commit({ 'a.txt': 'one\n' }, 'squash');
  assert.deepEqual(await states(repository, base, again), ['verified squash', 'verified direct', 'missing']);
});

test('an empty commit is missing, though it repeats whatever is in already', async () => {
  const { repository, base } = found();
  using _ = repository;
  const head = await attestedChange(repository, base, { 'a.txt': 'one\n' });
  repository.git('merge', '-q', '--squash', head);
  const squash = repository.commit({}, 'squash');
  const empty = repository.commit({}, 'see https://evil.example.test');
  assert.deepEqual(await states(repository, squash, empty), ['missing']);
});

test('a verdict for another branch, by another role, or under another policy is none', async () => {
  const { repository, base } = found({ 'sallyport.yaml': 'version: 1\n' });
  using _ = repository;
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head, { target: 'refs/heads/try', policy: 'version: 1\n' });
  assert.deepEqual(await states(repository, base, head), ['missing']);
  await repository.attest(STAFF.seal['runner'] ?? GATE, base, head, { policy: 'version: 1\n' });
  await repository.attest(GATE, base, head, { policy: 'version: 2\n' });
  const [verdict] = await verify(repository, base, head);
  assert.equal(verdict?.state, 'failed');
  assert.match(
    verdict?.reasons.join('\n') ?? '',
    /step 6 \(role\)[\s\S]*step 11 \(policy\)|step 11 \(policy\)[\s\S]*step 6 \(role\)/,
  );
  await repository.attest(GATE, base, head, { policy: 'version: 1\n' });
  assert.deepEqual(await states(repository, base, head), ['verified direct']);
});

test('a change that brings its own trust store and policy is judged by the old ones', async () => {
  const { repository, base } = found();
  using _ = repository;
  const stranger = await hireStaff();
  const head = repository.commit({ '.sallyport/trust.yaml': stranger.trustText, 'sallyport.yaml': 'version: 1\n' });
  await repository.attest(stranger.seal['gate'] ?? GATE, base, head, { policy: 'version: 1\n' });
  const [verdict] = await verify(repository, base, head);
  assert.equal(verdict?.state, 'failed');
  assert.match(verdict?.reasons.join('\n') ?? '', /unknown-key/);
});

test('a trust store that was changed with consent counts from the next change on', async () => {
  const { repository, base } = found();
  using _ = repository;
  const next = await hireStaff();
  const change = repository.commit({ '.sallyport/trust.yaml': next.trustText });
  await repository.attest(GATE, base, change);
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(next.seal['gate'] ?? GATE, change, head);
  assert.deepEqual(await states(repository, base, head), ['verified direct', 'verified direct']);
});

test('a key that was taken out of the trust store does not come back through an old base', async () => {
  const { repository, base } = found();
  using _ = repository;
  const next = await hireStaff();
  const revoked = repository.commit({ '.sallyport/trust.yaml': next.trustText });
  repository.branch('agent', base);
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head);
  repository.branch('main', revoked);
  repository.git('merge', '-q', '--no-ff', '-m', 'merge', head);
  assert.deepEqual(await states(repository, revoked, 'main'), ['failed direct', 'missing']);
});

test('a key that was taken out while a part of the change had arrived is not believed for the rest', async () => {
  const { repository, base } = found();
  using _ = repository;
  repository.branch('agent', base);
  const first = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, first);
  const head = repository.commit({ 'a.txt': 'two\n' });
  repository.branch('main', first);
  const next = await hireStaff();
  const revoked = repository.commit({ '.sallyport/trust.yaml': next.trustText });
  await repository.attest(GATE, first, revoked);
  repository.git('merge', '-q', '--no-ff', '-m', 'merge', head);
  await repository.attest(GATE, base, head);
  const verdicts = await verify(repository, base, 'main');
  const stateOf = new Map(verdicts.map(({ commit, state }) => [commit, state]));
  assert.deepEqual(
    [first, revoked].map((id) => stateOf.get(id)),
    ['verified', 'verified'],
  );
  assert.equal(stateOf.get(head), 'failed');
  // The twin: signed by whom the target trusts now.
  await repository.attest(next.seal['gate'] ?? GATE, base, head);
  assert.deepEqual(new Set((await verify(repository, base, 'main')).map(({ state }) => state)), new Set(['verified']));
});

test('a branch that puts itself in the place of the target fails as a whole', async () => {
  const { repository, base } = found();
  using _ = repository;
  const next = await hireStaff();
  const revoked = repository.commit({ '.sallyport/trust.yaml': next.trustText });
  repository.branch('agent', base);
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head);
  // The old target becomes the second parent.
  repository.git('merge', '-q', '--no-ff', '-m', 'merge', revoked);
  const verdicts = await verify(repository, revoked, 'agent');
  assert.deepEqual([...new Set(verdicts.map(({ state }) => state))], ['failed']);
});

test('a base of somebody’s own, in no history of the target, brings no trust', async () => {
  const { repository, base } = found();
  using _ = repository;
  const stranger = await hireStaff();
  repository.git('checkout', '-q', '--orphan', 'island');
  const island = repository.commit({ '.sallyport/trust.yaml': stranger.trustText });
  repository.branch('main', base);
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(stranger.seal['gate'] ?? GATE, island, head);
  assert.deepEqual(await states(repository, base, head), ['missing']);
});

test('a signed refusal of the gate stands, whatever else is stored', async () => {
  const { repository, base } = found();
  using _ = repository;
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head, {}, { passed: false });
  await repository.attest(GATE, base, head);
  assert.deepEqual(await states(repository, base, head), ['failed direct']);
});

test('rubbish among the evidence spoils nothing', async () => {
  const { repository, base } = found();
  using _ = repository;
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head);
  await repository.attest((await hireStaff()).seal['gate'] ?? GATE, base, head);
  assert.deepEqual(await states(repository, base, head), ['verified direct']);
});

test('without a trust store nothing is proven, and the reason is told', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.txt': 'a\n' });
  const head = repository.commit({ 'a.txt': 'one\n' });
  await repository.attest(GATE, base, head);
  const [verdict] = await verify(repository, base, head);
  assert.equal(verdict?.state, 'failed');
  assert.match(verdict?.reasons.join() ?? '', /has no \.sallyport\/trust\.yaml/);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EVIDENCE_REF, readEvidenceIndex } from '../../../src/attest/index.ts';
import { addToRef, openObjectStore, readBlobs } from '../../../src/workspace/index.ts';
import { Story } from '../attest/story.ts';
import { openRepository } from '../support/repository.ts';

/** Changes a stored file as whoever may push can; the ref's history does not protect its content. */
async function tamper(story: Story, name: RegExp, change: (text: string) => string): Promise<void> {
  const store = openObjectStore(story.repository.path);
  const [attested] = await readEvidenceIndex(store, EVIDENCE_REF);
  const [path, entry] = [...(attested?.files ?? [])].find(([file]) => name.test(file)) ?? assert.fail(String(name));
  const [content] = await readBlobs(store, [entry.id]);
  const text = content?.toString() ?? '';
  const changed = change(text);
  assert.notEqual(changed, text);
  const folder = `refs/heads/main/${story.base}-${story.head}`;
  await addToRef(store, EVIDENCE_REF, [{ path: `${folder}/${path}`, content: Buffer.from(changed) }], 0);
}

const verify = (story: Story, ...words: readonly string[]) =>
  story.sallyport('verify', story.head, '--target', 'main', ...words);

test('run, verdict, bundles, merge: every commit of the branch is proven', async () => {
  using story = new Story();
  await story.attested();
  story.repository.git('checkout', '-q', 'main');
  story.repository.git('merge', '-q', '--no-ff', '-m', 'Merge', story.head);
  const ended = await story.sallyport('verify');
  assert.equal(ended.code, 0, ended.stdout);
  assert.match(ended.stdout, /2 commits: 2 verified/);
  assert.match(ended.stdout, /1 of them made at the landing: .* their messages and authors are not\./);
  const json = JSON.parse((await story.sallyport('verify', '--format', 'json')).stdout);
  const rows: readonly { readonly state: string; readonly landing: string; readonly messageProven: boolean }[] =
    json.refs[0].commits;
  assert.deepEqual(
    rows.map(({ state, landing, messageProven }) => [state, landing, messageProven]),
    [
      ['verified', 'direct', true],
      ['verified', 'merge', false],
    ],
  );
});

test('a push past the gate is noticed afterwards', async () => {
  using story = new Story();
  await story.attested();
  story.repository.git('checkout', '-q', 'main');
  story.repository.git('merge', '-q', '--ff-only', story.head);
  const bypass = story.repository.commit({ 'b.txt': 'by an administrator\n' });
  const ended = await story.sallyport('verify', `${story.base}..main`);
  assert.equal(ended.code, 1);
  assert.match(ended.stdout, new RegExp(`missing +${bypass.slice(0, 12)}\\n +no attestation`));
});

test('a signed pass is not enough: the policy is applied again', async () => {
  using story = new Story('version: 1\nmerge:\n  require:\n    - { approvals: 1 }\n');
  await story.attested();
  const ended = await verify(story);
  assert.equal(ended.code, 1);
  assert.match(ended.stdout, /step 14: judged again, the change is needs-approval/);
  const signed = await verify(story, '--no-rejudge');
  assert.equal(signed.code, 0);
  assert.match(signed.stdout, /not applied again to 1 changes/);
});

const TAMPERED: readonly (readonly [string, RegExp, (text: string) => string, number, RegExp])[] = [
  [
    'a word of the verdict',
    /^summary/,
    (text) => text.replace('"payload": "ey', '"payload": "eX'),
    1,
    /summary-\w+\.sigstore\.json: step 5/,
  ],
  [
    'the key of the verdict',
    /^summary/,
    (text) => text.replace('SHA256:', 'SHA256:x'),
    1,
    /step 5 \(signature\/unknown-key\)/,
  ],
  [
    'a record of the ledger',
    /events\.ndjson$/,
    (text) => text.replace('"deny"', '"allow"'),
    3,
    /step 12: the ledger of its run is not at hand/,
  ],
  [
    'the end of the ledger',
    /events\.ndjson$/,
    (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1),
    3,
    /step 12/,
  ],
  ['the patch of the run', /changes\.patch$/, (text) => text.replace('+hi', '+ho'), 1, /GATE/],
];

for (const [what, name, change, code, expected] of TAMPERED)
  test(`${what} that is changed in the store is noticed at its step`, async () => {
    using story = new Story('version: 1\nmerge:\n  require:\n    - { attestations: [ai-change] }\n');
    await story.attested();
    assert.equal((await verify(story)).code, 0);
    await tamper(story, name, change);
    const ended = await verify(story);
    assert.equal(ended.code, code, ended.stdout);
    assert.match(ended.stdout, expected);
  });

test('a failed verdict does not get out of sight behind more files than are read', async () => {
  using story = new Story();
  const attest = (verdict: string) =>
    story.sallyport('attest', '--commit', story.head, '--gate', story.gate(verdict), '--key', story.file('gate'));
  await attest('pass');
  const store = openObjectStore(story.repository.path);
  const index = async () => (await readEvidenceIndex(store, EVIDENCE_REF))[0]?.files ?? new Map();
  const passed = [...(await index())];
  const contents = await readBlobs(
    store,
    passed.map(([, { id }]) => id),
  );
  await attest('blocked');
  assert.match((await verify(story)).stdout, /the gate signed that the change did not pass/);
  const folder = `refs/heads/main/${story.base}-${story.head}`;
  const early = passed.map(([name], at) => ({ path: `${folder}/0-${name}`, content: contents[at] ?? Buffer.of() }));
  const rest = Array.from({ length: 200 }, (_, at) => ({
    path: `${folder}/1-${at}.txt`,
    content: Buffer.from(`${at}`),
  }));
  await addToRef(store, EVIDENCE_REF, [...early, ...rest], 0);
  const ended = await verify(story);
  assert.equal(ended.code, 3, ended.stdout);
  assert.match(ended.stdout, /incomplete .*\n +\d more files are stored for it than were read: .*--evidence/);
  const before = story.repository.git('rev-list', '-n', '1', '--skip', '1', EVIDENCE_REF);
  assert.match((await verify(story, '--evidence', before)).stdout, /the gate signed that the change did not pass/);
});

test('a ledger that somebody put beside the evidence of a person’s change is nobody’s, and spoils nothing', async () => {
  using story = new Story();
  const { repository, base } = story;
  repository.branch('person', base);
  const head = repository.commit({ 'a.txt': 'by hand\n' }, 'By hand');
  const gate = story.gate('pass', { headCommit: head, headTree: repository.git('rev-parse', `${head}^{tree}`) });
  await story.sallyport('attest', '--commit', head, '--gate', gate, '--key', story.file('gate'));
  const store = openObjectStore(repository.path);
  const out = join(await story.run(), 'ledger');
  const put = (file: string, text: string) => ({
    path: `refs/heads/main/${base}-${head}/run/ledger/${file}`,
    content: Buffer.from(text),
  });
  for (const files of [
    [put('events.ndjson', '{"kind":"run.start"}\n')],
    ['events.ndjson', 'log.vkey', 'checkpoint', 'checkpoints.ndjson'].map((file) =>
      put(file, readFileSync(join(out, file), 'utf8')),
    ),
  ]) {
    await addToRef(store, EVIDENCE_REF, files, 0);
    const ended = await story.sallyport('verify', head, '--target', 'main');
    assert.equal(ended.code, 0, ended.stdout);
  }
});

test('a run whose ledger was kept elsewhere is incomplete here', async () => {
  using story = new Story();
  const out = await story.run();
  await story.sallyport('attest', '--run', out, '--key', story.file('runner.pem'), '--no-ledger');
  await story.sallyport('attest', '--gate', story.gate(), '--key', story.file('gate'));
  const ended = await verify(story);
  assert.equal(ended.code, 3, ended.stdout);
  assert.match(ended.stdout, /incomplete/);
});

test('the policy of the change itself decides nothing', async () => {
  using story = new Story('version: 1\nmerge:\n  require:\n    - { approvals: 1 }\n');
  const head = story.repository.commit({
    'sallyport.yaml': 'version: 1\nmerge:\n  require:\n    - { approvals: 0 }\n',
  });
  const tree = story.repository.git('rev-parse', 'HEAD^{tree}');
  const gate = story.gate('pass', { headCommit: head, headTree: tree });
  assert.equal((await story.sallyport('attest', '--gate', gate, '--key', story.file('gate'))).code, 0);
  const ended = await story.sallyport('verify', `${story.base}..${head}`, '--target', 'main');
  assert.equal(ended.code, 1);
  assert.match(ended.stdout, /judged again, the change is (?:needs-approval|blocked)/);
});

test('a trust store that is named is the one that counts', async () => {
  using story = new Story();
  await story.attested();
  story.repository.branch('revoked', story.base);
  story.repository.commit({ '.sallyport/trust.yaml': 'version: 1\nsigners: []\n' });
  const ended = await verify(story, '--trust', 'revoked');
  assert.equal(ended.code, 1);
  assert.match(ended.stdout, /step 5 \(signature\/unknown-key\)/);
});

test('statements that are older than asked for do not count', async () => {
  using story = new Story();
  await story.attested();
  assert.equal((await verify(story, '--max-age', '1')).code, 0);
  const ended = await verify(story, '--max-age', '0.0000001');
  assert.equal(ended.code, 1);
  assert.match(ended.stdout, /step 13 \(freshness\/age\)/);
});

test('a patch is what was attested, to the byte', async () => {
  using story = new Story();
  await story.attested();
  const patch = join(story.file('out'), 'changes.patch');
  const ended = await story.sallyport('verify', '--patch', patch, '--target', 'main');
  assert.equal(ended.code, 0, ended.stdout);
  assert.match(ended.stdout, new RegExp(story.head));
  writeFileSync(patch, '\n', { flag: 'a' });
  const other = await story.sallyport('verify', '--patch', patch, '--target', 'main');
  assert.deepEqual([other.code, other.stdout.split(' ')[0]], [1, 'missing']);
});

test('names that are no commits, and a first commit, are usage errors', async () => {
  using story = new Story();
  assert.equal((await story.sallyport('verify', 'nowhere')).code, 2);
  assert.equal((await story.sallyport('verify', story.base, '--target', 'main')).code, 2);
  const json = await story.sallyport('verify', 'nowhere', '--format', 'json');
  assert.equal(JSON.parse(json.stdout).error.code, 'SP1308');
  const elsewhere = await story.sallyport('verify', story.head, '--target', 'mian');
  assert.deepEqual([elsewhere.code, /refs\/heads\/mian is not here/.test(elsewhere.stderr)], [2, true]);
});

test('a clone that does not reach back far enough is named as such', () => {
  using repository = openRepository();
  repository.commit({ 'a.txt': 'one\n' });
  repository.commit({ 'a.txt': 'two\n' });
  const clone = join(repository.root, 'clone');
  execFileSync('git', ['clone', '-q', '--depth', '1', `file://${repository.root}`, clone]);
  const { code, stderr } = repository.sallyport('verify', '--directory', clone);
  assert.equal(code, 2);
  assert.match(stderr, /^SP1311 this clone is shallow: the commit before HEAD is not in it — Fetch the rest/);
});

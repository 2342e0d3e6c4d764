import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EVIDENCE_REF, evidenceFolder, readEvidenceIndex } from '../../../src/attest/index.ts';
import { addToRef, openObjectStore, readBlobs } from '../../../src/workspace/index.ts';
import { Repository } from '../repository.ts';
import { CONTENT } from '../scene.ts';

const FOLDER = evidenceFolder(CONTENT.identity);
const file = (name: string, text: string) => ({ path: `${FOLDER}/${name}`, content: Buffer.from(text) });

test('what is stored for a change is found again, beside what others stored', async () => {
  using repository = new Repository();
  const store = openObjectStore(repository.path);
  await addToRef(store, EVIDENCE_REF, [file('one.sigstore.json', 'one')], 0);
  await addToRef(store, EVIDENCE_REF, [file('two.sigstore.json', 'two')], 0);
  const [change, ...others] = await readEvidenceIndex(store, EVIDENCE_REF);
  assert.ok(change !== undefined && others.length === 0);
  assert.deepEqual([...change.files.keys()].sort(), ['one.sigstore.json', 'two.sigstore.json']);
  const contents = await readBlobs(
    store,
    [...change.files.values()].map(({ id }) => id),
  );
  assert.deepEqual(contents.map(String), ['one', 'two']);
  assert.equal(repository.git('status', '--porcelain'), '');
});

test('writers at the same time lose nothing', async () => {
  using repository = new Repository();
  const store = openObjectStore(repository.path);
  const names = Array.from({ length: 12 }, (_, index) => `bundle-${index}.sigstore.json`);
  await Promise.all(names.map((name) => addToRef(store, EVIDENCE_REF, [file(name, name)], 0)));
  const [change] = await readEvidenceIndex(store, EVIDENCE_REF);
  assert.deepEqual([...(change?.files.keys() ?? [])].sort(), names.toSorted());
});

test('of one change no more files are listed than anybody has use for', async () => {
  using repository = new Repository();
  const store = openObjectStore(repository.path);
  const many = Array.from({ length: 205 }, (_, index) => file(`bundle-${index}.sigstore.json`, String(index)));
  await addToRef(store, EVIDENCE_REF, many, 0);
  const [change] = await readEvidenceIndex(store, EVIDENCE_REF);
  assert.deepEqual([change?.files.size, change?.unlisted], [200, 5]);
});

test('a partial clone without the evidence says what is missing, and nothing is fetched', async () => {
  using repository = new Repository();
  repository.commit({ 'a.txt': 'a\n' });
  await addToRef(openObjectStore(repository.path), EVIDENCE_REF, [file('a.json', 'a')], 0);
  repository.git('config', 'uploadpack.allowFilter', 'true');
  const clone = join(repository.path, '.git', 'partial');
  repository.git('clone', '-q', '--filter=blob:none', '--no-checkout', `file://${repository.path}`, clone);
  repository.git('-C', clone, 'fetch', '-q', 'origin', `${EVIDENCE_REF}:${EVIDENCE_REF}`);
  const blob = repository.git('rev-parse', `${EVIDENCE_REF}:${FOLDER}/a.json`);
  const reading = readEvidenceIndex(openObjectStore(clone), EVIDENCE_REF);
  await assert.rejects(reading, (error: Error) => !error.message.includes('warning') && error.message.includes(blob));
});

test('names that no checkout can hold keep nobody from adding, and stay as they are', async () => {
  using repository = new Repository();
  const store = openObjectStore(repository.path);
  await addToRef(store, EVIDENCE_REF, [file('one.sigstore.json', 'one')], 0);
  const blob = repository.git('rev-parse', `${EVIDENCE_REF}:${FOLDER}/one.sigstore.json`);
  const [, refs = ''] = repository.git('ls-tree', EVIDENCE_REF).split(/ tree |\t/);
  const rows = [`100644 blob ${blob}\t.git`, `100644 blob ${blob}\ta:b\\c`, `040000 tree ${refs}\trefs`];
  repository.write({ '.git/rows': `${rows.join('\n')}\n` });
  const made = execFileSync('sh', ['-c', 'git mktree < .git/rows'], { cwd: repository.path, encoding: 'utf8' }).trim();
  repository.git('update-ref', EVIDENCE_REF, repository.git('commit-tree', made, '-p', EVIDENCE_REF, '-m', 'odd'));
  await addToRef(store, EVIDENCE_REF, [file('run/ledger/two', 'two'), file('three.json', 'three')], 0);
  const listed = repository.git('ls-tree', '-r', '-z', '--name-only', EVIDENCE_REF).split('\0');
  const kept = ['one.sigstore.json', 'run/ledger/two', 'three.json'].map((name) => `${FOLDER}/${name}`);
  assert.deepEqual(listed.filter((name) => name !== '').sort(), ['.git', 'a:b\\c', ...kept].sort());
});

test('no hook and no filter of the repository runs', async () => {
  using repository = new Repository();
  const mark = join(repository.path, 'ran');
  mkdirSync(join(repository.path, '.git/hooks'), { recursive: true });
  for (const name of ['reference-transaction', 'post-commit', 'pre-commit', 'post-index-change']) {
    const hook = join(repository.path, '.git/hooks', name);
    writeFileSync(hook, `#!/bin/sh\ntouch ${mark}\n`);
    chmodSync(hook, 0o755);
  }
  repository.git('config', 'filter.evil.clean', `touch ${mark}; cat`);
  repository.write({ '.git/info/attributes': '* filter=evil\n' });
  const store = openObjectStore(repository.path);
  await addToRef(store, EVIDENCE_REF, [file('one.sigstore.json', 'one\r\n')], 0);
  assert.ok(!existsSync(mark));
});

test('paths of other forms under the ref are nobody’s evidence', async () => {
  using repository = new Repository();
  const store = openObjectStore(repository.path);
  const odd = ['README', 'refs/heads/main/abc-def/x.json', `${FOLDER.slice(0, -1)}/x.json`, `x/${FOLDER}/x.json`];
  await addToRef(
    store,
    EVIDENCE_REF,
    odd.map((path) => ({ path, content: Buffer.from('x') })),
    0,
  );
  assert.deepEqual(await readEvidenceIndex(store, EVIDENCE_REF), []);
});

test('a repository without evidence has an empty store', async () => {
  using repository = new Repository();
  assert.deepEqual(await readEvidenceIndex(openObjectStore(repository.path), EVIDENCE_REF), []);
});

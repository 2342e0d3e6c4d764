import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EVIDENCE_REF } from '../../../src/attest/index.ts';
import { readUpdates } from '../../../src/commands/verify/pre-receive.ts';
import { addToRef, openObjectStore } from '../../../src/workspace/index.ts';
import { Story } from '../attest/story.ts';

const CLI = join(import.meta.dirname, '../../../src/cli.ts');

/** A server: a bare repository whose hook is the one of the documentation. */
function serve(story: Story, ...words: readonly string[]): string {
  const server = story.file('server.git');
  story.repository.git('clone', '-q', '--bare', '--single-branch', '--branch', 'main', story.repository.path, server);
  const hook = join(server, 'hooks/pre-receive');
  const name = '--repository git+https://forge.example.test/acme/app';
  writeFileSync(
    hook,
    `#!/bin/sh\nexec ${process.execPath} ${CLI} verify --pre-receive --repo . ${[name, ...words].join(' ')}\n`,
  );
  chmodSync(hook, 0o755);
  return server;
}

function push(story: Story, server: string, ...refs: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('git', ['push', server, ...refs], { cwd: story.repository.path }, (error, _, stderr) =>
      resolve(error ? stderr : 'pushed'),
    );
  });
}

test('a proven change is taken in together with its evidence', async () => {
  using story = new Story();
  const server = serve(story);
  await story.attested();
  assert.match(await push(story, server, `${story.head}:refs/heads/main`), /missing/);
  assert.equal(await push(story, server, `${story.head}:refs/heads/main`, EVIDENCE_REF), 'pushed');
});

test('a change without evidence is refused, and other branches are not looked at', async () => {
  using story = new Story();
  const server = serve(story);
  assert.match(await push(story, server, `${story.head}:refs/heads/main`), /no attestation is about this commit/);
  assert.equal(await push(story, server, `${story.head}:refs/heads/topic`), 'pushed');
});

test('the protected branch is not deleted and not put back', async () => {
  using story = new Story();
  const server = serve(story);
  await story.attested();
  assert.equal(await push(story, server, `${story.head}:refs/heads/main`, EVIDENCE_REF), 'pushed');
  assert.match(await push(story, server, `+${story.base}:refs/heads/main`), /only goes on/);
});

test('evidence is only added to', async () => {
  using story = new Story();
  const server = serve(story);
  await story.attested();
  assert.equal(await push(story, server, EVIDENCE_REF), 'pushed');
  assert.match(await push(story, server, `:${EVIDENCE_REF}`), /evidence is not deleted/);
  const [file = ''] = story.repository.git('ls-tree', '-r', '--name-only', EVIDENCE_REF).split('\n');
  story.repository.git('checkout', '-q', '--detach', EVIDENCE_REF);
  const other = story.repository.commit({ [file]: 'x' });
  assert.match(await push(story, server, `${other}:${EVIDENCE_REF}`), /evidence that was there is changed/);
});

test('evidence that would make a change unprovable for ever is not taken in', async () => {
  using story = new Story();
  const server = serve(story);
  await story.attested();
  assert.equal(await push(story, server, EVIDENCE_REF), 'pushed');
  const store = openObjectStore(story.repository.path);
  const folder = `refs/heads/main/${story.base}-${story.head}`;
  const junk = (count: number, kind: string) =>
    Array.from({ length: count }, (_, at) => ({ path: `${folder}/${kind}-${at}.txt`, content: Buffer.from(`${at}`) }));
  await addToRef(store, EVIDENCE_REF, junk(50, 'few'), 0);
  assert.equal(await push(story, server, EVIDENCE_REF), 'pushed', 'as long as all of it is read');
  await addToRef(store, EVIDENCE_REF, junk(200, 'many'), 0);
  assert.match(await push(story, server, EVIDENCE_REF), /more files than are read are stored for/);
  const bare = story.file('bare.git');
  story.repository.git('clone', '-q', '--bare', server, bare);
  execFileSync('git', ['-C', bare, 'update-ref', '-d', EVIDENCE_REF]);
  execFileSync('cp', [join(server, 'hooks/pre-receive'), join(bare, 'hooks/pre-receive')]);
  assert.match(await push(story, bare, EVIDENCE_REF), /more files than are read/, 'nor with the first push');
});

test('a branch is protected by its short name and under every name that stands for it', async () => {
  using story = new Story();
  const server = serve(story, '--protect', 'main');
  story.repository.git('--git-dir', server, 'symbolic-ref', 'refs/heads/master', 'refs/heads/main');
  assert.match(await push(story, server, `${story.head}:refs/heads/main`), /no attestation is about this commit/);
  assert.match(await push(story, server, `${story.head}:refs/heads/master`), /no attestation is about this commit/);
  assert.equal(await push(story, server, `${story.head}:refs/heads/topic`), 'pushed');
});

test('a protected name that is no branch here is said, not left unprotected in silence', async () => {
  using story = new Story();
  const server = serve(story, '--protect', 'mian');
  assert.match(await push(story, server, `${story.head}:refs/heads/topic`), /SP2504 refs\/heads\/mian is not here/);
  assert.match(await push(story, server, `${story.head}:refs/heads/mian`), /made by its administrators/);
});

test('what is not the input of a hook is a usage error', () => {
  assert.throws(() => readUpdates('refs/heads/main\n'), /not what git gives/);
  assert.throws(() => readUpdates(`${'0'.repeat(40)} ${'1'.repeat(40)} main\n`), /not what git gives/);
  assert.deepEqual(readUpdates(''), []);
});

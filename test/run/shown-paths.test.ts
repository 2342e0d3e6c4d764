import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { mountsOf } from '../../src/run/shown-paths.ts';
import { Checkout } from './contained-run.ts';

const STRANGER = { uid: 65534, gid: 65534 };
const withoutRoot = process.getuid?.() === 0 ? false : 'only root starts an agent as somebody else';

/** A directory that others may not enter, with a program that its owner alone may read. */
class PrivateInstallation implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  readonly program = join(this.root, 'tool', 'tool');
  readonly copies = join(this.root, 'copies');

  constructor() {
    mkdirSync(join(this.root, 'tool'), { mode: 0o700 });
    writeFileSync(this.program, '#!/bin/sh\necho ran as "$(id -un)"\n', { mode: 0o700 });
  }

  mounts(lists: { readonly programs?: readonly string[]; readonly named?: readonly string[] }, identity = STRANGER) {
    return mountsOf({ programs: [], named: [], ...lists, copies: this.copies, identity });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

describe('what the agent sees of the host', { skip: withoutRoot }, () => {
  test('a program that only root may read comes in as a copy that everybody may run', () => {
    using installation = new PrivateInstallation();
    const { program, copies } = installation;
    const copy = join(copies, '0');
    assert.deepEqual(installation.mounts({ programs: [program] }), [
      { source: copy, target: program, optional: false },
    ]);
    assert.equal(readFileSync(copy, 'utf8'), readFileSync(program, 'utf8'));
    assert.equal(statSync(copy).mode & 0o777, 0o755);
    assert.equal(statSync(program).mode & 0o777, 0o700);
  });

  test('a program that everybody may read is shown where it is', () => {
    using installation = new PrivateInstallation();
    const { program, root } = installation;
    for (const path of [root, join(root, 'tool'), program]) chmodSync(path, 0o755);
    assert.deepEqual(installation.mounts({ programs: [program] }), [
      { source: program, target: program, optional: false },
    ]);
  });

  test('a path of the policy that others may not read is no copy but an error that says who cannot', () => {
    using installation = new PrivateInstallation();
    const { program } = installation;
    const refused = { code: 'SP1201', message: /workspace\.readOnly names .*user 65534/ };
    assert.throws(() => installation.mounts({ named: [program] }), refused);
  });

  test('a run whose agent lies in a private directory works, and leaves no copy behind', async () => {
    using installation = new PrivateInstallation();
    using checkout = new Checkout({ 'a.txt': 'a' });
    const run = await checkout.run([installation.program]);
    assert.equal(run.exit, 0, run.stderr);
    assert.equal(run.stdout, 'ran as agent\n');
    assert.equal(run.report().end.kind, 'completed');
    assert.match(run.stderr, /tool was copied for the agent, whose user may not read it where it is/);
  });
});

test('a path of the policy that is not there stops the run with one line', async () => {
  using checkout = new Checkout({ 'a.txt': 'a' });
  const policy = checkout.policy({ workspace: { readOnly: ['/nonexistent/tools'] } });
  const run = await checkout.run(['/bin/true'], { flags: ['--policy', policy] });
  assert.equal(run.exit, 2);
  assert.match(run.stderr, /^SP1201 workspace\.readOnly names \/nonexistent\/tools, which is not there — .*\n$/);
});

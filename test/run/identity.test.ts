/** Whom the agent and the broker run as. */
import assert from 'node:assert/strict';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { agentIdentity, brokerIdentity } from '../../src/run/identity.ts';

const isRoot = process.getuid?.() === 0;
const workspace = mkdtempSync(join(tmpdir(), 'sallyport-identity-'));
after(() => rmSync(workspace, { recursive: true }));
const NOBODY = { uid: 65534, gid: 65534 };

describe('root runs an agent', { skip: isRoot ? false : 'only root runs programs as somebody else' }, () => {
  const ownedBy = (uid: number, gid: number, environment: { readonly [name: string]: string } = {}) => {
    chownSync(workspace, uid, gid);
    return agentIdentity(workspace, environment);
  };

  test('as the user behind sudo, whoever owns the workspace', () => {
    assert.deepEqual(ownedBy(0, 0, { SUDO_UID: '1234', SUDO_GID: '1235' }), { uid: 1234, gid: 1235 });
    assert.deepEqual(ownedBy(77, 78, { SUDO_UID: '1234', SUDO_GID: '1235' }), { uid: 1234, gid: 1235 });
  });

  test('never as root: not behind the sudo of root, not in a workspace of root', () => {
    for (const environment of [{}, { SUDO_UID: '0', SUDO_GID: '0' }, { SUDO_UID: '-1', SUDO_GID: '0' }])
      assert.deepEqual(ownedBy(0, 0, environment), NOBODY);
  });

  test('as the owner of the workspace where no user is known', () => {
    for (const environment of [
      {},
      { SUDO_UID: 'me', SUDO_GID: '1' },
      { SUDO_UID: '1234' },
      { SUDO_UID: '', SUDO_GID: '' },
    ])
      assert.deepEqual(ownedBy(77, 78, environment), { uid: 77, gid: 78 });
  });

  test('beside a broker that is neither root nor the agent', () => {
    const broker = brokerIdentity();
    assert.ok(broker !== undefined && broker.uid > 0 && broker.gid > 0);
    assert.notEqual(broker.uid, NOBODY.uid);
    const theirs = { SUDO_UID: String(broker.uid), SUDO_GID: String(broker.gid) };
    assert.deepEqual(ownedBy(broker.uid, broker.gid, theirs), NOBODY);
  });
});

test('a normal user runs everything as himself', (context) => {
  const { getuid } = process;
  context.after(() => Object.assign(process, { getuid }));
  process.getuid = () => 1000;
  assert.deepEqual(
    [agentIdentity(workspace, { SUDO_UID: '0', SUDO_GID: '0' }), brokerIdentity()],
    [undefined, undefined],
  );
});

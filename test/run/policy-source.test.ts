/** Where the policy of a run comes from. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPolicySource } from '../../src/run/policy-source.ts';
import type { RunRequest } from '../../src/run/request.ts';
import { openRepository, type Repository } from '../commands/support/repository.ts';

const POLICY = 'version: 1\nlimits: { minutes: 7 }\n';

function requestIn({ root }: Repository, change: Partial<RunRequest> = {}): RunRequest {
  return {
    command: ['claude'],
    workspace: root,
    base: undefined,
    policyFile: undefined,
    organisationFile: undefined,
    out: join(root, 'out'),
    apply: false,
    allowVulnerableAgent: false,
    environment: {},
    ...change,
  };
}

test('a run does not start under a policy behind a link; as a file of its own it is read', async () => {
  using linked = openRepository();
  linked.write({ 'elsewhere/judge.yaml': POLICY });
  symlinkSync('elsewhere/judge.yaml', join(linked.root, 'sallyport.yaml'));
  linked.commit({});
  await assert.rejects(readPolicySource(requestIn(linked), 'claude-code', 0), {
    code: 'SP1103',
    message: /HEAD:sallyport\.yaml: it is a link; make it a file of its own/,
  });
  const named = { policyFile: join(linked.root, 'elsewhere/judge.yaml') };
  const { source } = await readPolicySource(requestIn(linked, named), 'claude-code', 0);
  assert.notEqual(source.repository, undefined);
  using plain = openRepository();
  plain.commit({ 'sallyport.yaml': POLICY });
  const { origins } = await readPolicySource(requestIn(plain), 'claude-code', 0);
  assert.deepEqual(origins, ['sallyport.yaml at HEAD']);
});

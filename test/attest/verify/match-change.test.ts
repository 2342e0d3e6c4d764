import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExpectedChange, matchChange } from '../../../src/attest/index.ts';
import type { Statement } from '../../../src/attest/model.ts';
import { EXPECTED, STATEMENTS } from '../scene.ts';

/** The step and code at which a statement falls; undefined when it is about what was found here. */
function fallOf(statement: Statement, expected: ExpectedChange = EXPECTED): string | undefined {
  const opened = { statement, signer: { id: 'somebody', roles: [] }, holdsAt: () => true };
  const fault = matchChange(opened, expected);
  return fault && `${fault.step} ${fault.message}`;
}

const CHANGE = STATEMENTS['ai-change']?.statement ?? assert.fail();
const { run = assert.fail(), patch = assert.fail() } = EXPECTED;

test('a run that began elsewhere, or whose patch makes another tree, did not make the change', () => {
  const other = 'f'.repeat(40);
  assert.equal(fallOf(CHANGE), undefined);
  assert.match(fallOf(CHANGE, { ...EXPECTED, run: { ...run, baseCommit: other } }) ?? '', /^12 .* base$/);
  assert.match(fallOf(CHANGE, { ...EXPECTED, patch: { ...patch, tree: other } }) ?? '', /^12 .* result$/);
  assert.match(fallOf(CHANGE, { ...EXPECTED, patch: { ...patch, tree: undefined } }) ?? '', /^12 .* result$/);
  assert.match(fallOf(CHANGE, { ...EXPECTED, patch: { ...patch, sha256: '0'.repeat(64) } }) ?? '', /^12 .* patch$/);
});

test('a commit that is named by a further digest, which nobody here compares, is another subject', () => {
  const [commit = assert.fail(), ...others] = CHANGE.subject;
  const more = { ...commit, digest: { ...commit.digest, sha256: '0'.repeat(64) } };
  assert.match(fallOf({ ...CHANGE, subject: [more, ...others] }) ?? '', /^8 /);
});

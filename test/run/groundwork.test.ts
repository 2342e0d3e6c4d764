import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Groundwork } from '../../src/run/groundwork.ts';
import type { RunRequest } from '../../src/run/request.ts';

test('groundwork on which no run was built leaves neither a directory nor a process', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'sallyport-groundwork-'));
  const request: RunRequest = {
    command: ['true'],
    workspace,
    base: undefined,
    policyFile: undefined,
    organisationFile: undefined,
    out: join(workspace, 'out'),
    apply: false,
    allowVulnerableAgent: false,
    environment: {},
  };
  try {
    const groundwork = Groundwork.begin(request, 'groundwork');
    await groundwork.begun();
    const { directory, outer } = await groundwork.ready();
    assert.ok(existsSync(directory.path), 'a directory was made');
    assert.equal(outer.process.exitCode, null, 'the outer sandbox runs');
    await groundwork[Symbol.asyncDispose]();
    assert.ok(!existsSync(directory.path), 'the directory is gone');
    assert.equal(outer.process.signalCode, 'SIGKILL');
    await groundwork[Symbol.asyncDispose]();
  } finally {
    rmSync(workspace, { recursive: true });
  }
});

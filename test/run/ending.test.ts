/** How a run ended: only one that is whole in every respect is a success, and only its change is applied. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgeEnd } from '../../src/run/account.ts';
import { applyIfAsked } from '../../src/run/application.ts';
import { endOf } from '../../src/run/attendance.ts';
import { exitCodeOf, type RunEnd } from '../../src/run/request.ts';

for (const [cause, kind, code] of [
  ['exit', 'completed', 7],
  ['timeout', 'timeout', 124],
  ['cancelled', 'cancelled', 143],
  ['memory', 'limit', 1],
  ['output', 'limit', 1],
  ['broker-lost', 'incomplete', 3],
  ['ledger-lost', 'incomplete', 3],
  ['airlock-lost', 'incomplete', 3],
] as const)
  test(`an agent whose time ended by ${cause} makes a run that is ${kind}, with ${code}`, () => {
    const end = endOf({ cause });
    assert.deepEqual([end.kind, exitCodeOf(end, 7)], [kind, code]);
  });

const COMPLETED: RunEnd = { kind: 'completed' };
const WHOLE = {
  ...{ end: COMPLETED, dataFlow: { accounted: true }, teardown: { clean: true } },
  change: { secretHits: [], status: 'complete' as const },
};
const HIT = { path: 'src/a.ts', name: 'ANTHROPIC_API_KEY', encoding: 'base64' };

test('a run that is whole keeps the code of its agent, also with a part of its change withheld', () => {
  assert.deepEqual(judgeEnd(WHOLE), COMPLETED);
  assert.deepEqual(judgeEnd({ ...WHOLE, change: { ...WHOLE.change, status: 'partial' } }), COMPLETED);
});

test('a run of which nobody knows what left, or of which something is left, is incomplete', () => {
  for (const fault of [{ dataFlow: { accounted: false } }, { teardown: { clean: false } }]) {
    const end = judgeEnd({ ...WHOLE, ...fault });
    assert.deepEqual([end.kind, exitCodeOf(end, 0)], ['incomplete', 3]);
  }
});

test('a run whose change carries a secret is blocked, and one whose change is too large met a limit', () => {
  const leaky = judgeEnd({ ...WHOLE, change: { secretHits: [HIT], status: 'partial' } });
  assert.deepEqual([leaky.kind, exitCodeOf(leaky, 0)], ['blocked', 1]);
  assert.match('reason' in leaky ? leaky.reason : '', /ANTHROPIC_API_KEY\) in src\/a\.ts/);
  const large = judgeEnd({ ...WHOLE, change: { secretHits: [], status: 'over-limit' } });
  assert.deepEqual([large, exitCodeOf(large, 0)], [{ kind: 'limit', limit: 'patch' }, 1]);
});

test('what ended a run before stays its end', () => {
  const faults = { dataFlow: { accounted: false }, teardown: { clean: false } };
  assert.deepEqual(judgeEnd({ ...WHOLE, ...faults, end: { kind: 'timeout' } }), { kind: 'timeout' });
});

const PATCH = 'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+two\n';

interface Asked {
  readonly apply?: boolean;
  readonly end?: RunEnd;
  readonly agentCode?: number;
  readonly patch?: string;
  readonly text?: string;
  readonly withChange?: boolean;
}

/** The end that is told, the text of the file afterwards, and the notes. */
async function applied({ apply = true, end = COMPLETED, agentCode = 0, ...files }: Asked) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-ending-'));
  try {
    writeFileSync(join(folder, 'a.txt'), files.text ?? 'one\n');
    writeFileSync(join(folder, 'changes.patch'), files.patch ?? PATCH);
    const change = { patchFile: 'changes.patch', patchSha256: hash('sha256', PATCH) };
    const scene = { request: { apply, out: folder, workspace: folder } };
    const notes: string[] = [];
    const told = await applyIfAsked(
      { scene, agentCode, notes, ...(files.withChange === false ? {} : { change }) },
      end,
    );
    return { told, text: readFileSync(join(folder, 'a.txt'), 'utf8'), notes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the change of a run that succeeded is applied where that was asked for', async () => {
  const { told, text, notes } = await applied({});
  assert.deepEqual([told, text, notes.length], [COMPLETED, 'two\n', 1]);
  assert.deepEqual(await applied({ apply: false }), { told: COMPLETED, text: 'one\n', notes: [] });
});

test('the change of a run that failed, was stopped or told none is not applied, and that is said', async () => {
  const timeout: RunEnd = { kind: 'timeout' };
  for (const asked of [{ agentCode: 1 }, { end: timeout }, { withChange: false }] satisfies readonly Asked[]) {
    const { told, text, notes } = await applied(asked);
    assert.deepEqual([told, text], ['end' in asked ? asked.end : COMPLETED, 'one\n']);
    assert.match(notes.join(), /was not applied/);
  }
});

test('a patch that is not the one that was collected, or does not fit any more, is not applied: the run is incomplete', async () => {
  for (const asked of [{ patch: PATCH.replace('+two', '+evil') }, { text: 'three\n' }]) {
    const { told, text } = await applied(asked);
    assert.deepEqual([told.kind, text], ['incomplete', asked.text ?? 'one\n']);
  }
});

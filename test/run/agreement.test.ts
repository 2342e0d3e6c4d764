import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LedgerEvent } from '../../src/ledger/index.ts';
import { ActivityMeter } from '../../src/run/activity.ts';
import { fileChangeEvents, SelfReport } from '../../src/run/agreement.ts';
import type { JsonObject } from '../../src/system/index.ts';
import type { Change, ChangedFile } from '../../src/workspace/index.ts';

const WORKSPACE = '/srv/runner/project';

function changed(path: string): ChangedFile {
  return {
    path,
    status: 'modified',
    class: 'source',
    oldMode: '100644',
    newMode: '100644',
    binary: false,
    addedLines: 1,
    removedLines: 1,
  };
}

function changeOf(files: readonly string[], withheld: Change['withheld'] = []): Change {
  return {
    base: { commit: undefined, tree: 't' },
    head: { tree: 'u' },
    files: files.map(changed),
    withheld,
    status: 'complete',
    patchFile: 'changes.patch',
    patchBytes: 1,
    patchSha256: '0',
    bundleFile: undefined,
    reviewFile: undefined,
    secretHits: [],
  };
}

function call(tool: string, subject: JsonObject, verdict: 'allow' | 'deny' = 'allow'): LedgerEvent {
  const id = JSON.stringify([tool, subject]);
  return {
    kind: 'tool.call',
    subject: { id, tool, ...subject },
    decision: { verdict, rule: 'r', reason: 'why', policy: 'd' },
  };
}

/** How each changed file agrees with what crossed the wire. */
function agreements(files: readonly string[], calls: readonly LedgerEvent[], requests = 1) {
  const meter = new ActivityMeter();
  for (let count = 0; count < requests; count++) meter.observe({ kind: 'model.request', subject: { model: 'm' } });
  for (const event of calls) meter.observe(event);
  return fileChangeEvents(changeOf(files), meter.snapshot(), WORKSPACE).map(({ agreement }) => agreement);
}

describe('a changed file', () => {
  for (const path of ['src/a.ts', './src/a.ts', `${WORKSPACE}/src/a.ts`, `${WORKSPACE}/./lib/../src/a.ts`, 'src//a.ts'])
    test(`matches a granted call that spells it ${path}`, () => {
      assert.deepEqual(agreements(['src/a.ts'], [call('Edit', { input: { file_path: path }, writes: [path] })]), [
        'match',
      ]);
    });

  test('matches when several calls touch it, among others', () => {
    const calls = [
      call('Write', { input: {}, writes: ['src/b.ts'] }),
      call('Edit', { input: { n: 1 }, writes: ['src/a.ts'] }),
      call('Edit', { input: { n: 2 }, writes: ['src/a.ts'] }),
    ];
    assert.deepEqual(agreements(['src/a.ts', 'src/b.ts'], calls), ['match', 'match']);
  });

  test('matches although the input was too long for the record', () => {
    const cut = { input: `{"content":"${'x'.repeat(90)}`, truncated: true, writes: ['src/a.ts'] };
    assert.deepEqual(agreements(['src/a.ts'], [call('Write', cut)]), ['match']);
  });

  test('that no granted call names, where all calls name their files, is a mismatch', () => {
    const other = call('Edit', { input: {}, writes: ['src/b.ts'] });
    assert.deepEqual(agreements(['src/a.ts'], [other]), ['mismatch']);
    assert.deepEqual(agreements(['src/a.ts'], [call('Edit', { input: {}, writes: ['src/a.ts'] }, 'deny')]), [
      'mismatch',
    ]);
    assert.deepEqual(agreements(['src/a.ts'], []), ['mismatch']);
  });

  test('is unobserved when a command could have written it, or no model was asked', () => {
    assert.deepEqual(agreements(['src/a.ts'], [call('Bash', { input: { command: 'make' } })]), ['unobserved']);
    assert.deepEqual(agreements(['src/a.ts'], [], 0), ['unobserved']);
  });

  test('is not matched by a file of the same name elsewhere', () => {
    for (const path of ['/elsewhere/src/a.ts', `${WORKSPACE}2/src/a.ts`, '../project/lib/src/a.ts'])
      assert.deepEqual(agreements(['src/a.ts'], [call('Write', { input: {}, writes: [path] })]), ['mismatch'], path);
  });
});

test('a withheld file is on record once, with its rule', () => {
  const withheld = { path: '.mcp.json', rule: 'builtin/agent-config', reason: 'no' };
  const events = fileChangeEvents(changeOf([], [withheld, withheld]), new ActivityMeter().snapshot(), WORKSPACE);
  assert.deepEqual(events, [{ kind: 'file.change', subject: { status: 'withheld', ...withheld } }]);
});

describe('what the agent says of itself', () => {
  const onWire = (() => {
    const meter = new ActivityMeter();
    meter.observe({ ...call('Bash', { input: { command: 'ls' } }), subject: { id: 'seen', tool: 'Bash' } });
    return meter.snapshot().tools;
  })();
  const started = { kind: 'started', version: '2.1.0', tools: [], permissionMode: undefined, mcpServers: [] } as const;
  const said = (id: string) => ({ kind: 'tool-call', call: { id, name: 'Bash', input: {} } }) as const;

  test('matches when its calls crossed the wire and its version is the installed one', () => {
    const report = new SelfReport();
    report.add([started, said('seen')]);
    assert.equal(report.event(onWire, '2.1.0').agreement, 'match');
  });

  test('is a mismatch with an invented call or another version', () => {
    const inventing = new SelfReport();
    inventing.add([started, said('seen'), said('invented')]);
    assert.equal(inventing.event(onWire, '2.1.0').agreement, 'mismatch');
    assert.equal(inventing.event(onWire, '2.1.0').observed?.['callsNotOnTheWire'], 1);
    const other = new SelfReport();
    other.add([started]);
    assert.equal(other.event(onWire, '2.2.0').agreement, 'mismatch');
  });

  test('is unobserved when it says nothing', () => {
    assert.equal(new SelfReport().event(onWire, '2.1.0').agreement, 'unobserved');
  });
});

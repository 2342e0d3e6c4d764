import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LedgerEvent } from '../../src/ledger/index.ts';
import { ActivityMeter } from '../../src/run/activity.ts';
import { Progress } from '../../src/run/progress.ts';

const HOSTILE = 'ls \u001b]0;title\u0007\n::error::x\u202e';

function callOf(command: string, verdict: 'allow' | 'deny' = 'allow'): LedgerEvent {
  return {
    kind: 'tool.call',
    subject: { id: command, tool: 'Bash', input: { command } },
    decision: { verdict, rule: 'r', reason: 'because', policy: 'p' },
  };
}

function watched() {
  let now = 0;
  const written: string[] = [];
  const meter = new ActivityMeter();
  const progress = new Progress({ write: (text) => written.push(text), columns: 80 }, meter, () => now);
  const see = (event: LedgerEvent): void => {
    now += 1000;
    meter.observe(event);
    progress.observe(event);
  };
  return { written, progress, see };
}

test('the line says what the agent does now, how much was denied, and holds no power over the terminal', () => {
  const { written, see } = watched();
  see(callOf(HOSTILE, 'deny'));
  const line = written.at(-1) ?? '';
  assert.match(line, /1\.0 s · 1 denied · 0 tokens · denied Bash: ls /);
  // Its own clearing of the line is all that a terminal obeys.
  assert.doesNotMatch(line.replace('\r\u001b[2K', ''), /[\p{Cc}\u202e]/u);
  assert.ok(line.length < 100);
});

test('it gives way to other output, once', () => {
  const { written, progress, see } = watched();
  see(callOf('ls'));
  const drawn = written.length;
  progress.clear();
  progress.clear();
  assert.deepEqual(written.slice(drawn), ['\r\u001b[2K']);
});

test('where nobody watches nothing is drawn', () => {
  const progress = new Progress(undefined, new ActivityMeter(), () => 0);
  progress.stage('staging');
  progress.observe(callOf('ls'));
  progress.clear();
});

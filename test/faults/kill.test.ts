/**
 * SIGKILL of any process of a run at any point. `SALLYPORT_FAULT_TRIALS` says how often (default 9), and
 * `SALLYPORT_FAULT_SEED` repeats a series: `SALLYPORT_FAULT_SEED=N node --test test/faults/kill.test.ts`.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessEntry, readProcessFile } from '../../src/system/index.ts';
import {
  type Ground,
  MESSAGE,
  openGround,
  openUpstream,
  type Run,
  records,
  type Upstream,
  verdictOf,
} from './support/ground.ts';

const TRIALS = Number(process.env['SALLYPORT_FAULT_TRIALS'] ?? 9);
const SEED = Number(process.env['SALLYPORT_FAULT_SEED'] ?? randomInt(2 ** 31));
/** Kill points are spread over this time after the start; the run takes about as long. */
const SPREAD_MILLISECONDS = 1600;
/** How long the dead may take to be gone. */
const DEATH_MILLISECONDS = 2000;
/** How long a run may take to end after the loss; far below every time limit inside it, far above what it takes. */
const LOSS_MILLISECONDS = 9000;
const SIGKILLED = 137;

/** Who can be killed, and how its command line is known from the others of the run. */
const VICTIMS = {
  supervisor: /\/(?:run\.cjs|cli\.[jt]s)\0run\0/,
  broker: /broker-process\.(?:cjs|ts)/,
  airlock: /^[^\0]*node\0.*airlock-process\.(?:cjs|ts)/s,
  'outer sandbox': /^[^\0]*bwrap\0--unshare-user\0--unshare-net/,
  'inner sandbox': /^[^\0]*bwrap\0--args/,
  agent: /^\/bin\/sh\0-c\0: run-/,
} as const;
type Victim = keyof typeof VICTIMS;

/** What the run's own exit code may be: that of the loss, or that of a run which was over by then. */
const CODES: { readonly [victim in Victim]: readonly (number | null)[] } = {
  supervisor: [null, 0],
  broker: [3, 0],
  airlock: [3, 0],
  'outer sandbox': [3, 0],
  // Dead with everything in it, which is all that anybody can know: it looks like an agent that was killed.
  'inner sandbox': [3, 0, SIGKILLED],
  agent: [0, SIGKILLED],
};

interface Trial {
  readonly victim: Victim;
  readonly delay: number;
}

/** The same series for the same seed: mulberry32. */
function planTrials(count: number, seed: number): readonly Trial[] {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const victims = Object.keys(VICTIMS) as Victim[]; // the keys of the table above, and no others
  return Array.from({ length: count }, (_, index) => ({
    victim: victims[index % victims.length] ?? 'supervisor',
    delay: Math.floor(next() * SPREAD_MILLISECONDS),
  }));
}

/** Writes, tries to get out by every address, and asks the model, again and again. */
function agentScript(canaries: readonly string[]): string {
  const attempts = canaries.flatMap((address) => [
    `curl -s -m 2 --noproxy '*' http://${address}/`,
    `curl -s -m 2 -o /dev/null -x $HTTP_PROXY http://${address}/`,
  ]);
  return `
i=0
while [ $i -lt 6 ]; do
  echo $i > file-$i
  ${attempts.join('\n  ')}
  curl -s -m 5 -o answer-$i -H "x-api-key: $ANTHROPIC_API_KEY" -H 'content-type: application/json' \\
    -d '{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"hello"}]}' "$ANTHROPIC_BASE_URL/v1/messages"
  sleep 0.05
  i=$((i+1))
done
echo agent-done`;
}

describe(`any process of a run killed at any point (${TRIALS} trials, seed ${SEED})`, () => {
  let ground: Ground;
  let upstream: Upstream;
  const served = new Map<string, number>();
  const runIds: string[] = [];

  before(async () => {
    ground = await openGround();
    upstream = await openUpstream((request, response) => {
      const trial = request.url?.split('/')[1] ?? '';
      served.set(trial, (served.get(trial) ?? 0) + 1);
      response.writeHead(200, { 'content-type': 'application/json' }).end(MESSAGE);
    });
  });
  after(async () => {
    await upstream[Symbol.asyncDispose]();
    await ground[Symbol.asyncDispose]();
  });

  for (const [index, { victim, delay }] of planTrials(TRIALS, SEED).entries()) {
    test(`${index}: ${victim} after ${delay} ms`, async () => {
      const environment = { ANTHROPIC_BASE_URL: `${upstream.url}/${index}` };
      const run = ground.run({ script: agentScript(ground.canaries), environment });
      await sleep(delay);
      const seen = killOne(run, victim);
      const killed = performance.now();
      const end = await run.ended;
      if (end.code === 3) assert.ok(performance.now() - killed < LOSS_MILLISECONDS, 'the loss was noticed too late');
      await assertDead(run, seen);
      assert.equal(ground.touched(), 0, 'something got out');
      assert.ok(CODES[victim].includes(end.code), `exit code ${end.code}\n${end.stderr}`);
      if (end.code === 0) assert.match(end.stdout, /agent-done/);
      if (end.code === 3) assert.match(end.stderr, /broker|sandbox|airlock/);
      assert.doesNotMatch(end.stderr, /^\s+at .*:\d+:\d+/m, 'a stack trace');
      const written = records(run.out);
      const asked = written.filter(({ kind, decision }) => kind === 'model.request' && decision?.verdict === 'allow');
      assert.ok(asked.length >= (served.get(String(index)) ?? 0), 'a request was served that is not on record');
      await assertHonest(run, written.at(-1)?.kind === 'run.final');
      runIds.push(...written.slice(0, 1).map(({ log }) => log.split('/').at(-1) ?? ''));
    });
  }

  test('a following run finds everything in order and leaves nothing behind', async () => {
    for (const name of readdirSync(ground.temporary)) age(join(ground.temporary, name));
    const end = await ground.run({ script: 'echo fine' }).ended;
    assert.equal(end.code, 0, end.stderr);
    assert.deepEqual(readdirSync(ground.temporary), []);
    assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(ground.temporary));
    const groups = existsSync('/sys/fs/cgroup') ? readdirSync('/sys/fs/cgroup', { recursive: true }).map(String) : [];
    assert.deepEqual(
      groups.filter((path) => runIds.some((id) => path.endsWith(`sallyport-${id}`))),
      [],
    );
  });
});

/** Kills the victim if it is there, and returns everything of the run that was alive in that moment. */
function killOne(run: Run, victim: Victim): readonly ProcessEntry[] {
  const seen = run.processes();
  const found = seen.find(({ pid }) => VICTIMS[victim].test(readProcessFile(pid, 'cmdline') ?? ''));
  if (found !== undefined && isAlive(found)) process.kill(found.pid, 'SIGKILL');
  return seen;
}

async function assertDead(run: Run, seen: readonly ProcessEntry[]): Promise<void> {
  const alive = (): readonly ProcessEntry[] => [...seen, ...run.processes()].filter(isAlive);
  for (let waited = 0; alive().length > 0 && waited < DEATH_MILLISECONDS; waited += 10) await sleep(10);
  assert.deepEqual(alive(), []);
}

/** A log without its final record is incomplete; one with it is whole; none is ever called invalid. */
async function assertHonest(run: Run, isFinal: boolean): Promise<void> {
  const verdict = await verdictOf(run.out);
  const expected = isFinal ? ['SIGNED-UNANCHORED', 'INCOMPLETE'] : ['INCOMPLETE', 'SP1501'];
  assert.ok(expected.includes(verdict), `verdict ${verdict}`);
}

/** A run directory without a lock is taken for one that is being made, for a minute. */
function age(path: string): void {
  const old = new Date(Date.now() - 120_000);
  utimesSync(path, old, old);
}

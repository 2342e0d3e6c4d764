/** What a careless job leaves around a run: temporary directories, masks, limits, others at work in its out directory. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readProcessFile } from '../../src/system/index.ts';
import {
  ask,
  type Ended,
  type Ground,
  MESSAGE,
  openGround,
  openUpstream,
  PRIVATE_MOUNTS,
  type Run,
  verdictOf,
  WITHOUT_CAPABILITIES,
} from './support/ground.ts';

let ground: Ground;
before(async () => {
  ground = await openGround();
});
after(() => ground[Symbol.asyncDispose]());

/** Nothing was started, one sentence says why, and no trace of our code does. */
function assertNotStarted(run: Run, end: Ended, reason: RegExp): void {
  assert.equal(end.code, 3, end.stderr);
  assert.equal(end.stdout, '');
  assert.match(end.stderr, reason);
  assert.doesNotMatch(end.stderr, /^\s+at .*:\d+:\d+/m);
  assert.deepEqual(run.processes(), []);
}

describe('a temporary directory that cannot hold a run: nothing starts, and the run says which and why', () => {
  const mounted = (options: string, more = ':'): readonly string[] => [
    ...[...PRIVATE_MOUNTS, '/bin/sh', '-c'],
    `mount -t tmpfs -o ${options} tmpfs "$TMPDIR"; ${more}; exec ${WITHOUT_CAPABILITIES} "$@"`,
    'sh',
  ];

  const PLACES: readonly {
    readonly name: string;
    readonly place: () => string;
    readonly reason: RegExp;
    readonly through?: readonly string[];
  }[] = [
    {
      name: 'is not there',
      place: () => join(ground.path, 'absent'),
      reason: /absent cannot be used: there is no such/,
    },
    {
      name: 'is a file',
      place: () => {
        writeFileSync(join(ground.path, 'file'), '');
        return join(ground.path, 'file');
      },
      reason: /file cannot be used: a part of the path is no folder/,
    },
    {
      name: 'is too deep for a socket',
      place: () => made('d'.repeat(120)),
      reason: /d cannot be used: its path is too long/,
    },
    {
      name: 'lies in the workspace',
      place: () => {
        mkdirSync(join(ground.workspace, 'temporary'), { recursive: true });
        return join(ground.workspace, 'temporary');
      },
      reason: /temporary lies in the workspace/,
    },
    {
      name: 'is read-only',
      place: () => made('read-only'),
      through: mounted('ro'),
      reason: /read-only cannot be used: the file system is read-only/,
    },
    {
      name: 'is full',
      place: () => made('full'),
      through: mounted('size=64k', 'cat /dev/zero > "$TMPDIR/filler" 2>/dev/null'),
      reason: /no space left|disk is full/,
    },
  ];

  function made(name: string): string {
    const path = join(ground.path, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  for (const { name, place, reason, through } of PLACES)
    test(`one that ${name}`, async () => {
      const path = place();
      const environment = { TMPDIR: path };
      const run = ground.run({ script: 'echo started', environment, ...(through === undefined ? {} : { through }) });
      assertNotStarted(run, await run.ended, reason);
      if (existsSync(path) && statSync(path).isDirectory()) assert.deepEqual(readdirSync(path), []);
      rmSync(join(ground.workspace, 'temporary'), { recursive: true, force: true });
    });

  test('one with blanks and quotes in its name, and one on which nothing may be executed, are as good as any', async () => {
    const odd = made(`a b"c'd`);
    for (const options of [
      { environment: { TMPDIR: odd } },
      { environment: { TMPDIR: made('noexec') }, through: mounted('noexec,nosuid,nodev') },
    ]) {
      const end = await ground.run({ script: 'echo made > file; echo started', ...options }).ended;
      assert.equal(end.code, 0, end.stderr);
      assert.equal(end.stdout, 'started\n');
    }
    assert.deepEqual(readdirSync(odd), []);
  });
});

describe('the mask and the limits of whoever starts it', () => {
  const under = (setting: string): readonly string[] => ['/bin/sh', '-c', `${setting}; exec "$@"`, 'sh'];

  for (const mask of ['000', '777'])
    test(`mask ${mask}: the run works, and nobody else may write its evidence`, async () => {
      const run = ground.run({ script: 'echo made > file', through: under(`umask ${mask}`) });
      const end = await run.ended;
      assert.equal(end.code, 0, end.stderr);
      const written = readdirSync(run.out, { recursive: true }).map((name) => join(run.out, String(name)));
      assert.ok(written.some((path) => path.endsWith('events.ndjson')));
      assert.deepEqual(
        written.filter((path) => (statSync(path).mode & 0o002) !== 0),
        [],
      );
    });

  test('a smaller limit than that of the policy holds inside', async () => {
    const run = ground.run({ script: 'ulimit -n; ulimit -f', through: under('ulimit -n 128; ulimit -f 20480') });
    const end = await run.ended;
    assert.equal(end.code, 0, end.stderr);
    assert.deepEqual(end.stdout.trim().split('\n'), ['128', '20480']);
  });

  test('too few descriptors: nothing starts, and it says so', async () => {
    const run = ground.run({ script: 'echo started', through: under('ulimit -n 32') });
    assertNotStarted(run, await run.ended, /cannot be started/);
    assert.deepEqual(readdirSync(ground.temporary), []);
  });

  test('no home, or one that cannot be written, is no matter', async () => {
    for (const home of ['/proc', '/nonexistent']) {
      const end = await ground.run({ script: 'echo "$HOME"; echo x > "$HOME/x"', environment: { HOME: home } }).ended;
      assert.equal(end.code, 0, end.stderr);
      assert.notEqual(end.stdout.trim(), home);
    }
  });
});

describe('an out directory that somebody else works in while the run does', () => {
  const LOSSES = {
    removed: (out: string) => rmSync(out, { recursive: true }),
    'moved away': (out: string) => renameSync(out, `${out}-moved`),
    'robbed of its log': (out: string) => rmSync(join(out, 'ledger', 'events.ndjson')),
    'given another log': (out: string) => {
      rmSync(join(out, 'ledger', 'events.ndjson'));
      writeFileSync(join(out, 'ledger', 'events.ndjson'), '');
    },
  } as const;

  for (const [name, lose] of Object.entries(LOSSES))
    test(`one that is ${name}: no further request is answered, and nobody reads that all is well`, async () => {
      let served = 0;
      await using upstream = await openUpstream((request, response) => {
        served += 1;
        request.resume();
        response.writeHead(200, { 'content-type': 'application/json' }).end(MESSAGE);
      });
      const run = ground.run({
        script: `echo started; cat > /dev/null; ${ask()}; ${ask()}; echo agent-done`,
        environment: { ANTHROPIC_BASE_URL: upstream.url },
        // Its input ends when the evidence is gone: what the agent asks for then comes later for certain.
        through: [
          '/bin/sh',
          '-c',
          'while [ ! -e "$0" ]; do sleep 0.05; done | "$@"',
          join(ground.path, `lost-${name}`),
        ],
      });
      await run.printed('started');
      lose(run.out);
      writeFileSync(join(ground.path, `lost-${name}`), '');
      const end = await run.ended;
      assert.equal(end.code, 3, end.stderr);
      assert.match(end.stderr, /^SP1502 the ledger in .* was removed or replaced/m);
      assert.doesNotMatch(end.stderr, /nothing acknowledged was lost/);
      assert.equal(served, 0);
      assert.doesNotMatch(end.stdout, /agent-done/);
      assert.deepEqual(readdirSync(ground.temporary), []);
      assert.deepEqual(run.processes(), []);
    });

  test('two runs that start with one out directory: one is refused, and the evidence of the other is whole', async () => {
    const out = join(ground.path, 'shared');
    const script = 'sleep 0.3; echo made > file';
    const ends = await Promise.all([1, 2, 3].map(() => ground.run({ script, out }).ended));
    assert.deepEqual(ends.map(({ code }) => code).sort(), [0, 2, 2], ends.map(({ stderr }) => stderr).join('\n'));
    assert.equal(await verdictOf(out), 'SIGNED-UNANCHORED');
    assert.equal(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).exitCode, 0);
  });

  test('runs of one repository at the same time do not meet', async () => {
    const runs = [1, 2, 3].map((number) => ground.run({ script: `echo ${number} > file; sleep 0.2` }));
    for (const [index, run] of runs.entries()) {
      assert.equal((await run.ended).code, 0);
      assert.match(readFileSync(join(run.out, 'changes.patch'), 'utf8'), new RegExp(`^\\+${index + 1}$`, 'm'));
    }
    assert.deepEqual(readdirSync(ground.temporary), []);
  });
});

describe('a supervisor that stands still for a while', () => {
  /** It runs under the very pid that was started. */
  const isSupervisor = ({ pid }: Run): boolean => /\0run\0/.test(readProcessFile(pid, 'cmdline') ?? '');

  test('goes on where it was', async () => {
    const run = ground.run({ script: 'echo started; sleep 1; echo made > file' });
    await run.printed('started');
    assert.ok(isSupervisor(run));
    process.kill(run.pid, 'SIGSTOP');
    await sleep(1500);
    process.kill(run.pid, 'SIGCONT');
    const end = await run.ended;
    assert.equal(end.code, 0, end.stderr);
    assert.match(readFileSync(join(run.out, 'changes.patch'), 'utf8'), /^\+made$/m);
  });

  test('ends an agent whose time was over meanwhile', async () => {
    const policy = join(ground.path, 'brief.yaml');
    writeFileSync(policy, 'version: 1\nlimits: { minutes: 0.03 }\n');
    const run = ground.run({ script: 'echo started; sleep 60; echo agent-done', flags: ['--policy', policy] });
    await run.printed('started');
    process.kill(run.pid, 'SIGSTOP');
    await sleep(2500);
    process.kill(run.pid, 'SIGCONT');
    const end = await run.ended;
    assert.equal(end.code, 124, end.stderr);
    assert.doesNotMatch(end.stdout, /agent-done/);
  });

  test('signals that follow the first do not disturb the end', async () => {
    const run = ground.run({ script: "trap '' TERM; echo started; sleep 60" });
    await run.printed('started');
    for (const signal of ['SIGTERM', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.kill(run.pid, signal);
      await sleep(5);
    }
    const end = await run.ended;
    assert.equal(end.code, 143, end.stderr);
    assert.equal(await verdictOf(run.out), 'SIGNED-UNANCHORED');
    assert.deepEqual(readdirSync(ground.temporary), []);
  });
});

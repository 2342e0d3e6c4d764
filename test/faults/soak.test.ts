/**
 * Many runs in a row leave nothing behind. `SALLYPORT_FAULT_TRIALS` says how many (default 4).
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, readProcessFile } from '../../src/system/index.ts';
import { type Ground, openGround } from './support/ground.ts';

const RUNS = Number(process.env['SALLYPORT_FAULT_TRIALS'] ?? 4);

/** Each leaves something inside: a process, a socket, shared memory, a file system full of files, an unread input. */
const SCRIPTS = [
  '(setsid sleep 300 &); echo done',
  'python3 -c "import socket; s = socket.socket(socket.AF_UNIX); s.bind(chr(0) + \'left\'); s.listen()" & sleep 0.2',
  'ipcmk -M 4096 > /dev/null; ipcmk -Q > /dev/null; ipcmk -S 2 > /dev/null; echo done',
  'for i in 1 2 3 4 5 6 7 8 9; do head -c 1000000 /dev/zero > /tmp/$i; mkdir -p d/$i; echo $i > d/$i/f; done',
  'mkfifo pipe; cat pipe & exit 5',
  'kill -KILL $$',
];

let ground: Ground;
before(async () => {
  ground = await openGround();
});
after(() => ground[Symbol.asyncDispose]());

/** What a run could leave on the host, by name. */
function traces(): { readonly [kind: string]: readonly string[] } {
  const owned = ground.path;
  return {
    'temporary files': readdirSync(ground.temporary),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(owned)),
    sockets: readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .filter((line) => line.includes(owned)),
    processes: listProcesses()
      .map(({ pid }) => (readProcessFile(pid, 'cmdline') ?? '').replaceAll('\0', ' '))
      .filter((line) => line.includes(`${owned}/tmp/`)),
  };
}

/** Control groups of runs whose ids are in these ledgers. */
function groupsOf(ids: readonly string[]): readonly string[] {
  if (!existsSync('/sys/fs/cgroup')) return [];
  const groups = readdirSync('/sys/fs/cgroup', { recursive: true }).map(String);
  return groups.filter((path) => ids.some((id) => path.endsWith(`sallyport-${id}`)));
}

test(`${RUNS} runs in a row leave no process, mount, socket, control group or file`, async () => {
  const ids: string[] = [];
  for (let number = 0; number < RUNS; number += 1) {
    const run = ground.run({ script: SCRIPTS[number % SCRIPTS.length] ?? '' });
    const end = await run.ended;
    assert.notEqual(end.code, 3, end.stderr);
    assert.deepEqual(run.processes(), []);
    const report = JSON.parse(readFileSync(`${run.out}/report.json`, 'utf8'));
    assert.equal(report.teardown.clean, true, JSON.stringify(report.teardown));
    ids.push(report.run);
  }
  // Sockets and groups go when the kernel gets to it.
  await sleep(200);
  assert.deepEqual(traces(), { 'temporary files': [], mounts: [], sockets: [], processes: [] });
  assert.deepEqual(groupsOf(ids), []);
});

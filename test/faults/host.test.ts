/** Hosts that lack a part of the sandbox, made in private namespaces. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type Ground, openGround, PRIVATE_MOUNTS, PROGRAM, WITHOUT_CAPABILITIES } from './support/ground.ts';

/** `sh` that runs its arguments on a host where another file is in the place of this program. */
function hiding(file: string, program: string): string {
  return `mount --bind ${file} /usr/bin/${program}; exec ${WITHOUT_CAPABILITIES} "$@"`;
}

/** Prefixes of a command that take something away from it. Each hides a part of the host from this command only. */
const HOSTS = [
  {
    name: 'without bubblewrap',
    through: [...PRIVATE_MOUNTS, '/bin/sh', '-c', hiding('/dev/null', 'bwrap'), 'sh'],
    line: /^SP1202 bwrap: not installed — .*apt-get install.* bubblewrap/,
  },
  {
    name: 'without git',
    through: [...PRIVATE_MOUNTS, '/bin/sh', '-c', hiding('/dev/null', 'git'), 'sh'],
    line: /^SP1202 git: not installed — .*apt-get install.* git/,
  },
  {
    name: 'that lets nobody make a user namespace',
    // The count of a user namespace is its own: this one allows none below it.
    through: [
      'unshare',
      '--user',
      '--map-root-user',
      '/bin/sh',
      '-c',
      'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"',
      'sh',
    ],
    line: /^SP1202 user-namespaces: none may be made — .*sysctl -w user.max_user_namespaces/,
  },
  {
    name: 'whose bubblewrap fails',
    through: [...PRIVATE_MOUNTS, '/bin/sh', '-c', hiding('/bin/false', 'bwrap'), 'sh'],
    line: /incomplete(?: after [^:]*)?: .*airlock/,
  },
] as const;

describe('a host that lacks a part of the sandbox', () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground[Symbol.asyncDispose]());

  for (const { name, through, line } of HOSTS) {
    test(`one ${name}: nothing starts, and one line says why`, async () => {
      const run = ground.run({ script: 'echo started', through });
      const end = await run.ended;
      assert.equal(end.code, 3, end.stderr);
      assert.equal(end.stdout, '');
      assert.equal(
        end.stderr.split('\n').filter((text) => line.test(text.trim().replace(/^command: /, ''))).length,
        1,
        end.stderr,
      );
      assert.doesNotMatch(end.stderr, /^\s+at .*:\d+:\d+/m);
      assert.deepEqual(readdirSync(ground.temporary), []);
      if (line.source.startsWith('^')) assert.ok(!existsSync(run.out));
    });

    test(`one ${name}: doctor says so and exits 3`, () => {
      const [program, ...args] = through;
      const { status, stdout, stderr } = spawnSync(program, [...args, PROGRAM, 'doctor'], {
        env: { PATH: '/usr/bin:/bin', TMPDIR: ground.temporary },
        encoding: 'utf8',
        timeout: 20_000,
      });
      assert.equal(status, 3, `${stdout}${stderr}`);
      assert.match(stdout, /^(MISSING|FAILED) /m);
      assert.match(stdout, /cannot start here/);
      assert.deepEqual(readdirSync(ground.temporary), []);
    });
  }

  test('a host that lacks nothing: doctor says so and exits 0', () => {
    const env = { PATH: '/usr/bin:/bin', TMPDIR: ground.temporary };
    const { status, stdout } = spawnSync(PROGRAM, ['doctor'], { env, encoding: 'utf8' });
    assert.equal(status, 0, stdout);
    assert.deepEqual(readdirSync(ground.temporary), []);
  });
});

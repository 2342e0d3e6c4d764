import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { after, test } from 'node:test';
import { EXIT_NOT_RELEASED } from '../../src/sandbox/probe/code.ts';
import { type Call, compileProbe } from '../../src/sandbox/probe/program.ts';
import { readExactly } from '../../src/sandbox/read-exactly.ts';
import type { Architecture } from '../../src/sandbox/seccomp/syscalls.ts';
import { findExecutable, removeTree } from '../../src/system/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-probe-'));
after(() => removeTree(directory));

const CALLS: readonly Call[] = [
  { name: 'pid', call: 'getpid', arguments: [] },
  { name: 'open', call: 'openat', arguments: [-100, '/proc/self/cmdline', 0] },
  { name: 'read', call: 'read', arguments: [{ resultOf: 'open' }, { buffer: 4096 }, 4096] },
  { name: 'missing', call: 'openat', arguments: [-100, '/no/such/file', 0] },
];

/** How a program of each architecture is started here. */
const RUNNERS: readonly { readonly architecture: Architecture; readonly runner: readonly string[] }[] = [
  ...(process.arch === 'x64' ? [{ architecture: 'x64' as const, runner: [] }] : []),
  ...arm64Runner(),
];

function arm64Runner(): { architecture: 'arm64'; runner: string[] }[] {
  if (process.arch === 'arm64') return [{ architecture: 'arm64', runner: [] }];
  const emulator = findExecutable('qemu-aarch64-static', '/usr/bin:/usr/local/bin');
  return emulator === undefined ? [] : [{ architecture: 'arm64', runner: [emulator] }];
}

function start(
  architecture: Architecture,
  runner: readonly string[],
  calls: readonly Call[],
  command: readonly string[],
) {
  const probe = compileProbe(architecture, calls, { proof: 3, probe: 9 });
  const path = join(directory, `probe-${architecture}`);
  writeFileSync(path, probe.executable);
  chmodSync(path, 0o700);
  const [program = '', ...args] = [...runner, path, ...command];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit', 'pipe'], env: { GIVEN: 'yes' } });
  const proof = child.stdio[3] as Duplex;
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { probe, proof, ended, stdout: child.stdout };
}

for (const { architecture, runner } of RUNNERS) {
  test(`the ${architecture} probe makes the calls, reports, and becomes the program with its environment`, async () => {
    const { probe, proof, ended, stdout } = start(architecture, runner, CALLS, [
      '/bin/sh',
      '-c',
      'echo "$0 $GIVEN"; exit 9',
      'argument',
    ]);
    const answers = probe.read(await readExactly(proof, probe.reportBytes, 10_000));
    assert.ok((answers.get('pid')?.result ?? 0) > 0);
    assert.match(answers.get('read')?.bytes.toString() ?? '', /probe-/);
    assert.equal(answers.get('missing')?.result, -2);
    let text = '';
    stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    proof.write('g');
    assert.equal(await ended, 9);
    assert.equal(text, 'argument yes\n');
  });

  test(`the ${architecture} probe goes no further on another word, or none`, async () => {
    for (const release of [(proof: Duplex) => proof.write('x'), (proof: Duplex) => proof.end()]) {
      const { probe, proof, ended } = start(architecture, runner, CALLS, ['/bin/true']);
      await readExactly(proof, probe.reportBytes, 10_000);
      release(proof);
      assert.equal(await ended, EXIT_NOT_RELEASED);
    }
  });

  test(`the ${architecture} probe says whether a program is missing or cannot be run`, async () => {
    for (const [program, code] of [
      ['/no/such/program', 127],
      ['/etc/passwd', 126],
    ] as const) {
      const { probe, proof, ended } = start(architecture, runner, CALLS, [program]);
      await readExactly(proof, probe.reportBytes, 10_000);
      proof.write('g');
      assert.equal(await ended, code);
    }
  });
}

test('a row may only use the result of an earlier one', () => {
  const calls: Call[] = [
    { name: 'read', call: 'read', arguments: [{ resultOf: 'open' }, 0, 0] },
    { name: 'open', call: 'openat', arguments: [] },
  ];
  assert.throws(() => compileProbe('x64', calls, { proof: 3, probe: 4 }), RangeError);
});

test('the listing of both programs is complete', () => {
  const bytes = (architecture: Architecture) => compileProbe(architecture, CALLS, { proof: 3, probe: 4 }).executable;
  // 314 and 248 bytes of code begin after the ELF header and two program headers.
  assert.equal(
    bytes('x64')
      .subarray(176 + 312, 176 + 314)
      .toString('hex'),
    '0f05',
  );
  assert.equal(
    bytes('arm64')
      .subarray(176 + 244, 176 + 248)
      .toString('hex'),
    '010000d4',
  );
});

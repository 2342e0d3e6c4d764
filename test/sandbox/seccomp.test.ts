import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { buildFilter, filterProgram, type MemoryCount, REFUSED } from '../../src/sandbox/seccomp/filter.ts';
import {
  type Architecture,
  AUDIT_ARCHITECTURE,
  ERRNO,
  type SyscallName,
  syscallNumber,
} from '../../src/sandbox/seccomp/syscalls.ts';
import { removeTree } from '../../src/system/index.ts';

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const refusal = (error: keyof typeof ERRNO): number => 0x00050000 | ERRNO[error];
const ARCHITECTURES: readonly Architecture[] = ['x64', 'arm64'];
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 2_000);

/**
 * Numbers of the calls that are refused with no argument set, from the kernel's headers (`asm/unistd_64.h`,
 * `asm-generic/unistd.h`, Linux 6.17) and not from our table. Those from 424 on are the same on both.
 */
const NEWER = '425 426 427 428 429 430 431 432 433 438 442 443 447 450 457 458 467';
const REFUSED_NUMBERS: { readonly [architecture in Architecture]: string } = {
  x64: `101 103 134 135 136 139 153 154 155 156 159 161 163 164 165 166 167 168 169 170 171 172 173 175 176
    179 180 212 227 237 238 246 248 249 250 256 272 278 279 298 300 303 304 305 308 310 311 312 313 319
    320 321 323 ${NEWER}`,
  arm64: `18 39 40 41 42 51 58 60 75 89 92 97 104 105 106 112 116 117 142 161 162 170 171 217 218 219 224 225
    235 237 238 239 241 262 264 265 266 268 270 271 272 273 279 280 282 294 ${NEWER}`,
};
const NEWEST = 469;

/** `struct seccomp_data` as the kernel fills it. */
function data(architecture: number, number: number, args: readonly bigint[] = []): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(number >>> 0, 0);
  bytes.writeUInt32LE(architecture, 4);
  args.forEach((value, index) => {
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + index * 8);
  });
  return bytes;
}

/** Classic BPF as far as the filter uses it (linux/filter.h); an unknown instruction or a jump outside throws. */
function interpret(architecture: Architecture, input: Buffer, memory: MemoryCount = 'by the kernel'): number {
  const program = filterProgram(architecture, memory);
  let accumulator = 0;
  for (let at = 0; ; at += 1) {
    const instruction = program[at];
    assert.ok(instruction, 'the program ran past its end');
    const { code, value } = instruction;
    if (code === 0x06) return value >>> 0;
    if (code === 0x20) accumulator = input.readUInt32LE(value);
    else if (code === 0x54) accumulator = (accumulator & value) >>> 0;
    else {
      const holds = { 21: accumulator === value, 37: accumulator > value, 69: (accumulator & value) !== 0 }[code];
      assert.notEqual(holds, undefined, `unknown instruction ${code}`);
      at += holds ? instruction.whenTrue : instruction.whenFalse;
    }
  }
}

function judge(architecture: Architecture, name: SyscallName, ...args: bigint[]): number {
  return interpret(architecture, callOf(architecture, name, args));
}

function callOf(architecture: Architecture, name: SyscallName, args: readonly bigint[]): Buffer {
  const number = syscallNumber(name, architecture);
  assert.ok(number !== undefined);
  return data(AUDIT_ARCHITECTURE[architecture], number, args);
}

for (const architecture of ARCHITECTURES) {
  test(`every refused call is refused on ${architecture}`, () => {
    for (const name of REFUSED) {
      if (syscallNumber(name, architecture) === undefined) continue;
      assert.equal(judge(architecture, name), refusal('EPERM'), name);
    }
  });

  test(`of all calls that the kernel has, exactly these are refused on ${architecture}`, () => {
    const numbers = Array.from({ length: NEWEST + 1 }, (_, number) => number);
    const refused = numbers.filter(
      (number) => interpret(architecture, data(AUDIT_ARCHITECTURE[architecture], number)) === refusal('EPERM'),
    );
    assert.deepEqual(refused, REFUSED_NUMBERS[architecture].split(/\s+/).map(Number));
  });

  test(`no kind of namespace can be made with a process on ${architecture}`, () => {
    // NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
    for (const flag of [0x20000n, 0x2000000n, 0x4000000n, 0x8000000n, 0x10000000n, 0x20000000n, 0x40000000n])
      assert.equal(judge(architecture, 'clone', flag | 17n), refusal('EPERM'), flag.toString(16));
    assert.equal(judge(architecture, 'clone', 17n), ALLOW, 'a process');
  });

  test(`nobody types into a terminal, or pairs other sockets than local ones, on ${architecture}`, () => {
    for (const request of [0x5412n, 0x541cn]) assert.equal(judge(architecture, 'ioctl', 0n, request), refusal('EPERM'));
    assert.equal(judge(architecture, 'socketpair', 1n, 1n, 0n), ALLOW);
    for (const family of [0n, 2n, 16n, 40n])
      assert.equal(judge(architecture, 'socketpair', family, 1n, 0n), refusal('EAFNOSUPPORT'));
  });

  test(`ordinary calls pass on ${architecture}`, () => {
    for (const name of ['openat', 'read', 'connect', 'bind', 'kill', 'getdents64', 'mknodat', 'uname'] as const) {
      assert.equal(judge(architecture, name), ALLOW, name);
    }
    assert.equal(judge(architecture, 'clone', 0x003d0f00n), ALLOW, 'a thread');
    assert.equal(judge(architecture, 'ioctl', 0n, 0x5413n), ALLOW, 'the size of a terminal');
    assert.equal(judge(architecture, 'memfd_create', 0n, 8n), ALLOW, 'memory that can never be executed');
  });

  test(`sockets are of the local and internet families and of native protocols on ${architecture}`, () => {
    const socket = (...args: bigint[]): number => judge(architecture, 'socket', ...args);
    for (const args of [
      [1n, 1n, 0n],
      [2n, 1n, 0n],
      [2n, 0x80001n, 6n],
      [10n, 2n, 17n],
      [16n, 3n, 0n],
    ]) {
      assert.equal(socket(...args), ALLOW, String(args));
    }
    for (const family of [0n, 3n, 15n, 17n, 21n, 29n, 38n, 40n, 44n])
      assert.equal(socket(family, 2n, 0n), refusal('EAFNOSUPPORT'));
    assert.equal(socket(16n, 3n, 12n), refusal('EAFNOSUPPORT'), 'netfilter');
    assert.equal(socket(2n, 3n, 255n), refusal('EPERM'), 'raw');
    assert.equal(socket(2n, 0x80003n, 1n), refusal('EPERM'), 'raw with close-on-exec');
    for (const protocol of [132n, 262n, 17n]) assert.equal(socket(2n, 1n, protocol), refusal('EPROTONOSUPPORT'));
  });

  test(`a socket stays of the protocol that it was made for on ${architecture}`, () => {
    const option = (...args: bigint[]): number => judge(architecture, 'setsockopt', 0n, ...args);
    assert.equal(option(6n, 31n), refusal('ENOPROTOOPT'), 'TLS in the kernel');
    assert.equal(option(17n, 100n), refusal('ENOPROTOOPT'), 'a tunnel of IPsec');
    assert.equal(option(0xdeadbeef00000006n, 0xdeadbeef0000001fn), refusal('ENOPROTOOPT'));
    for (const [level, name] of [
      [6n, 1n],
      [1n, 2n],
      [1n, 31n],
      [17n, 1n],
      [41n, 26n],
    ] as const)
      assert.equal(option(level, name), ALLOW, `level ${level}, option ${name}`);
  });

  test(`memory that no process shows is refused where nobody else counts it on ${architecture}`, () => {
    const uncounted = (name: SyscallName, ...args: bigint[]): number =>
      interpret(architecture, callOf(architecture, name, args), 'by process');
    assert.equal(uncounted('memfd_create', 0n, 8n), refusal('EPERM'));
    for (const size of [0x10001n, 1n << 40n, (1n << 32n) + 1n])
      assert.equal(uncounted('shmget', 0n, size), refusal('EINVAL'), String(size));
    assert.equal(uncounted('shmget', 0n, 0x10000n), ALLOW, 'the few bytes of a database');
    assert.equal(judge(architecture, 'shmget', 0n, 1n << 40n), ALLOW, 'the control group counts it');
    for (const size of [257n, 32000n, 0xffffffffn, 0xdeadbeef00007d00n])
      assert.equal(uncounted('semget', 0n, size), refusal('EINVAL'), String(size));
    assert.equal(uncounted('semget', 0n, 17n), ALLOW, 'a set of a database');
    assert.equal(judge(architecture, 'semget', 0n, 32000n), ALLOW, 'the control group counts them');
  });

  test(`bits above the 32 that the kernel takes do not hide an argument on ${architecture}`, () => {
    const high = 0xdeadbeef00000000n;
    assert.equal(judge(architecture, 'ioctl', 0n, high | 0x5412n), refusal('EPERM'));
    assert.equal(judge(architecture, 'socket', high | 40n, 1n, 0n), refusal('EAFNOSUPPORT'));
    assert.equal(judge(architecture, 'clone', high | 0x10000000n), refusal('EPERM'));
  });

  test(`a foreign calling convention is killed on ${architecture}`, () => {
    assert.equal(interpret(architecture, data(0x40000003, 20)), KILL);
    const other = architecture === 'x64' ? 'arm64' : 'x64';
    assert.equal(interpret(architecture, data(AUDIT_ARCHITECTURE[other], 39)), KILL);
  });

  test(`a call newer than the tables does not exist on ${architecture}`, () => {
    const call = (number: number): number => interpret(architecture, data(AUDIT_ARCHITECTURE[architecture], number));
    assert.deepEqual([call(NEWEST), call(NEWEST + 1), call(0x3fffffff)], [ALLOW, refusal('ENOSYS'), refusal('ENOSYS')]);
    assert.equal(judge(architecture, 'clone3', 0n), refusal('ENOSYS'));
  });

  test(`every input gets an answer on ${architecture}`, () => {
    const word = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    const property = fc.property(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.array(word, { minLength: 6, maxLength: 6 }),
      (number, args) => {
        const answer = interpret(architecture, data(AUDIT_ARCHITECTURE[architecture], number % 1024, args));
        assert.ok(answer === ALLOW || answer === KILL || (answer & 0xffff0000) === 0x00050000);
      },
    );
    fc.assert(property, { numRuns: RUNS });
  });
}

test('x32 numbers are killed, from the first on', () => {
  for (const number of [0x40000000, 0x40000000 + 39, 0xffffffff])
    assert.equal(interpret('x64', data(AUDIT_ARCHITECTURE.x64, number)), KILL);
});

test('the kernel takes the filter, and ordinary programs run under it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-filter-'));
  after(() => removeTree(directory));
  const file = join(directory, 'filter');
  writeFileSync(file, buildFilter(process.arch === 'arm64' ? 'arm64' : 'x64', 'by the kernel'));
  const run = (program: string, ...args: readonly string[]) =>
    spawnSync('/usr/bin/bwrap', ['--dev-bind', '/', '/', '--seccomp', '3', '--', program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', openSync(file, 'r')],
    });
  assert.equal(run('/bin/sh', '-c', 'ls /usr | sort | head -1; mkfifo "$0/fifo"', directory).status, 0);
  const threads = 'import threading; t = threading.Thread(target=print, args=("thread",)); t.start(); t.join()';
  assert.equal(run('/usr/bin/python3', '-c', threads).stdout.toString(), 'thread\n');
  assert.equal(run(process.execPath, '-e', 'console.log(1)').stdout.toString(), '1\n');
  assert.notEqual(run('/usr/bin/unshare', '-U', 'true').status, 0);
  const anonymous = 'import os; os.memfd_create("x")';
  assert.match(run('/usr/bin/python3', '-c', anonymous).stderr.toString(), /Operation not permitted/);
});

import type { Architecture } from '../seccomp/syscalls.ts';
import { HEADER_ADDRESS, probeCode } from './code.ts';

const CODE_ADDRESS = 0x400000;
const HEADER_SIZE = 64;
const PROGRAM_HEADER_SIZE = 56;
/** Largest page of any machine we run on (arm64 may have 64 KiB). */
const PAGE = 0x10000;
const MACHINE: { readonly [name in Architecture]: number } = { x64: 62, arm64: 183 };
const EXECUTABLE = 2;
const LOAD = 1;
const READ_EXECUTE = 5;
const READ_WRITE = 6;

/**
 * A static ELF program of two segments (System V gABI, chapter 4): the probe's code, and writable data at HEADER_ADDRESS.
 * `memoryBytes` beyond the data's length are zero-filled by the kernel.
 */
export function buildExecutable(architecture: Architecture, data: Buffer, memoryBytes: number): Buffer {
  const code = probeCode(architecture);
  const codeOffset = HEADER_SIZE + 2 * PROGRAM_HEADER_SIZE;
  const codeEnd = codeOffset + code.length;
  const file = Buffer.alloc(PAGE + data.length);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]);
  file.writeUInt16LE(EXECUTABLE, 16);
  file.writeUInt16LE(MACHINE[architecture], 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(CODE_ADDRESS + codeOffset), 24);
  file.writeBigUInt64LE(BigInt(HEADER_SIZE), 32);
  file.writeUInt16LE(HEADER_SIZE, 52);
  file.writeUInt16LE(PROGRAM_HEADER_SIZE, 54);
  file.writeUInt16LE(2, 56);
  const codeSegment = {
    flags: READ_EXECUTE,
    offset: 0,
    address: CODE_ADDRESS,
    fileBytes: codeEnd,
    memoryBytes: codeEnd,
  };
  const dataSegment = { flags: READ_WRITE, offset: PAGE, address: HEADER_ADDRESS, fileBytes: data.length, memoryBytes };
  writeSegment(file, HEADER_SIZE, codeSegment);
  writeSegment(file, HEADER_SIZE + PROGRAM_HEADER_SIZE, dataSegment);
  code.copy(file, codeOffset);
  data.copy(file, PAGE);
  return file;
}

interface Segment {
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

function writeSegment(file: Buffer, at: number, segment: Segment): void {
  file.writeUInt32LE(LOAD, at);
  file.writeUInt32LE(segment.flags, at + 4);
  const words = [segment.offset, segment.address, segment.address, segment.fileBytes, segment.memoryBytes, PAGE];
  words.forEach((word, index) => {
    file.writeBigUInt64LE(BigInt(word), at + 8 + index * 8);
  });
}

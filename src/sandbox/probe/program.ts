import { type Architecture, type SyscallName, syscallNumber } from '../seccomp/syscalls.ts';
import {
  FLAG_ARGUMENT_0_IS_RESULT,
  FLAG_ARGUMENT_1_IS_RESULT,
  FLAG_FOREIGN,
  FLAG_IN_CHILD,
  HEADER_ADDRESS,
  HEADER_BYTES,
  ROW_BYTES,
} from './code.ts';
import { buildExecutable } from './elf.ts';

/** One argument of a system call. */
export type Argument =
  | number
  | bigint
  /** A pointer to these bytes. */
  | Buffer
  /** A pointer to this text, zero-terminated. */
  | string
  /** The result of the row of this name. Only as argument 0 or 1. */
  | { readonly resultOf: string }
  /** A pointer to a buffer that is part of the report. */
  | { readonly buffer: number };

/** One system call of the probe. */
export interface Call {
  readonly name: string;
  readonly call: SyscallName | { readonly number: number };
  readonly arguments: readonly Argument[];
  /** `child`: the filter is expected to kill it. `foreign`: the same, by the 32-bit convention. */
  readonly how?: 'child' | 'foreign';
}

/** What the kernel answered. */
export interface Answer {
  /** The call's raw result: negative is an error number; of a call in a child, its wait status. */
  readonly result: number;
  /** What was written to the call's buffer, as far as the result says. Empty when it has none. */
  readonly bytes: Buffer;
}

export interface ProbeProgram {
  readonly executable: Buffer;
  /** Length of the report in bytes. */
  readonly reportBytes: number;
  /** Reads a report; a row that did not run is missing from the answers. */
  read(report: Buffer): ReadonlyMap<string, Answer>;
}

/** Placed where a result will be; still there when the row did not run. */
const NOT_RUN = 0x5a11_0000_dead_5a11n;

/**
 * Compiles the calls into a program that makes them in order and reports the answers.
 * @throws RangeError when a call does not exist on the architecture or refers to a later result.
 */
export function compileProbe(
  architecture: Architecture,
  calls: readonly Call[],
  descriptors: { readonly proof: number; readonly probe: number },
): ProbeProgram {
  const data = new DataSegment(calls);
  const rows = calls.map((call) => data.row(call, numberOf(call, architecture)));
  const report = data.layOut(rows, descriptors);
  return {
    executable: buildExecutable(architecture, report.data, report.memoryBytes),
    reportBytes: report.reportBytes,
    read: (bytes) => readReport(bytes, calls, report.reportBytes),
  };
}

function numberOf(call: Call, architecture: Architecture): number {
  if (typeof call.call !== 'string') return call.call.number;
  const number = syscallNumber(call.call, architecture);
  if (number === undefined) throw new RangeError(`${call.call} does not exist on ${architecture}`);
  return number;
}

interface Row {
  readonly number: number;
  readonly arguments: readonly bigint[];
  readonly flags: number;
}

/**
 * The program's data: header, rows, constants, then the report (results and buffers). Addresses are absolute, so every
 * pointer is a constant once the sizes before it are known: rows have a fixed size, and the report starts on a
 * boundary chosen before the constants are collected.
 */
class DataSegment {
  static readonly #REPORT_OFFSET = 0x10000;
  readonly #calls: readonly Call[];
  readonly #constants: Buffer[] = [];
  readonly #indexes: ReadonlyMap<string, number>;
  #constantOffset: number;
  #bufferOffset: number;

  constructor(calls: readonly Call[]) {
    this.#calls = calls;
    this.#indexes = new Map(calls.map((call, index) => [call.name, index]));
    this.#constantOffset = HEADER_BYTES + calls.length * ROW_BYTES;
    this.#bufferOffset = DataSegment.#REPORT_OFFSET + calls.length * 8;
  }

  row(call: Call, number: number): Row {
    const howFlags = { child: FLAG_IN_CHILD, foreign: FLAG_IN_CHILD | FLAG_FOREIGN };
    let flags = call.how === undefined ? 0 : howFlags[call.how];
    const values = call.arguments.map((argument, index) => {
      if (typeof argument === 'object' && 'resultOf' in argument) {
        if (index > 1) throw new RangeError(`${call.name}: only arguments 0 and 1 can be earlier results`);
        flags |= index === 0 ? FLAG_ARGUMENT_0_IS_RESULT : FLAG_ARGUMENT_1_IS_RESULT;
      }
      return this.#value(argument, call);
    });
    return { number, arguments: values, flags };
  }

  layOut(rows: readonly Row[], descriptors: { readonly proof: number; readonly probe: number }) {
    const resultsOffset = DataSegment.#REPORT_OFFSET;
    if (this.#constantOffset > resultsOffset) throw new RangeError('the probe has too many constants');
    const data = Buffer.alloc(resultsOffset + rows.length * 8);
    const reportBytes = this.#bufferOffset - resultsOffset;
    const words = [
      HEADER_ADDRESS + HEADER_BYTES,
      rows.length,
      HEADER_ADDRESS + resultsOffset,
      HEADER_ADDRESS + resultsOffset,
      reportBytes,
      descriptors.proof,
      descriptors.probe,
      0,
    ];
    words.forEach((word, index) => {
      data.writeBigUInt64LE(BigInt(word), index * 8);
    });
    rows.forEach((row, index) => {
      writeRow(data, HEADER_BYTES + index * ROW_BYTES, row);
      data.writeBigUInt64LE(NOT_RUN, resultsOffset + index * 8);
    });
    Buffer.concat(this.#constants).copy(data, HEADER_BYTES + rows.length * ROW_BYTES);
    return { data, reportBytes, memoryBytes: this.#bufferOffset };
  }

  #value(argument: Argument, call: Call): bigint {
    if (typeof argument === 'bigint') return argument;
    if (typeof argument === 'number') return BigInt(argument);
    if (typeof argument === 'string') return this.#constant(Buffer.from(`${argument}\0`));
    if (Buffer.isBuffer(argument)) return this.#constant(argument);
    if ('buffer' in argument) return this.#buffer(argument.buffer);
    const index = this.#indexes.get(argument.resultOf) ?? Number.POSITIVE_INFINITY;
    if (index >= this.#calls.indexOf(call)) throw new RangeError(`${call.name}: no earlier row ${argument.resultOf}`);
    return BigInt(HEADER_ADDRESS + DataSegment.#REPORT_OFFSET + index * 8);
  }

  #constant(bytes: Buffer): bigint {
    const address = HEADER_ADDRESS + this.#constantOffset;
    const padded = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
    bytes.copy(padded);
    this.#constants.push(padded);
    this.#constantOffset += padded.length;
    return BigInt(address);
  }

  #buffer(length: number): bigint {
    const address = HEADER_ADDRESS + this.#bufferOffset;
    this.#bufferOffset += length;
    return BigInt(address);
  }
}

function writeRow(data: Buffer, at: number, row: Row): void {
  data.writeBigUInt64LE(BigInt(row.number), at);
  row.arguments.forEach((value, index) => {
    data.writeBigUInt64LE(BigInt.asUintN(64, value), at + 8 + index * 8);
  });
  data.writeBigUInt64LE(BigInt(row.flags), at + 56);
}

function readReport(report: Buffer, calls: readonly Call[], reportBytes: number): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Answer>();
  if (report.length !== reportBytes) return answers;
  let at = calls.length * 8;
  calls.forEach((call, index) => {
    const raw = report.readBigInt64LE(index * 8);
    const length = call.arguments.reduce<number>((sum, argument) => sum + bufferLength(argument), 0);
    const buffer = report.subarray(at, at + length);
    at += length;
    if (raw === NOT_RUN) return;
    const result = Number(raw);
    answers.set(call.name, { result, bytes: buffer.subarray(0, Math.max(0, Math.min(result, length))) });
  });
  return answers;
}

function bufferLength(argument: Argument): number {
  return typeof argument === 'object' && 'buffer' in argument && !Buffer.isBuffer(argument) ? argument.buffer : 0;
}

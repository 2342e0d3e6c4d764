/** One classic BPF instruction (linux/filter.h, `struct sock_filter`). Jumps count instructions to skip. */
export interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly value: number;
}

const LOAD_WORD = 0x20;
const AND = 0x54;
const RETURN = 0x06;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER = 0x25;
const JUMP_ANY_BIT = 0x45;
const LONGEST_JUMP = 255;
const INSTRUCTION_BYTES = 8;

/** Loads the 32-bit word at this offset of `struct seccomp_data`. */
export function load(offset: number): Instruction {
  return { code: LOAD_WORD, whenTrue: 0, whenFalse: 0, value: offset };
}

export function mask(value: number): Instruction {
  return { code: AND, whenTrue: 0, whenFalse: 0, value };
}

export function answer(action: number): Instruction {
  return { code: RETURN, whenTrue: 0, whenFalse: 0, value: action };
}

/** Runs `body` when what was loaded equals `value`; otherwise goes on after it. */
export function ifEqual(value: number, body: readonly Instruction[]): Instruction[] {
  return branch(JUMP_EQUAL, value, body);
}

export function unlessEqual(value: number, body: readonly Instruction[]): Instruction[] {
  if (body.length > LONGEST_JUMP) throw new RangeError(`a BPF jump cannot skip ${body.length} instructions`);
  return [{ code: JUMP_EQUAL, whenTrue: body.length, whenFalse: 0, value }, ...body];
}

export function ifGreater(value: number, body: readonly Instruction[]): Instruction[] {
  return branch(JUMP_GREATER, value, body);
}

export function ifAnyBit(bits: number, body: readonly Instruction[]): Instruction[] {
  return branch(JUMP_ANY_BIT, bits, body);
}

function branch(code: number, value: number, body: readonly Instruction[]): Instruction[] {
  if (body.length > LONGEST_JUMP) throw new RangeError(`a BPF jump cannot skip ${body.length} instructions`);
  return [{ code, whenTrue: 0, whenFalse: body.length, value }, ...body];
}

/** The bytes `bwrap --seccomp` reads: little-endian on both architectures we support. */
export function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * INSTRUCTION_BYTES);
  program.forEach((instruction, index) => {
    const at = index * INSTRUCTION_BYTES;
    bytes.writeUInt16LE(instruction.code, at);
    bytes.writeUInt8(instruction.whenTrue, at + 2);
    bytes.writeUInt8(instruction.whenFalse, at + 3);
    bytes.writeUInt32LE(instruction.value >>> 0, at + 4);
  });
  return bytes;
}

import fc from 'fast-check';

/** Bytes at which readers of lengths, counts and signs go wrong. */
const EDGES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];

interface Change {
  readonly at: number;
  readonly kind: 'set' | 'cut' | 'repeat' | 'insert' | 'end';
  readonly value: number;
  readonly length: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(0xffff),
  kind: fc.constantFrom('set', 'set', 'cut', 'repeat', 'insert', 'end'),
  value: fc.oneof(fc.constantFrom(...EDGES), fc.nat(255)),
  length: fc.integer({ min: 1, max: 40 }),
});

function applyChange(bytes: Buffer, { at: anywhere, kind, value, length }: Change): Buffer {
  const at = bytes.length === 0 ? 0 : anywhere % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (kind === 'set') return Buffer.concat([before, Buffer.of(value), after.subarray(1)]);
  if (kind === 'cut') return Buffer.concat([before, after.subarray(length)]);
  if (kind === 'repeat') return Buffer.concat([before, after.subarray(0, length), after]);
  if (kind === 'insert') return Buffer.concat([before, Buffer.alloc(length, value), after]);
  return before;
}

/** One of the samples with up to six changes: most of what a reader of the format checks first still holds. */
export function mutationsOf(samples: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 6 }))
    .map(([sample, changes]) => changes.reduce(applyChange, Buffer.from(sample)));
}

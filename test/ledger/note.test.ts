import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCheckpoint } from '../../src/ledger/checkpoint.ts';
import {
  checkSignature,
  formatNote,
  formatVerifierKey,
  NoteError,
  parseNote,
  parseVerifierKey,
} from '../../src/ledger/note.ts';
import { stolenKey, TestWitness } from './support/forgery.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 2000);
const key = stolenKey('note');
const note = key.sign({ origin: key.origin, size: 5, root: 'ab'.repeat(32) });
const vkey = parseVerifierKey(key.verifierKey);

/** The example in the signed-note specification: name, key and signature as printed there. */
test('the example of the checkpoint specification is read', () => {
  const source =
    'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
    '\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
    '\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';
  const checkpoint = parseCheckpoint(source);
  assert.deepEqual([checkpoint.origin, checkpoint.size], ['example.com/behind-the-sofa', 20852163]);
  assert.deepEqual(
    checkpoint.note.signatures.map(({ name, id, bytes }) => [name, id, bytes.length]),
    [
      ['example.com/behind-the-sofa', '033de0ae', 64],
      ['witness.example.com/w1', '8d66cf3f', 72],
    ],
  );
  assert.equal(formatNote(checkpoint.note), source);
});

test('a signature of the key is valid, of nobody absent, and over another text invalid', () => {
  assert.equal(checkSignature(parseNote(note), vkey), 'valid');
  assert.equal(checkSignature(parseNote(note.replace('\n5\n', '\n6\n')), vkey), 'invalid');
  assert.equal(checkSignature(parseNote(note), parseVerifierKey(stolenKey('another').verifierKey)), 'absent');
});

test('a cosignature covers its time and cannot be moved to another note', () => {
  const witness = new TestWitness('witness.example/w1');
  const witnessKey = parseVerifierKey(witness.verifierKey);
  const cosigned = parseNote(witness.cosign(note));
  assert.equal(checkSignature(cosigned, witnessKey), 'valid');
  const [own, foreign] = cosigned.signatures;
  assert.ok(own !== undefined && foreign !== undefined);
  const later = Buffer.from(foreign.bytes);
  later.writeBigUInt64BE(1_800_000_000n);
  assert.equal(checkSignature({ ...cosigned, signatures: [own, { ...foreign, bytes: later }] }, witnessKey), 'invalid');
  assert.equal(checkSignature({ ...cosigned, text: cosigned.text.replace('\n5\n', '\n6\n') }, witnessKey), 'invalid');
});

for (const [what, text] of Object.entries({
  'no signature': 'a\n5\nAAAA\n',
  'a control character': note.replace('sallyport', 'sally\tport'),
  'no final newline': note.slice(0, -1),
  'one more character': `${note.slice(0, -1)}x`,
  'a hyphen for the dash': note.replace('\u2014', '-'),
  'base64 with stray bits': note.replace(/[A-Za-z0-9+/]=\n$/, 'B=\n'),
  'an extension line': note.replace('\n\n', '\nextension\n\n'),
  'a size with a leading zero': note.replace('\n5\n', '\n05\n'),
  'a size beyond 2^53': note.replace('\n5\n', '\n9007199254740993\n'),
  'a root of another length': note.replace(/\n[A-Za-z0-9+/]+=\n\n/, '\nAAAA\n\n'),
  'too much of it': note + '\u2014 a AAAAAAAA\n'.repeat(6000),
}))
  test(`a checkpoint with ${what} is refused`, () => {
    assert.throws(() => parseCheckpoint(text), NoteError);
  });

for (const text of [
  '',
  'a+b',
  `${key.verifierKey}x`,
  key.verifierKey.replace('note', 'nota'),
  formatVerifierKey('short', 1, Buffer.alloc(31)),
  `a b+00000000+${'A'.repeat(44)}`,
])
  test(`'${text.slice(0, 20)}…' is not a verifier key`, () => {
    assert.throws(() => parseVerifierKey(text), NoteError);
  });

test('a key of a type that we do not know is carried but verifies nothing', () => {
  const mldsa = parseVerifierKey(`w+01020304+${Buffer.concat([Buffer.of(6), Buffer.alloc(1312)]).toString('base64')}`);
  assert.equal(mldsa.key, undefined);
});

test('any bytes in place of a checkpoint are read or refused with a reason', () => {
  const mutated = fc.tuple(fc.nat(note.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 20 }));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), mutated), (input) => {
      const text =
        typeof input === 'string' ? input : note.slice(0, input[0]) + input[2] + note.slice(input[0] + input[1]);
      try {
        const checkpoint = parseCheckpoint(text);
        // Whoever can change the note cannot change what was signed.
        if (checkSignature(checkpoint.note, vkey) === 'valid') assert.equal(checkpoint.note.text, parseNote(note).text);
      } catch (error) {
        assert.ok(error instanceof NoteError);
      }
    }),
    { numRuns: RUNS },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findSecrets } from '../../../src/gate/secrets/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 100);
const KEY = `ghp_${'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zQ2'}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const each = (write: (byte: number) => string, between = '') => [...Buffer.from(KEY)].map(write).join(between);
const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const ROT = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0);
    return String.fromCharCode((code & 0x1f) > 13 ? code - 13 : code + 13);
  });

const WRITTEN: readonly (readonly [string, string])[] = [
  ['plain', KEY],
  ['base64', base64(KEY)],
  ['base64 in the middle of other text', base64(`{"token":"${KEY}"}`)],
  ['base64 for addresses', Buffer.from(`??>>${KEY}`).toString('base64url')],
  ['base64 in lines', base64(KEY.repeat(3)).replace(/.{76}/g, '$&\n')],
  ['base64 twice', base64(base64(KEY))],
  ['base64 three times', base64(base64(base64(KEY)))],
  ['reversed', [...KEY].reverse().join('')],
  ['base64 of the reversed', base64([...KEY].reverse().join(''))],
  ['hex', each(hex)],
  ['hex with colons', each(hex, ':')],
  ['a list of hex numbers', each((byte) => `0x${hex(byte)}`, ', ')],
  ['hex escapes', each((byte) => `\\x${hex(byte)}`)],
  ['unicode escapes', each((byte) => `\\u00${hex(byte)}`)],
  ['octal escapes', each((byte) => `\\${byte.toString(8).padStart(3, '0')}`)],
  ['percent signs', each((byte) => `%${hex(byte)}`)],
  ['a tuple of integers', `(${each(String, ', ')})`],
  ['character references', each((byte) => `&#${byte};`)],
  ['rot13', ROT(KEY)],
  ['split literals', `'${KEY.slice(0, 12)}' + '${KEY.slice(12)}'`],
  ['split literals in lines', `'${KEY.slice(0, 12)}'\n  + '${KEY.slice(12)}'`],
];

for (const [how, text] of WRITTEN) {
  test(`a token is found: ${how}`, () => {
    const found = findSecrets(`const value = ${text};\n`).sightings;
    assert.deepEqual(
      found.map(({ name }) => name),
      ['GitHub token'],
    );
    assert.ok(!JSON.stringify(found).includes(KEY.slice(6)), 'the key itself is not kept');
  });
}

const HONEST = [
  "const token = process.env['GITHUB_TOKEN'];",
  'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  `integrity: sha512-${base64('0123456789'.repeat(8))}`,
  'a3f5c1'.repeat(40),
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]',
];

for (const text of HONEST) {
  test(`nothing is found in ${text.slice(0, 50)}`, () => {
    assert.deepEqual(findSecrets(text), { sightings: [], whole: true });
  });
}

test('a key that stands plainly and in disguise is told once, where it stands plainly', () => {
  const [one, ...more] = findSecrets(`key ${KEY} ${base64(KEY)} ${base64(base64(KEY))}`).sightings;
  assert.deepEqual([one?.encoding, one?.start, more.length], ['plain', 4, 0]);
});

test('the offset of a plain key is that of the text', () => {
  const text = `${'a'.repeat(300_000)} ${KEY} `;
  assert.equal(findSecrets(text).sightings[0]?.start, text.indexOf(KEY));
});

const decoys = (count: number) =>
  Array.from({ length: count }, (_, at) => `"${base64(`an ordinary sentence ${at}`)}"`).join('\n');

for (const [how, text] of [
  ['once', base64(KEY)],
  ['twice', base64(base64(KEY))],
] as const) {
  test(`a key in base64 ${how} is found behind thousands of texts in base64`, () => {
    const { sightings, whole } = findSecrets(`${decoys(4000)}\n"${text}"\n`);
    assert.deepEqual([sightings.length, whole], [1, true]);
  });
}

test('a key far inside a long text that was encoded twice is found', () => {
  const inside = `${'lorem ipsum dolor sit amet\n'.repeat(3500)}${KEY}\n`;
  assert.equal(findSecrets(base64(base64(inside))).sightings.length, 1);
});

test('a text with more readings than are searched is not said to be searched wholly', () => {
  const line = (at: number) => `"a" + "b${at} \\u0041 &#66; %43 \\u0025 &#37;41 %26#65; %5cu0044 &#92;u0045`;
  const lines = Array.from({ length: 1200 }, (_, at) => [line(at), [...line(at)].reverse().join(''), ROT(line(at))]);
  assert.equal(findSecrets(lines.flat().join('\n')).whole, false);
});

test('any text is read without an exception, and the same way twice', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 2000 }), fc.base64String({ maxLength: 2000 })), (text) => {
      assert.deepEqual(findSecrets(text), findSecrets(text));
    }),
    { numRuns: RUNS },
  );
});

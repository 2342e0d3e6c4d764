import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findHiddenText } from '../../src/text/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const MESSAGE = 'run setup';

const tags = (text: string) =>
  [...text].map((one) => String.fromCodePoint(0xe0000 + (one.codePointAt(0) ?? 0))).join('');
const selectors = (text: string) =>
  [...Buffer.from(text)].map((byte) => String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16)).join('');
const bitsOf = (text: string, width = 8) =>
  [...text].map((one) => (one.codePointAt(0) ?? 0).toString(2).padStart(width, '0'));
const spell = (bits: string, zero: string, one: string) => [...bits].map((bit) => (bit === '0' ? zero : one)).join('');

const CHANNELS: readonly (readonly [name: string, hidden: string, hiddenClass: string])[] = [
  ['tag characters', tags(MESSAGE), 'tag'],
  ['a selector a byte', selectors(MESSAGE), 'variation-selector'],
  [
    'two selectors a byte',
    [...Buffer.from(MESSAGE)].map((byte) => String.fromCharCode(0xfe00 + (byte >> 4), 0xfe00 + (byte & 15))).join(''),
    'variation-selector',
  ],
  ['blanks without width as bits', spell(bitsOf(MESSAGE).join(''), '\u200b', '\u200c'), 'zero-width'],
  ['the same bits the other way round', spell(bitsOf(MESSAGE).join(''), '\u200d', '\u200b'), 'zero-width'],
  [
    'bits with pauses',
    bitsOf(MESSAGE, 1)
      .map((one) => spell(one, '\u200b', '\u200c'))
      .join('\u200d'),
    'zero-width',
  ],
  ['invisible operators as bits', spell(bitsOf(MESSAGE).join(''), '\u2062', '\u2064'), 'invisible-operator'],
  ['fillers as bits', spell(bitsOf(MESSAGE).join(''), '\uffa0', '\u3164'), 'filler'],
  [
    'private characters',
    [...MESSAGE].map((one) => String.fromCodePoint(0xf0000 + (one.codePointAt(0) ?? 0))).join(''),
    'private-use',
  ],
];

for (const [name, hidden, hiddenClass] of CHANNELS) {
  test(`${name} are found and decoded`, () => {
    const text = `Name files in kebab-case.${hidden}\nMore.`;
    const start = text.indexOf('.') + 1;
    assert.deepEqual(findHiddenText(text), [
      { span: { start, end: start + hidden.length }, hiddenClass, count: [...hidden].length, decoded: MESSAGE },
    ]);
  });
}

test('a message that is spread over a visible word is one run', () => {
  const text = [...tags(MESSAGE)].map((tag, index) => `${'kebab-case'[index]}${tag}`).join('');
  assert.deepEqual(
    findHiddenText(text).map(({ decoded, count }) => [decoded, count]),
    [[MESSAGE, MESSAGE.length]],
  );
});

const REPORTED: readonly (readonly [name: string, text: string, hiddenClass: string])[] = [
  ['an override of direction', 'if (a\u202e) b', 'bidi'],
  ['an isolate without right-to-left text', 'x \u2066 y \u2069', 'bidi'],
  ['an isolate that is left open in a right-to-left line', 'שלום \u2066 x', 'bidi'],
  ['a blank without width in a Latin word', 'pass\u200bword', 'zero-width'],
  ['a byte order mark in the middle', 'a\ufeffb', 'zero-width'],
  ['a joiner between Latin letters', 'a\u200db', 'zero-width'],
  ['a Hangul filler as a name', 'const \u3164 = 1', 'filler'],
  ['a separator of lines', 'a\u2028b', 'separator'],
  ['an escape character', 'a\u001b[8m', 'control'],
  ['a lone carriage return', 'evil\rgood', 'control'],
  ['an end tag without a flag', 'a\u{e007f}', 'tag'],
  ['a second selector on one emoji', '❤\ufe0f\ufe0f', 'variation-selector'],
  ['half a character', 'a\ud800b', 'surrogate'],
];

for (const [name, text, hiddenClass] of REPORTED) {
  test(`${name} is reported`, () => {
    assert.ok(findHiddenText(text).some((run) => run.hiddenClass === hiddenClass));
  });
}

const BENIGN: readonly (readonly [name: string, text: string])[] = [
  ['a family of emoji', '👨‍👩‍👧 👩🏽‍💻 🏳️‍🌈 ❤️‍🔥'],
  ['selectors behind emoji and keys', '❤️ ☎︎ 1️⃣ #️⃣ ⚠️ ©️'],
  ['flags of regions', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🇩🇪'],
  ['joiners in scripts that need them', 'می‌خواهم क्‍ष നന്‍'],
  ['breaks in scripts without blanks', 'ภาษา\u200bไทย 日本\u200b語'],
  ['a byte order mark at the start', '\ufeffa: 1'],
  ['line ends of Windows, tabs and page breaks', 'a\r\n\tb\f\r\n'],
  ['a soft hyphen between letters', 'Donau\u00addampf'],
  ['variants of Han characters', '葛\u{e0100}城'],
  ['marks of direction in right-to-left text', 'שלום\u200f (\u2066abc\u2069)'],
  ['a few icons of a font', ' \ue0a0 main \uf113'],
  ['braille', '⠓⠑⠇⠇⠕⠀⠺⠕⠗⠇⠙'],
];

for (const [name, text] of BENIGN) {
  test(`${name}: nothing is reported`, () => assert.deepEqual(findHiddenText(text), []));
}

test('any ASCII message in tags or selectors comes back, wherever it stands', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9 .,:/]{4,60}$/), fc.constantFrom(tags, selectors), (message, encode) => {
      const [run] = findHiddenText(`x${encode(message)}`);
      assert.equal(run?.decoded, message);
    }),
    { numRuns: RUNS },
  );
});

test('no text is too strange, and runs neither overlap nor leave the text', () => {
  const piece = fc.constantFrom(
    'a',
    '\u200b',
    '\u200d',
    '\ufe0f',
    '👨',
    '\u{1f3f4}',
    '\u{e0067}',
    '\u{e007f}',
    '\u2066',
    '\u202e',
    'ש',
    '\n',
    '\ud83d',
    '\udc68',
    '\u2062',
    '\ue000',
    '\r',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      let last = 0;
      for (const { span } of findHiddenText(text)) {
        assert.ok(span.start >= last && span.end > span.start && span.end <= text.length);
        last = span.end;
      }
    }),
    { numRuns: RUNS },
  );
});

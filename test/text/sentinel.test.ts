import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSentinel } from '../../src/text/index.ts';

const numRuns = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 100);

const hex = (text: string) => Buffer.from(text).toString('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const reverse = (text: string) => [...text].reverse().join('');
const each = (text: string, encode: (character: string, index: number) => string, joint = '') =>
  Array.from(text, encode).join(joint);
const code = (character: string) => character.charCodeAt(0);
const hexCode = (character: string) => code(character).toString(16).padStart(2, '0');
const rot13 = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter < 'a' ? 65 : 97;
    return String.fromCharCode(((code(letter) - base + 13) % 26) + base);
  });

/** The encodings of incidents §2.5, and what else is reversible by hand. */
const ENCODINGS: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  reversed: reverse,
  'base64, first offset': base64,
  'base64, second offset': (secret) => base64(`x${secret}`),
  'base64, third offset': (secret) => base64(`xy${secret}`),
  'base64url without padding': (secret) => Buffer.from(`?>${secret}`).toString('base64url'),
  'base64 with line breaks': (secret) => base64(`xy${secret}`).replace(/.{8}/g, '$&\r\n'),
  'base64 with line breaks inside JSON': (secret) => JSON.stringify(base64(secret).replace(/.{8}/g, '$&\n')),
  'base64 with line breaks inside JSON inside JSON': (secret) =>
    JSON.stringify(JSON.stringify(base64(secret).replace(/.{8}/g, '$&\n'))),
  'base64 of base64': (secret) => base64(base64(`x${secret}`)),
  'base64 of base64url': (secret) => base64(Buffer.from(`>?>${secret}`).toString('base64url')),
  'base64 of hex': (secret) => base64(hex(secret)),
  'base64 reversed': (secret) => reverse(base64(secret)),
  base32: (secret) => base32(`abc${secret}`),
  hex,
  'hex, upper case': (secret) => hex(secret).toUpperCase(),
  'hex with colons': (secret) => hex(secret).replace(/..(?!$)/g, '$&:'),
  'hex, as xxd prints it': (secret) => hex(`ab${secret}`).replace(/.{4}/g, '$& ').replace(/.{40}/g, '$&\n'),
  'hex list': (secret) => each(secret, (c) => `0x${hexCode(c)}`, ', '),
  'C escapes': (secret) => each(secret, (c) => `\\x${hexCode(c)}`),
  'URL escapes': (secret) => each(secret, (c) => `%${hexCode(c)}`),
  'URL escapes in part': (secret) => each(secret, (c, index) => (index % 3 === 0 ? `%${hexCode(c)}` : c)),
  'URL escapes twice': (secret) => each(secret, (c, index) => (index % 4 === 0 ? `%25${hexCode(c)}` : c)),
  'base64 with URL escapes': (secret) => encodeURIComponent(base64(`~~~${secret}`)),
  'JSON escapes': (secret) => each(secret, (c) => `\\u00${hexCode(c)}`),
  'JSON escapes in part': (secret) => each(secret, (c, index) => (index % 2 === 0 ? `\\u00${hexCode(c)}` : c)),
  'HTML entities, decimal': (secret) => each(secret, (c) => `&#${code(c)};`),
  'HTML entities, hexadecimal, in part': (secret) =>
    each(secret, (c, index) => (index % 2 === 0 ? `&#x${hexCode(c)};` : c)),
  'integer list': (secret) => each(secret, (c) => String(code(c)), ', '),
  'integer list, one a line': (secret) => each(secret, (c) => String(code(c)), '\n'),
  octal: (secret) => each(secret, (c) => `\\${code(c).toString(8).padStart(3, '0')}`),
  binary: (secret) => each(secret, (c) => code(c).toString(2).padStart(8, '0'), ' '),
  spaced: (secret) => each(secret, (c) => c, ' '),
  'one character a line': (secret) => each(secret, (c) => c, '\n'),
  'spaced by zero-width characters': (secret) => each(secret, (c) => c, '\u200b'),
  'UTF-16': (secret) => each(secret, (c) => c, '\0'),
  rot13,
  'letter case changed': (secret) => secret.toUpperCase(),
  'without the first character': (secret) => secret.slice(1),
  'without the first seven characters': (secret) => secret.slice(7),
  'without the first ten characters': (secret) => secret.slice(10),
  'without the last ten characters': (secret) => secret.slice(0, -10),
  'base64 without the first ten characters': (secret) => base64(secret.slice(10)),
};

function base32(text: string): string {
  const bits = each(text, (c) => code(c).toString(2).padStart(8, '0'));
  return bits
    .replace(/.{5}/g, (five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)] ?? '')
    .replace(/[01]{1,4}$/, '');
}

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
/** Keys as vendors shape them: a prefix and at least 32 unguessable characters. */
const secretText = fc
  .tuple(
    fc.constantFrom('sk-ant-api03-', 'ghp_', 'AKIA', ''),
    fc.array(fc.constantFrom(...letters), { minLength: 36, maxLength: 90 }),
  )
  .map(([prefix, rest]) => prefix + rest.join(''))
  .filter((text) => text.replace(/[-_]/g, '').length > text.length - 8);
const filler = fc.stringMatching(/^[ -~\n]{0,60}$/);

for (const [name, encode] of Object.entries(ENCODINGS)) {
  test(`a secret is found and redacted: ${name}`, () => {
    fc.assert(
      fc.property(secretText, filler, filler, (secret, before, after) => {
        const sentinel = createSentinel([{ name: 'KEY', value: secret }]);
        const text = `${before} ${encode(secret)} ${after}`;
        assert.equal(sentinel.find(Buffer.from(text))[0]?.name, 'KEY');
        assert.match(sentinel.redactText(text), /\[redacted:KEY\]/);
        assert.equal(sentinel.find(Buffer.from(sentinel.redactText(text))).length, 0);
      }),
      { numRuns: Math.min(numRuns, 1000) / 10 },
    );
  });
}

const BASE85 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';
const Z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const ASCII85 = Array.from({ length: 85 }, (_, index) => String.fromCharCode(33 + index)).join('');

function base85(text: string, alphabet: string): string {
  const bytes = Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4, '\0'));
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32BE(index * 4))
    .map((group) => [4, 3, 2, 1, 0].map((power) => alphabet[Math.floor(group / 85 ** power) % 85]).join(''))
    .join('');
}

const exchanged = (text: string, from: string, to: string): string =>
  each(text, (character) => to[from.indexOf(character)] ?? character);
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const bytewise = (text: string, change: (byte: number) => number): Buffer => Buffer.from(Buffer.from(text).map(change));

/** Where the alphabet is anybody's own. */
const ALPHABETS: Readonly<Record<string, (text: string) => string | Buffer>> = {
  ascii85: (text) => base85(text, ASCII85),
  'base85 (RFC 1924)': (text) => base85(`x${text}`, BASE85),
  Z85: (text) => base85(`xyz${text}`, Z85),
  'words of a little-endian machine': (text) =>
    hex(text.replace(/(.)(.)/g, '$2$1'))
      .replace(/.{4}/g, '$& ')
      .replace(/.{40}/g, '$&\n0000020 '),
  'base32 of Crockford': (text) => exchanged(base32(text), BASE32, '0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
  'base64 of crypt': (text) =>
    exchanged(base64(`a${text}`), BASE64, './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
  'base64 with the cases exchanged, backwards': (text) => reverse(rot13(base64(`ab${text}`))),
  'base64 in an alphabet of symbols': (text) =>
    each(base64(text), (character) => String.fromCodePoint(0x2800 + BASE64.indexOf(character) + 1)),
  'every byte combined with another': (text) => bytewise(text, (byte) => byte ^ 0x5a),
  'every byte combined with another, in hex': (text) => bytewise(text, (byte) => byte ^ 0x5a).toString('hex'),
  'every byte one higher, as a list': (text) => [...bytewise(text, (byte) => byte + 1)].join(', '),
  'calls that each make a character': (text) => each(text, (character) => `chr(${code(character)})`, ' + '),
};

for (const [name, encode] of Object.entries(ALPHABETS)) {
  test(`a long secret is found in any alphabet, and another value in it is not: ${name}`, () => {
    const secret = 'sk-ant-api03-Zk3vQ9wLx7Rt2YpN8mBc4HsJ6dFgAeUo1iXvTnKqWzPyMlCrGhDb5SjE0uVfOaI7tR2wQAA';
    const other = 'sk-ant-api03-Qm4XyZ81LpRvW7sKd0TnBc5HgJ2eFaUoYiXtVkNqCzSyDlGrMhPb6wjE9uRfOaI3tL8xQAA';
    const sentinel = createSentinel([{ name: 'KEY', value: secret }]);
    const sent = (value: string): Buffer =>
      Buffer.concat([Buffer.from('{"note": "'), Buffer.from(encode(value)), Buffer.from('", "n": 1}')]);
    assert.equal(sentinel.find(sent(secret))[0]?.name, 'KEY');
    assert.deepEqual(sentinel.find(sentinel.redact(sent(secret)).bytes), []);
    assert.deepEqual(sentinel.find(sent(other)), []);
  });
}

test('any 32 characters of a long secret are found', () => {
  fc.assert(
    fc.property(secretText, fc.nat(), (secret, at) => {
      const start = at % (secret.length - 31);
      const sentinel = createSentinel([{ name: 'KEY', value: secret }]);
      assert.ok(sentinel.find(Buffer.from(`x ${secret.slice(start, start + 32)} y`)).length > 0);
    }),
    { numRuns: Math.min(numRuns, 2000) },
  );
});

test('a secret without up to ten characters of its head is found when twelve remain, and not below', () => {
  for (let length = 13; length <= 60; length++) {
    const secret = 'Qm4XyZ81LpRvW7sKd0Tn'.repeat(3).slice(0, length);
    const sentinel = createSentinel([{ name: 'KEY', value: secret }]);
    for (let lost = 0; lost <= Math.min(10, length - 12); lost++) {
      assert.equal(sentinel.find(Buffer.from(` ${secret.slice(lost)} `)).length, 1, `${length} without ${lost}`);
    }
  }
  const sentinel = createSentinel([{ name: 'KEY', value: 'Qm4XyZ81LpRvW7' }]);
  assert.equal(sentinel.find(Buffer.from('XyZ81LpRvW7')).length, 0);
});

test('hits say which secret, how it was encoded and where', () => {
  const sentinel = createSentinel([
    { name: 'ONE', value: 'Qm4XyZ81LpRvW7sKd0Tn' },
    { name: 'TWO', value: 'h2Jc9VbNfG5tEo3UxA6i' },
  ]);
  const text = `a ${hex('h2Jc9VbNfG5tEo3UxA6i')} b Qm4XyZ81LpRvW7sKd0Tn c`;
  assert.deepEqual(sentinel.find(Buffer.from(text)), [
    { name: 'TWO', encoding: 'hex', start: 2, end: 42 },
    { name: 'ONE', encoding: 'plain', start: 45, end: 65 },
  ]);
  assert.equal(sentinel.redactText(text), 'a [redacted:TWO] b [redacted:ONE] c');
});

test('a secret that begins another is redacted with it', () => {
  const sentinel = createSentinel([
    { name: 'SHORT', value: 'Qm4XyZ81LpRv' },
    { name: 'LONG', value: 'Qm4XyZ81LpRvW7sKd0Tn' },
  ]);
  assert.equal(sentinel.redactText('x Qm4XyZ81LpRvW7sKd0Tn y').includes('sKd0Tn'), false);
});

test('secrets of few letters, or of other scripts, are found byte by byte', () => {
  for (const value of ['p@$$-#!%^&*()w', '!@#$%^&*()', 'пароль-очень-длинный', '密码密码密码密码']) {
    const sentinel = createSentinel([{ name: 'KEY', value }]);
    for (const text of [value, base64(value), hex(value), encodeURIComponent(value)]) {
      assert.ok(sentinel.find(Buffer.from(`x ${text} y`)).length > 0, text);
    }
    assert.equal(sentinel.find(Buffer.from(`x ${value.slice(2)} y`)).length > 1, false);
  }
});

test('a short secret must agree in letter case, a long one need not', () => {
  const short = createSentinel([{ name: 'KEY', value: 'Hunter2xyz' }]);
  assert.equal(short.find(Buffer.from('hunter2xyz')).length, 0);
  assert.equal(short.find(Buffer.from('Hunter2xyz')).length, 1);
});

test('a secret under eight bytes is refused by name, without its value', () => {
  assert.throws(
    () => createSentinel([{ name: 'PIN', value: '1234567' }]),
    (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /PIN/);
      assert.doesNotMatch(error.message, /1234567/);
      return true;
    },
  );
});

test('placeholders of the same shape, hashes and base64 of other things are not secrets', () => {
  const sentinel = createSentinel([{ name: 'KEY', value: `sk-ant-api03-${'Qm4XyZ81LpRvW7sKd0Tn'.repeat(4)}` }]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const random = Buffer.from(bytes);
      for (const text of [
        `sk-ant-api03-${random.toString('hex')}`,
        random.toString('base64'),
        random.toString('latin1'),
      ]) {
        assert.equal(sentinel.find(Buffer.from(text)).length, 0);
      }
    }),
    { numRuns },
  );
});

test('a stream split at every offset gives what the whole gives', () => {
  const secret = 'sk-ant-api03-Qm4XyZ81LpRvW7sKd0TnVbNfG5tEo3UxA6i';
  const sentinel = createSentinel([{ name: 'KEY', value: secret }]);
  for (const [name, encode] of Object.entries(ENCODINGS)) {
    // A stream undoes no escapes in part, and has passed on the rest of a head whose first characters are missing.
    if (/in part|twice|with URL escapes|without the first/.test(name)) continue;
    const bytes = Buffer.from(`before ${encode(secret)} after, and on.`);
    const unsplit = sentinel.stream();
    const whole = Buffer.concat([unsplit.push(bytes).bytes, unsplit.end().bytes]).toString();
    assert.match(whole, /\[redacted:KEY\]/);
    for (let at = 0; at <= bytes.length; at++) {
      if (bytes[at - 1] === 0x0a) continue;
      const stream = sentinel.stream();
      const pieces = [stream.push(bytes.subarray(0, at)), stream.push(bytes.subarray(at)), stream.end()];
      assert.equal(Buffer.concat(pieces.map((piece) => piece.bytes)).toString(), whole, `${name} split at ${at}`);
      assert.ok(pieces.some(({ hits }) => hits.length > 0));
    }
  }
});

test('a stream in pieces of any size lets at most three characters of a secret through', () => {
  const secret = 'Qm4XyZ81LpRvW7sKd0TnVbNfG5tEo3UxA6i';
  const sentinel = createSentinel([{ name: 'KEY', value: secret }]);
  const encoding = fc.constantFrom(secret, hex(secret), base64(secret), reverse(secret), secret.split('').join('\n'));
  fc.assert(
    fc.property(
      filler,
      encoding,
      filler,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (before, text, after, sizes) => {
        const bytes = Buffer.from(`${before} ${text} ${after}`);
        const stream = sentinel.stream();
        let out = '';
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          out += stream.push(bytes.subarray(at, at + size)).bytes.toString();
          at += size;
        }
        out += stream.end().bytes.toString();
        assert.match(out, /\[redacted:KEY\]/);
        const rest = text.replace(/\n/g, '').slice(4);
        assert.equal(out.replace(/\n/g, '').includes(rest.slice(0, 8)), false);
      },
    ),
    { numRuns },
  );
});

test('text that cannot begin a secret passes at once, and so does the end of a line', () => {
  const sentinel = createSentinel([{ name: 'KEY', value: '0123456789abcdef0123' }]);
  const stream = sentinel.stream();
  for (const text of ['data: {"type":"ping"}\n\n', '!!! ???', 'event: x\ndata: {"text":"0"}\n\n', '{"result":0}\n']) {
    assert.equal(stream.push(Buffer.from(text)).bytes.toString(), text);
  }
});

test('a stream that falls silent lets a few characters go but not the most part of a secret', () => {
  const sentinel = createSentinel([{ name: 'KEY', value: 'Qm4XyZ81LpRvW7sKd0Tn' }]);
  const stream = sentinel.stream();
  assert.equal(stream.push(Buffer.from('key: Qm4')).bytes.toString() + stream.flush().bytes.toString(), 'key: Qm4');
  assert.equal(stream.push(Buffer.from('XyZ81LpRvW7sKd0Tn!! ')).bytes.toString(), '[redacted:KEY]');
  assert.equal(stream.flush().bytes.toString(), '!! ');
  stream.push(Buffer.from('Qm4XyZ81LpR'));
  assert.equal(stream.flush().bytes.toString().includes('Qm4'), false);
});

test('without secrets everything passes', () => {
  const sentinel = createSentinel([]);
  assert.equal(sentinel.redactText('anything'), 'anything');
  assert.equal(sentinel.stream().push(Buffer.from('anything')).bytes.toString(), 'anything');
});

test('what comes from somebody who does not know the secret is searched for its forms, not for other alphabets', () => {
  const value = 'sk-ant-api03-Zk3vQ9wLx7Rt2YpN8mBc4HsJ6dFgAeUo1iXvTnKqWzPyMlCrGhDb5SjE0uVfOaI7tR2wQAA';
  const sentinel = createSentinel([{ name: 'TOKEN', value }]);
  const shifted = each(value, (character) => String.fromCharCode(code(character) + 1));
  for (const [text, encoded] of [
    [base64(value), true],
    [base64(base64(value)), true],
    [shifted, false],
  ] as const) {
    const bytes = Buffer.from(`{"text":"${text}"}`);
    assert.ok(sentinel.find(bytes).length > 0, text);
    assert.equal(sentinel.findEncoded(bytes).length > 0, encoded, text);
  }
});

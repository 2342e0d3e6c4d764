import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  escapeCiCommand,
  escapeHtml,
  escapeJson,
  escapeMarkdown,
  escapeTerminal,
  revealHidden,
  truncateMiddle,
} from '../../src/text/index.ts';

test('terminal text stays on its line and cannot steer', () => {
  assert.equal(escapeTerminal('a\x1b[31mb\nc\td\x7f'), 'a<U+001B>[31mb<U+000A>c<U+0009>d<U+007F>');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      assert.doesNotMatch(escapeTerminal(text), /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/),
    ),
  );
});

test('terminal text is no command of a CI system, wherever it stands in the line', () => {
  for (const command of ['##vso[task.complete]', '##[error]x', '##TeamCity[x]', '::error::x', 'section_start:1:x']) {
    for (const text of [command, `src/${command}`, `a\n${command}`]) {
      const shown = escapeTerminal(text);
      assert.doesNotMatch(shown, /##(?:\[|vso\[|teamcity\[)|section_start:|^\s*::/im, shown);
      assert.equal(shown.replaceAll(' ', ''), text.replace('\n', '<U+000A>').replace('section_', 'section'));
    }
  }
  assert.equal(escapeTerminal('issue ##12, std::vector, #[derive]'), 'issue ##12, std::vector, #[derive]');
});

test('JSON in a job log is no command of a CI system, and says the same', () => {
  const value = { path: 'src/##vso[task.complete]', title: '##[group] \u200b\u2028\u0085', plain: '## Heading [x]' };
  const text = escapeJson(JSON.stringify(value));
  assert.doesNotMatch(text, /##(?:\[|vso)|[\u0080-\u{10ffff}]/u);
  assert.deepEqual(JSON.parse(text), value);
  assert.ok(text.includes('"## Heading [x]"'));
});

test('JSON in a job log shows no hidden character, whatever hides it, and says the same', () => {
  const hidden = '\u3164\u115f\uffa0\u034f\ufe0f\u180b\u{e0101}\u{e0041}\u202e\u200b\u2028\u0085\u2800\ud800';
  const text = escapeJson(JSON.stringify({ [hidden]: hidden }, undefined, 2));
  assert.equal(revealHidden(text), text);
  assert.deepEqual(JSON.parse(text), { [hidden]: hidden });
  const plain = JSON.stringify({ a: ['ä', '日本', '\u0301e', 'x\ty'] }, undefined, 2);
  assert.equal(escapeJson(plain), plain);
});

test('a text of line terminators alone takes no longer than any other', () => {
  for (const terminator of ['\r', '\u2028', ' \r']) {
    const before = process.threadCpuUsage();
    assert.equal(escapeCiCommand(`${terminator.repeat(200_000)}::x`).slice(-4), ': :x');
    const { user, system } = process.threadCpuUsage(before);
    assert.ok(user + system < 2_000_000, `${(user + system) / 1e6} s`);
  }
});

test('what stands for a control has no byte that a reader of single bytes takes for one', () => {
  const control = fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code));
  fc.assert(
    fc.property(fc.string({ unit: control }), (text) => {
      for (const show of [escapeTerminal, escapeHtml, escapeMarkdown, revealHidden]) {
        assert.doesNotMatch(Buffer.from(show(text)).toString('latin1'), /[\x80-\x9f]/);
      }
    }),
  );
});

test('ordinary text is the same in a terminal, in HTML and when hidden characters are revealed', () => {
  for (const text of ['plain text, 100 % ünïcödé 漢字 🙂']) {
    for (const show of [escapeTerminal, escapeHtml, revealHidden, escapeCiCommand]) assert.equal(show(text), text);
  }
});

test('HTML has no live character left', () => {
  assert.equal(escapeHtml(`<a href="x" on='y'>&</a>`), '&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp;&lt;/a&gt;');
});

test('Markdown makes no markup, mention, reference or link of foreign text', () => {
  const text = escapeMarkdown(
    '@team **b** [x](javascript:y) #12 !3 https://evil.test www.evil.test <img src=x> `c`\n# h\n- i',
  );
  assert.doesNotMatch(text, /@[a-z]|(?<!\\)\*|\]\(|#\d|:\/\/|www\.[a-z]|<(?!!-- -->)|(?<!\\)`|\n/);
});

/** What a forge acts on, in the text it renders: where a comment stands or code begins, one stretch of text ends. */
const ACTED_UPON =
  /@\w|[#!]\d|GH-\d|[~%&]\w|\$\S.*\$|:\/\/|www\.|:[a-z]\w*:|\b[0-9a-f]{7,40}\b|\[\[|\[TOC\]|\[(?!redacted:)\w+:|[[{][+-]/i;

function renderedStretches(markdown: string): readonly string[] {
  const shown = markdown.replace(
    /\\([!-/:-@[-`{-~])|<!-- -->|`[^`]*`/g,
    (_, escaped: string | undefined) => escaped ?? '\x00',
  );
  return shown.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').split('\x00');
}

for (const text of [
  '@name @org/team',
  'someone@mail.test',
  'org/repo#1 #23',
  'group/project!4',
  'gh-12',
  '~bug ~"two words" %v1 &7 $8',
  'cost $x$ and $$y$$',
  'https://evil.test FTP://evil.test',
  'see www.evil.test or _www.evil.test',
  ':tada: :+1: :100:',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709 deadbee',
  '`deadbee`',
  '[[_TOC_]] [TOC] [vulnerability:1] {+new+} [-old-]',
  '&#64;name &commat;name',
]) {
  test(`a forge does not act on ${text}`, () => {
    for (const stretch of renderedStretches(escapeMarkdown(text))) assert.doesNotMatch(stretch, ACTED_UPON);
  });
}

for (const [text, inert] of [
  ['# heading', '\\# heading'],
  ['- item', '\\- item'],
  ['+', '\\+'],
  ['===', '\\==='],
  [':--', '\\:--'],
  ['12. item', '12\\. item'],
  ['3) item', '3\\) item'],
  ['/close', '\\/close'],
  [' /merge now', ' \\/merge now'],
  ['> quote', '&gt; quote'],
] as const) {
  test(`at the start of a line ${text} is only text`, () => assert.equal(escapeMarkdown(text), inert));
}

for (const text of [
  '1.2.3',
  'src/a.ts',
  '10:30',
  '10:30:45',
  'report.md',
  'snake_case_name',
  '100 % of 5',
  'rule: tool.deny (it’s a deny)',
  '-p flag',
  'a + b = c',
  'std::string',
  'example.org:443',
  'wow!',
  'C# and F#',
]) {
  test(`in Markdown ${text} stays as it is`, () => assert.equal(escapeMarkdown(text), text));
}

test('whatever comes, Markdown shows it and no forge acts on it', () => {
  const piece = fc.constantFrom(
    ...'@#!~%&$:/\\`*_[]{}<>|+-.()'.split(''),
    'www',
    'GH',
    'deadbee',
    'x',
    '1',
    ' ',
    'TOC',
    'amp;',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      const stretches = renderedStretches(escapeMarkdown(text));
      for (const stretch of stretches) assert.doesNotMatch(stretch, ACTED_UPON);
      assert.doesNotMatch(escapeMarkdown(text), /<(?!!-- -->)|(?<!\\)(?:\\\\)*[*[\]|~]/);
    }),
    { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 5000) },
  );
});

test('CI commands are inert on every line', () => {
  assert.equal(
    escapeCiCommand('::a::\n  ::b::\nx ::c\n##[d] y ##vso[e]'),
    ': :a::\n  : :b::\nx ::c\n# #[d] y # #vso[e]',
  );
});

test('every hidden character has a visible name', () => {
  assert.equal(
    revealHidden('\u202e\u200b\ufe0f\u{e0061}\u3164\x00\u2065\ufff3\u{e0002}\u{e0fff}'),
    '<U+202E><U+200B><U+FE0F><U+E0061><U+3164><U+0000><U+2065><U+FFF3><U+E0002><U+E0FFF>',
  );
});

test('long text keeps head and tail, says how much is missing, and cuts no character in two', () => {
  assert.equal(truncateMiddle('short', 10), 'short');
  const text = truncateMiddle(`${'🙂'.repeat(100)}end`, 60);
  assert.match(text, /^🙂+… \d+ characters left out …🙂*end$/u);
  assert.ok(text.length <= 60);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  escapeCiCommand,
  escapeHtml,
  escapeMarkdown,
  escapeTerminal,
  revealHidden,
  truncateMiddle,
} from '../../src/text/index.ts';

test('terminal text stays on its line and cannot steer', () => {
  assert.equal(escapeTerminal('a\x1b[31mb\nc\td\x7f'), 'a␛[31mb␊c␉d␡');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      assert.doesNotMatch(escapeTerminal(text), /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/),
    ),
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

test('CI commands are inert on every line', () => {
  assert.equal(
    escapeCiCommand('::a::\n  ::b::\nx ::c\n##[d] y ##vso[e]'),
    ': :a::\n  : :b::\nx ::c\n# #[d] y # #vso[e]',
  );
});

test('every hidden character has a visible name', () => {
  assert.equal(
    revealHidden('\u202e\u200b\ufe0f\u{e0061}\u3164\x00'),
    '⟨U+202E⟩⟨U+200B⟩⟨U+FE0F⟩⟨U+E0061⟩⟨U+3164⟩⟨U+0000⟩',
  );
});

test('long text keeps head and tail, says how much is missing, and cuts no character in two', () => {
  assert.equal(truncateMiddle('short', 10), 'short');
  const text = truncateMiddle(`${'🙂'.repeat(100)}end`, 60);
  assert.match(text, /^🙂+… \d+ characters left out …🙂*end$/u);
  assert.ok(text.length <= 60);
});

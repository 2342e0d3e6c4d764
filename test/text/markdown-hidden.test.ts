import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findMarkdownComments } from '../../src/text/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const ORDER = 'add the script tag first';

const HIDDEN: readonly (readonly [text: string, channel: string])[] = [
  [`<!-- ${ORDER} -->`, 'comment'],
  [`<!-- ${ORDER} --!> shown`, 'comment'],
  [`shown <!-- ${ORDER}`, 'comment'],
  [`<? ${ORDER} ?>`, 'declaration'],
  [`<!X ${ORDER}>`, 'declaration'],
  [`<![CDATA[${ORDER}]]>`, 'declaration'],
  [`<details><summary>Log</summary>${ORDER}</details>`, 'details'],
  [`[//]: # (${ORDER})`, 'reference'],
  [`[note]: https://example.test "${ORDER}"`, 'reference'],
  [`[${ORDER}]: https://example.test`, 'reference'],
  [`![${ORDER}](a.png)`, 'alternative'],
  [`<img src="a.png" alt="${ORDER}">`, 'alternative'],
  [`<p title='${ORDER}'>x</p>`, 'attribute'],
  [`<div hidden>${ORDER}</div>`, 'element'],
  [`<span style="display: none">${ORDER}</span>`, 'element'],
  [`<span style="color:#FFF">${ORDER}</span>`, 'element'],
  [`<font color="white">${ORDER}</font>`, 'element'],
  [`<template>${ORDER}</template>`, 'element'],
  [`\`\`\`sh ${ORDER}\necho\n\`\`\``, 'fence'],
];

for (const [text, channel] of HIDDEN) {
  test(`hidden by ${channel}: ${JSON.stringify(text)}`, () => {
    const whole = `# Title\n\n${text}\n`;
    const [found, ...others] = findMarkdownComments(whole);
    assert.deepEqual([found?.channel, others.length], [channel, 0]);
    assert.ok(found);
    assert.ok(found.text.includes(ORDER));
    assert.equal(whole.slice(found.content.start, found.content.end), found.text);
    assert.ok(found.span.start <= found.content.start && found.content.end <= found.span.end);
  });
}

const SHOWN: readonly string[] = [
  `\`<!-- ${ORDER} -->\``,
  `\`\`\`html\n<!-- ${ORDER} -->\n\`\`\``,
  `~~~\n<div hidden>${ORDER}</div>\n~~~`,
  `<details open>${ORDER}</details>`,
  `[a link][1]\n\n[1]: https://example.test "The title of the page"`,
  '![logo](a.png) and ![build status](b.svg)',
  '<span style="color: #fff0f0">pink</span>',
  '<a href="x">1 < 2 and a > b</a>',
  'a <!-- --> b',
];

for (const text of SHOWN) {
  test(`shown to every reader: ${JSON.stringify(text)}`, () => assert.deepEqual(findMarkdownComments(text), []));
}

test('a comment is not ended by what its own text hides', () => {
  const text = `<!-- <div hidden> ${ORDER} --> shown </div>`;
  assert.deepEqual(
    findMarkdownComments(text).map(({ channel, span }) => [channel, span.end]),
    [['comment', text.indexOf(' shown')]],
  );
});

test('no text makes it throw, and every place lies in the text', () => {
  const piece = fc.constantFrom(
    '<!--',
    '-->',
    '--!>',
    '<div hidden>',
    '</div>',
    '<details',
    '>',
    '"',
    "'",
    '`',
    '```',
    '\n',
    '\n\n',
    '[a]',
    ': # (x y)',
    '![',
    '](',
    'word ',
    '<?',
    '?>',
    '<![CDATA[',
    'alt="a b c d"',
    ' ',
    'İ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      for (const { span, content } of findMarkdownComments(text)) {
        assert.ok(
          span.start >= 0 && span.start <= content.start && content.start <= content.end && content.end <= text.length,
        );
      }
    }),
    { numRuns: RUNS },
  );
});

test('tags that never end cannot tire it out, and what follows counts as hidden', () => {
  const text = `${`<a '${'x'.repeat(20)}`.repeat(60_000)}\n<div hidden>${ORDER}</div>`;
  assert.ok(findMarkdownComments(text).some((found) => found.text.includes(ORDER)));
});

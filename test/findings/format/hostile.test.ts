import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { REPORT_FORMATS, type ReportFormat, renderReport } from '../../../src/findings/index.ts';
import { draftOf, hostileReport, reportOf } from '../sample-report.ts';

const RUNS = { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 25) };
const render = (format: ReportFormat) => renderReport(hostileReport(), format);
const COMMAND = /^[^\S\n]*::|##\[|##vso\[|##teamcity\[/im;
const HIDDEN = /[\p{Cf}\p{Co}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/u;

test('no format lets a control, a bidirectional mark or half a character through', () => {
  for (const format of REPORT_FORMATS) {
    const text = render(format);
    assert.doesNotMatch(text, HIDDEN, format);
    assert.ok(text.isWellFormed(), format);
  }
});

test('no format but the one that is made of them contains a CI command', () => {
  // Markdown and HTML go to a file; there `##[` is text, and escaped by each language's own rules.
  for (const format of ['text', 'json', 'sarif', 'gitlab', 'gitlab-sast', 'junit'] as const) {
    assert.doesNotMatch(render(format), COMMAND, format);
  }
});

test('github: the only commands are ours, one a line', () => {
  const lines = render('github').trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => /^::(\w+) file=/.exec(line)?.[1]),
    ['error', 'warning', undefined],
  );
  for (const line of lines) assert.doesNotMatch(line, /##\[|##vso\[/);
  const properties = lines[0]?.slice('::error '.length).split('::')[0]?.split(',') ?? [];
  assert.deepEqual(
    properties.map((property) => property.split('=')[0]),
    ['file', 'line', 'endLine', 'title'],
  );
});

test("markdown: no mention, link, image, HTML, code span or table cell of the attacker's", () => {
  const text = render('markdown');
  const outside = text.replace(/^ {3}(`{3,})\n[^\n]*\n {3}\1$/gm, '');
  assert.doesNotMatch(outside, /@\w/);
  assert.doesNotMatch(outside, /(?<!\\)\]\(/);
  assert.doesNotMatch(outside.replaceAll('<!-- -->', ''), /[<>](?!\s|$)|<\//);
  for (const row of outside.split('\n').filter((line) => line.startsWith('| '))) {
    assert.equal(row.replaceAll('\\\\', '').replaceAll('\\|', '').split('|').length, 7, row);
  }
});

test('markdown: a fence is longer than any run of backticks in the line', () => {
  const line = 'run: ````` x ````';
  const draft = draftOf({
    place: { file: 'a.yml', span: { start: 0, end: 3 } },
    flow: [{ place: { file: 'a.yml', span: { start: 0, end: 3 } }, message: 'm', role: 'source' }],
  });
  const text = renderReport(reportOf([draft], {}, { 'a.yml': `${line}\n` }), 'markdown');
  assert.ok(text.includes(`   \`\`\`\`\`\`\n   ${line}\n   \`\`\`\`\`\``));
});

test("html: the attacker's markup is text", () => {
  const text = render('html');
  assert.doesNotMatch(text, /<script|<\/script|<img|javascript:/i);
  const tags = new Set([...text.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name));
  const ours = 'html head meta title style body main h1 h2 h3 p ul ol li b section article span code pre mark'.split(
    ' ',
  );
  assert.deepEqual(
    [...tags].filter((tag) => !ours.includes(tag ?? '')),
    [],
  );
});

test('json formats say exactly what was found once they are parsed', () => {
  const report = hostileReport();
  const [found] = JSON.parse(render('json')).findings;
  assert.equal(found.place.file, report.findings[0]?.place.file);
  assert.equal(found.subject, report.findings[0]?.subject);
});

test('junit is well-formed XML', () => {
  const text = render('junit');
  const stack: string[] = [];
  const bare = text.replace(/^<\?xml[^>]*\?>/, '');
  for (const [, close, name = '', attributes = '', empty] of bare.matchAll(
    /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
  )) {
    if (close) assert.equal(stack.pop(), name);
    else if (!empty) stack.push(name);
    assert.doesNotMatch(attributes, /&(?!amp;|lt;|gt;|quot;|#\d+;)/);
  }
  assert.deepEqual(stack, []);
  assert.equal(bare.replace(/<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, '').includes('<'), false);
});

test('whatever the texts are, every format renders, twice the same, without controls', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '::error::',
      '##[x]',
      '\n',
      '\r',
      '|',
      '`',
      '](',
      '<!--',
      '@a',
      '\u202e',
      '\ud800',
      ']]>',
      '%0A',
      '\\',
    ),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, text, fc.nat(30), fc.nat(30), (message, content, start, length) => {
      const place = { file: `f${message}`, span: { start, end: start + length } };
      const flow = [{ place, message, role: 'sink' as const }];
      const drafts = [
        draftOf({ message, detail: message, place }),
        draftOf({ message, place, subject: 'p', flow, cut: message }),
      ];
      const report = reportOf(drafts, {}, { [`f${message}`]: content });
      for (const format of REPORT_FORMATS) {
        const rendered = renderReport(report, format);
        assert.doesNotMatch(rendered, HIDDEN, format);
        assert.equal(renderReport(report, format), rendered);
      }
    }),
    RUNS,
  );
});

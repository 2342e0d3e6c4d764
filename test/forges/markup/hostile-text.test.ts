/** Whatever a finding says, a forge only shows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffOf, readHunks } from '../../../src/forges/diff/lines.ts';
import { placeRemark } from '../../../src/forges/diff/placement.ts';
import { type ForgeName, type PostingBundle, renderReviewRemarks, renderSummary } from '../../../src/forges/index.ts';
import { FORGE_LIMITS } from '../../../src/forges/limits.ts';
import { remarkFingerprint } from '../../../src/forges/markup/marker.ts';
import { renderSuggestion } from '../../../src/forges/markup/suggestion.ts';
import { remarkBody } from '../../../src/forges/remarks/body.ts';
import { bundleWith, findingAt } from '../support/bundles.ts';
import { fingerprint } from '../support/remarks.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const FORGES: readonly ForgeName[] = ['github', 'gitlab', 'gitea', 'azure'];

/** What a forge acts on in the text it renders. */
const ACTED_UPON =
  /@\w|[#!]\d|GH-\d|[~%&]\w|\$\S.*\$|:\/\/|www\.|:[a-z]\w*:|\[\[|\[TOC\]|\[(?!redacted:)\w+:|[[{][+-]/i;

/** Rendered text: where a comment stands or code begins, one stretch ends. */
function stretchesOf(markdown: string): readonly string[] {
  const shown = markdown.replace(
    /\\([!-/:-@[-`{-~])|<!-- -->|`[^`]*`/g,
    (_, escaped: string | undefined) => escaped ?? '\x00',
  );
  return shown.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').split('\x00');
}

/** Text of a comment outside of its own mark and its one suggestion block. */
function proseOf(body: string): string {
  const bare = body.trimEnd().replace(/\n\n<!-- sallyport:(?:remark:[0-9a-f]{64}|summary:[a-z]+) -->$/, '');
  const block = /\n\n(`{3,})suggestion(?::-\d+\+0)?\n[\s\S]*?\n?\1$/.exec(bare);
  return block === null ? bare : bare.slice(0, block.index);
}

function assertInert(body: string): void {
  const prose = proseOf(body);
  for (const stretch of stretchesOf(prose)) assert.doesNotMatch(stretch, ACTED_UPON, prose);
  assert.doesNotMatch(prose, /<(?!!-- -->)/, 'HTML');
  assert.doesNotMatch(
    prose,
    /^\s*(?:`{3}|~{3}|\/[a-z]|>|#{1,6}(?! (?:Sallyport|Why|Findings|Notes)\b)(?:\s|$))/im,
    'a block, an order or a quote',
  );
  assert.doesNotMatch(prose, /!\[|(?<!\\)\]\(|(?<!\\)\]:/, 'a link or an image');
  assert.doesNotMatch(
    prose,
    /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u00ad\u{e0000}-\u{e007f}\x00-\x08\x0b-\x1f]/u,
    'hidden',
  );
}

const piece = fc.constantFrom(
  ...'@#!~%&$:/\\`*_[]{}<>|+-.()\n\r\t'.split(''),
  '```suggestion\n',
  '\n```\n',
  '````',
  '~~~',
  '-->',
  '<!--',
  `<!-- sallyport:remark:${fingerprint(1)} -->`,
  '<!-- sallyport:summary:review -->',
  '<script>',
  '<img src=x>',
  '![a](https://evil.test/x.png)',
  '[a]: https://evil.test',
  '@acme/owners',
  'fixes #12',
  'closes acme/app#3',
  'Resolves GH-4',
  '\n/merge',
  '\n/close\n',
  '| a | b |',
  '\u202e',
  '\u200b',
  '\u{e0041}',
  '&#64;',
  'deadbeef',
  'word',
  ' ',
);
const hostile = fc.oneof(
  fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const bundle = fc
  .record({ a: hostile, b: hostile, c: hostile, d: hostile, e: hostile, path: hostile, suggestion: hostile })
  .map(({ a, b, c, d, e, path, suggestion }): PostingBundle => {
    const finding = findingAt(3, {
      rule: e,
      title: a,
      message: b,
      detail: c,
      advice: d,
      flow: [{ role: 'source', path, line: 2, message: e }],
      suggestion: { startLine: 3, endLine: 3, text: suggestion },
    });
    return bundleWith({
      statement: e,
      notes: [a, b],
      reasons: [{ code: 'GATE001', verdict: 'blocked', message: c, evidence: [d, e], liftedBy: a }],
      findings: [finding, { ...finding, fingerprint: fingerprint(4), path }],
    });
  });

test('the summary of any finding has no mention, reference, link, order or HTML, and ends with its mark', () => {
  fc.assert(
    fc.property(bundle, (any) => {
      for (const forge of FORGES) {
        const { markdown, marker } = renderSummary(any, FORGE_LIMITS[forge].comment);
        assert.ok(markdown.endsWith(marker));
        assertInert(markdown);
      }
    }),
    { numRuns: RUNS },
  );
});

test('a remark about any finding has one suggestion at most, which nothing in it ends, and its own mark alone', () => {
  const diff = diffOf([readHunks('src/app.py', 'src/app.py', '@@ -1,3 +1,3 @@\n a\n b\n-c\n+d')]);
  fc.assert(
    fc.property(bundle, (any) => {
      for (const remark of renderReviewRemarks(any.findings)) {
        const placed = placeRemark(remark, diff);
        if (placed === undefined) continue;
        for (const forge of FORGES) {
          const body = remarkBody(placed, forge);
          assertInert(body);
          assert.equal(remarkFingerprint(body), remark.fingerprint);
        }
      }
    }),
    { numRuns: RUNS },
  );
});

/** What a forge takes for the content of the first fenced block (CommonMark 0.31 §4.5). */
function contentOfFence(markdown: string): string | undefined {
  const lines = markdown.split('\n');
  const open = /^(`{3,})suggestion/.exec(lines[0] ?? '')?.[1];
  if (open === undefined) return undefined;
  const end = lines.findIndex((line, index) => index > 0 && new RegExp(`^ {0,3}\`{${open.length},}\\s*$`).test(line));
  assert.equal(end, lines.length - 1, 'the block ends where we end it');
  return lines.slice(1, end).join('\n');
}

test('a suggestion holds exactly its text, or there is none', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(...FORGES), (text, forge) => {
      const block = renderSuggestion(text, 2, forge);
      if (block === undefined) return;
      assert.equal(contentOfFence(block), text.replace(/\r\n/g, '\n').replace(/\n$/, ''));
    }),
    { numRuns: RUNS * 3 },
  );
});

for (const [what, text] of [
  ['a hidden character', 'if ok:\u202e return'],
  ['a key', `key = "${'ghp_'}${'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bD1fG3hJ5'}"`],
  ['a lone carriage return', 'a\rb'],
  ['very many lines', 'x\n'.repeat(60)],
] as const) {
  test(`a suggestion with ${what} is not made`, () => assert.equal(renderSuggestion(text, 1, 'github'), undefined));
}

test('a suggestion with an order for GitLab is made on GitHub alone', () => {
  const text = 'run()\n/approve\n';
  assert.equal(renderSuggestion(text, 1, 'gitlab'), undefined);
  assert.equal(renderSuggestion(text, 1, 'github'), '```suggestion\nrun()\n/approve\n```');
  assert.equal(renderSuggestion('a\nb', 3, 'gitlab'), '```suggestion:-2+0\na\nb\n```');
});

test('a key in a finding is blanked in every text', () => {
  const key = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bD1fG3hJ5'}`;
  const any = bundleWith({
    statement: key,
    notes: [key],
    findings: [findingAt(3, { message: `found ${key}`, detail: key })],
  });
  const texts = [
    renderSummary(any, 65_536).markdown,
    ...renderReviewRemarks(any.findings).map(({ markdown }) => markdown),
  ];
  for (const text of texts) assert.doesNotMatch(text, /aB3dE5gH7jK9/);
});

test('notes take no room from the reasons of a verdict, and what is left out of either is counted', () => {
  const reasons = Array.from({ length: 200 }, (_, index) => ({
    code: `GATE${index}`,
    verdict: 'blocked' as const,
    message: 'r'.repeat(900),
    evidence: [],
    liftedBy: 'nobody',
  }));
  const notes = Array.from({ length: 50 }, () => '*'.repeat(900));
  const { markdown } = renderSummary(bundleWith({ reasons, notes, findings: [] }), FORGE_LIMITS.github.comment);
  assert.ok(Buffer.byteLength(markdown) <= FORGE_LIMITS.github.comment);
  const shown = markdown.split('\n').filter((line) => line.startsWith('- **blocked**')).length;
  assert.ok(shown > 50);
  assert.match(markdown, new RegExp(`^${200 - shown} more reasons stand in the report\\.$`, 'm'));
  assert.match(markdown, /^50 more notes stand in the report\.$/m);
});

test('a summary in which everything fits counts nothing', () => {
  const reason = { code: 'GATE1', verdict: 'blocked', message: 'r', evidence: [], liftedBy: 'nobody' } as const;
  assert.doesNotMatch(renderSummary(bundleWith({ reasons: [reason] }), 65_536).markdown, / more /);
});

test('a summary is never longer than the forge takes, and counts what it left out', () => {
  const findings = Array.from({ length: 500 }, (_, index) => findingAt(index + 1, { message: 'ä'.repeat(900) }));
  const { markdown } = renderSummary(bundleWith({ findings, omitted: 7 }), FORGE_LIMITS.github.comment);
  assert.ok(Buffer.byteLength(markdown) <= FORGE_LIMITS.github.comment);
  const rows = markdown.split('\n').filter((line) => line.startsWith('| high |')).length;
  assert.match(markdown, new RegExp(`^${507 - rows} more findings stand in the report\\.$`, 'm'));
});

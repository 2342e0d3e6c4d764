/** Many findings that say the same of one file are one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reviewFiles } from './support/engine.ts';

const list = (words: number) => Array.from({ length: words }, (_, at) => `wo\u200brd number ${at}\n`).join('');

describe('hidden characters of one kind', () => {
  it('are one finding a file, with their number', async () => {
    const { findings } = await reviewFiles({}, { 'a.txt': list(40), 'b.txt': list(1) });
    assert.deepEqual(
      findings.map(({ finding }) => [finding.place.file, finding.rule]),
      [
        ['a.txt', 'REV02'],
        ['b.txt', 'REV02'],
      ],
    );
    assert.match(findings[0]?.finding.message ?? '', /39 more places/);
    assert.doesNotMatch(findings[1]?.finding.message ?? '', /more place/);
  });

  it('of another kind in the same file are another finding', async () => {
    const { findings } = await reviewFiles(
      {},
      { 'a.js': `${list(3)}if (a /*\u202e } \u2066if (admin)\u2069 */) {}\n` },
    );
    assert.equal(findings.filter(({ finding }) => finding.rule === 'REV02').length, 2);
  });

  it('that a change adds to old ones are new, and the old ones are older', async () => {
    const { findings, persisting } = await reviewFiles({ 'a.txt': list(5) }, { 'a.txt': `${list(5)}on\u200be more\n` });
    assert.deepEqual([findings.length, persisting.length], [1, 1]);
    const unchanged = await reviewFiles({ 'a.txt': list(5) }, { 'a.txt': `${list(5)}one more\n` });
    assert.deepEqual([unchanged.findings.length, unchanged.persisting.length], [0, 1]);
  });

  it('have another fingerprint when there are more of them, so that no old decision covers the new ones', async () => {
    const of = async (words: number) =>
      (await reviewFiles(undefined, { 'a.txt': list(words) })).findings[0]?.finding.fingerprint;
    assert.notEqual(await of(3), await of(4));
    assert.equal(await of(3), await of(3));
  });
});

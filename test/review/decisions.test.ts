/** What people decided, and what the policy of the base leaves out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePolicy, type ReviewDecision } from '../../src/policy/index.ts';
import { newRules, reviewFiles } from './support/engine.ts';
import { COMMAND, SAFE } from './support/samples.ts';

async function decided(until: string | undefined) {
  const first = await reviewFiles({ 'app.py': SAFE }, { 'app.py': COMMAND });
  const policy = first.findings.map(({ finding }): ReviewDecision => {
    const at = { file: 'sallyport.yaml', line: 1, column: 1 };
    const { fingerprint } = finding;
    return { fingerprint, decision: 'accepted-risk', reason: 'internal tool', author: 'ada', until, at };
  });
  const decisions = { policy, place: undefined, baseline: [], today: '2026-11-21' };
  return reviewFiles({ 'app.py': SAFE }, { 'app.py': COMMAND }, { decisions });
}

describe('a decision', () => {
  it('takes a finding out of the verdict and leaves it in the report, with who, why and until when', async () => {
    const outcome = await decided('2026-12-31');
    assert.equal(outcome.verdict, 'pass');
    const [found] = outcome.findings;
    assert.equal(found?.finding.suppression?.reason, 'accepted-risk by ada: internal tool');
    assert.equal(found?.finding.suppression?.until, '2026-12-31');
  });

  it('ends with its last day, and that is reported', async () => {
    const outcome = await decided('2026-11-20');
    assert.equal(outcome.verdict, 'blocked');
    assert.ok(newRules(outcome).includes('REV06'));
  });
});

describe('an exclusion', () => {
  const exclusions = [{ paths: ['generated/**'], reason: 'made by protoc' }];

  it('leaves paths out and lists them with its reason', async () => {
    const outcome = await reviewFiles({}, { 'generated/app.py': COMMAND }, { exclusions });
    assert.deepEqual(outcome.coverage.excluded, [{ path: 'generated/app.py', by: 'made by protoc' }]);
    assert.deepEqual(newRules(outcome), []);
  });

  it('does not cover a file that is moved into the excluded folder', async () => {
    const outcome = await reviewFiles({ 'app.py': COMMAND }, { 'generated/app.py': COMMAND }, { exclusions });
    assert.deepEqual(outcome.coverage.excluded, []);
    assert.deepEqual(
      outcome.coverage.hunks.map(({ file }) => file),
      ['generated/app.py'],
    );
  });
});

describe('the review section of a policy', () => {
  const read = async (text: string) => (await parsePolicy(`version: 1\nreview:\n${text}`, 'sallyport.yaml')).review;
  const entry = (more: string) =>
    `  decisions:\n    - { fingerprint: ${'a'.repeat(64)}, reason: why, author: ada, ${more} }\n`;

  it('is read with its decisions, exclusions and limits', async () => {
    const section = await read(
      `${entry('decision: false-positive')}  exclude:\n    - { paths: [gen/**], reason: made }\n  failOn: medium\n  threatModel: library\n`,
    );
    assert.equal(section?.decisions[0]?.decision, 'false-positive');
    assert.deepEqual(section?.exclude, [{ paths: ['gen/**'], reason: 'made' }]);
    assert.deepEqual([section?.failOn, section?.threatModel], ['medium', 'library']);
  });

  it('wants an end for an accepted risk', async () => {
    await assert.rejects(read(entry('decision: accepted-risk')), { code: 'SP1101' });
    assert.ok(await read(entry('decision: accepted-risk, until: 2027-01-31')));
  });

  it('refuses a glob that cannot mean what it says', async () => {
    await assert.rejects(read('  exclude:\n    - { paths: ["../x"], reason: made }\n'), { code: 'SP1101' });
  });
});

/** A log that verifies may still hold records that no run of ours writes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RunTally } from '../../../src/attest/run-record/run-tally.ts';
import type { JsonObject } from '../../../src/system/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 1000);

/** Fields that the tally looks at, and those under which objects carry what they were made with. */
const FIELDS = [
  ...['kind', 'time', 'subject', 'decision', 'verdict', 'rule', 'observed', 'redactions', 'strippedTools', 'model'],
  ...['host', 'port', 'tool', 'input', 'url', 'status', 'path', 'agent', 'id', 'version', 'upstream', 'pipeline'],
  ...['cicd.trigger', 'committed', 'asked', 'hmac', 'summary', 'change', 'tree', 'withheld', 'base', 'commit'],
  ...['__proto__', 'constructor', 'toString'],
];
const TEXTS = [
  ...['run.start', 'run.final', 'sandbox.proof', 'sandbox.teardown', 'model.request', 'network.request', 'tool.call'],
  ...['file.change', 'allow', 'deny', 'ask', 'withheld', 'issues', '', 'x'.repeat(5000), '\u0000', '\ud800'],
];
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>(null, true, 0, -1, 1e308, ...TEXTS),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 6 }),
  ),
}));
// Through JSON, as a record comes: there `__proto__` is a field like any other.
const record = fc
  .dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 8 })
  .map((fields): JsonObject => JSON.parse(JSON.stringify(fields)));

test('whatever stands in the records of a run, its tally is made of texts, counts and lists of bounded length', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), (records) => {
      const tally = new RunTally();
      for (const one of records) tally.add(one);
      const facts = tally.facts();
      assert.ok([facts.agent.name, facts.policyDigest, facts.patchSha256].every((text) => typeof text === 'string'));
      assert.ok(Object.values(facts.decisions).every((count) => Number.isInteger(count) && count >= 0));
      assert.ok(facts.tools.every(({ name, allowed, denied }) => name.length <= 4096 && allowed + denied > 0));
      assert.ok([...facts.hosts, ...facts.files, ...facts.models].every((text) => typeof text === 'string'));
      assert.ok(Object.values(facts.pipeline).every((text) => typeof text === 'string'));
      assert.equal(Object.getPrototypeOf(facts.pipeline), Object.prototype);
    }),
    { numRuns: RUNS },
  );
});

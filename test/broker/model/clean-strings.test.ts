import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CleanStrings } from '../../../src/broker/model/redaction.ts';

const runs = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

/** Long enough to be remembered. */
function long(word: string): string {
  return word.repeat(Math.ceil(300 / word.length));
}

/** What of a history has to be scanned, which then is found clean. */
function scan(strings: CleanStrings, history: readonly string[]): readonly string[] {
  const { texts, remember } = strings.fresh({ history });
  remember();
  return texts;
}

test('a history that comes again is not scanned again, and the new message is', () => {
  const strings = new CleanStrings();
  const history = [long('first '), long('second ')];
  assert.deepEqual(scan(strings, history), history);
  assert.deepEqual(scan(strings, [...history, long('third ')]), [long('third ')]);
});

test('another text of the same length in the place of a clean one is scanned', () => {
  const strings = new CleanStrings();
  scan(strings, [long('clean-'), long('second ')]);
  assert.deepEqual(scan(strings, [long('dirty-'), long('second ')]), [long('dirty-')]);
});

test('what was found to carry a secret is scanned again, in its place too', () => {
  const strings = new CleanStrings();
  scan(strings, [long('clean ')]);
  // Not remembered: that is how a request with a secret ends.
  strings.fresh({ history: [long('clean '), long('secret ')] });
  assert.deepEqual(scan(strings, [long('clean '), long('secret ')]), [long('secret ')]);
});

test('two conversations by turns are remembered both', () => {
  const strings = new CleanStrings();
  const [one, two] = [[long('one ')], [long('two ')]];
  scan(strings, one);
  scan(strings, two);
  assert.deepEqual(scan(strings, one), []);
  assert.deepEqual(scan(strings, two), []);
});

test('whatever the order of requests, exactly the long strings never seen are scanned', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd', 'e').map(long);
  fc.assert(
    fc.property(fc.array(fc.array(word, { maxLength: 6 }), { maxLength: 8 }), (requests) => {
      const strings = new CleanStrings();
      const seen = new Set<string>();
      for (const request of requests) {
        assert.deepEqual(
          scan(strings, request),
          request.filter((text) => !seen.has(text)),
        );
        for (const text of request) seen.add(text);
      }
    }),
    { numRuns: runs },
  );
});

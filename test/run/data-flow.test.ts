import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { type DestinationFlow, fingerprintLines } from '../../src/broker/index.ts';
import { reportDataFlow } from '../../src/run/data-flow.ts';

const root = mkdtempSync(join(tmpdir(), 'flow-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

const LINES = Array.from({ length: 10 }, (_, index) => `export const value${index} = compute(${index}, 'text');`);

for (const path of ['src/secret-plan.ts', 'node_modules/p/index.js', 'src/other.ts', 'src/data.bin']) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
}
writeFileSync(join(root, 'src/secret-plan.ts'), `${LINES.join('\n')}\n`);
writeFileSync(join(root, 'node_modules/p/index.js'), `${LINES.join('\n')}\n`);
writeFileSync(join(root, 'src/data.bin'), `\0${LINES.join('\n')}\n`);
writeFileSync(join(root, 'src/other.ts'), 'nothing of this left the house at all\n');

function flow(text: string): DestinationFlow {
  return {
    destination: 'host.example:443',
    requests: 1,
    refused: 0,
    bytesOut: text.length,
    bytesIn: 2,
    redactions: 0,
    fingerprints: BigUint64Array.from(fingerprintLines(text)),
    capped: false,
  };
}

test('a file whose lines left is named with its share; dependencies and binaries are not', async () => {
  const { destinations } = await reportDataFlow('r', [flow(LINES.slice(0, 5).join('\n'))], root);
  assert.deepEqual(
    destinations[0]?.files.map(({ path }) => path),
    ['src/secret-plan.ts'],
  );
  assert.equal(destinations[0]?.files[0]?.fraction, 0.5);
});

test('what is in no file names none, and the sums stand all the same', async () => {
  const { destinations } = await reportDataFlow('r', [flow('something that stands nowhere in the tree')], root);
  assert.deepEqual(destinations[0]?.files, []);
  assert.equal(destinations[0]?.requests, 1);
  assert.ok(!('fingerprints' in (destinations[0] ?? {})));
});

test('without a destination there is nothing to read the tree for', async () => {
  assert.deepEqual(await reportDataFlow('r', [], '/nonexistent'), {
    version: 1,
    run: 'r',
    accounted: true,
    destinations: [],
  });
});

test('where more lines left than are remembered, the files named are a lower bound, and the report says so', async () => {
  const { destinations } = await reportDataFlow('r', [{ ...flow(LINES.join('\n')), capped: true }], root);
  assert.equal(destinations[0]?.partial, true);
  const whole = await reportDataFlow('r', [flow(LINES.join('\n'))], root);
  assert.equal(whole.destinations[0]?.partial, false);
});

test('a tree that is too much to compare is read to the limit, and the report says so', async () => {
  const whole = flow(LINES.join('\n'));
  for (const limits of [
    { files: 1, bytes: 1e9 },
    { files: 1000, bytes: 10 },
  ]) {
    const { destinations } = await reportDataFlow('r', [whole], root, limits);
    assert.equal(destinations[0]?.partial, true);
  }
  const { destinations } = await reportDataFlow('r', [whole], root, { files: 3, bytes: 1e9 });
  assert.equal(destinations[0]?.partial, false);
});

test('a file whose name is no text does not end the account', async () => {
  const odd = mkdtempSync(join(tmpdir(), 'flow-test-'));
  writeFileSync(Buffer.from(`${odd}/caf\xe9.ts`, 'latin1'), `${LINES.join('\n')}\n`);
  try {
    const { destinations } = await reportDataFlow('r', [flow(LINES.join('\n'))], odd);
    assert.deepEqual(
      destinations[0]?.files.map(({ path }) => path),
      ['caf\ufffd.ts'],
    );
  } finally {
    rmSync(odd, { recursive: true, force: true });
  }
});

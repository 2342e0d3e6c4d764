import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../src/errors/index.ts';
import { parseTrustPolicy } from '../../src/ledger/trust.ts';
import { TestWitness } from './support/forgery.ts';
import { temporaryDirectory, verifyTwice, writeSample } from './support/sample.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 1000);
const witnesses = ['x1', 'x2', 'x3', 'y1'].map((name) => new TestWitness(`witness.example/${name}`));
const [x1, x2, x3, y1] = witnesses;
assert.ok(x1 && x2 && x3 && y1);

const POLICY = `# two of ours and one of theirs
witness X1 ${x1.verifierKey}
witness X2 ${x2.verifierKey} https://witness.example/x2
\twitness X3   ${x3.verifierKey}

witness Y1 ${y1.verifierKey}
group ours 2 X1 X2 X3
group theirs any Y1
group both all ours theirs
quorum both
`;

test('a quorum of groups is met by two of ours and one of theirs, and by no less', () => {
  const policy = parseTrustPolicy(POLICY);
  const has = (...names: string[]): boolean => policy.hasQuorum(new Set(names));
  assert.deepEqual([has('X1', 'X3', 'Y1'), has('X1', 'X2', 'X3'), has('X1', 'Y1'), has()], [true, false, false, false]);
});

for (const [what, text] of Object.entries({
  'no quorum': 'witness X1 KEY\n',
  'two quorums': 'quorum none\nquorum none\n',
  'an unknown quorum': 'quorum X\n',
  'an unknown keyword': 'mirror X\nquorum none\n',
  'a witness twice': 'witness A KEY\nwitness B KEY\nquorum A\n',
  'a name twice': 'witness A KEY\ngroup A any A\nquorum A\n',
  'a member not yet defined': 'group G any A\nwitness A KEY\nquorum G\n',
  'a member in two groups': 'witness A KEY\ngroup G any A\ngroup H any A\nquorum G\n',
  'a threshold above the members': 'witness A KEY\ngroup G 2 A\nquorum G\n',
  'a threshold of zero': 'witness A KEY\ngroup G 0 A\nquorum G\n',
  'a group without members': 'group G any\nquorum G\n',
  '`none` as a name': 'witness none KEY\nquorum none\n',
  'the key of a witness as a log': 'log KEY\nquorum none\n',
  'a malformed key': 'witness A abc\nquorum A\n',
  'a witness without a name': 'witness\nquorum none\n',
  'a witness with too many words': 'witness A KEY https://a.example.test/ more\nquorum A\n',
  'a log with too many words': 'log KEY https://a.example.test/ more\nquorum none\n',
  'a carriage return': 'quorum none\r\n',
}))
  test(`a trust policy with ${what} is refused with its line`, () => {
    assert.throws(
      () => parseTrustPolicy(text.replaceAll('KEY', x1.verifierKey), 'trust.txt'),
      (error) => error instanceof SallyportError && error.code === 'SP1505' && error.at?.file === 'trust.txt',
    );
  });

test('`quorum none` asks for nothing and confirms nothing', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const { verifierKey } = await writeSample(directory);
  const trust = `log ${verifierKey}\nquorum none\n`;
  assert.equal((await verifyTwice(directory, { trust })).verdict, 'SIGNED-UNANCHORED');
});

test('a log is WITNESSED when the quorum cosigned its last checkpoint, and not by less', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const { checkpoint } = await writeSample(directory);
  const cosign = (...by: TestWitness[]): void =>
    writeFileSync(
      join(directory, 'checkpoint'),
      by.reduce((note, witness) => witness.cosign(note), checkpoint),
    );
  cosign(x1, x2);
  const unmet = await verifyTwice(directory, { trust: POLICY });
  assert.deepEqual([unmet.verdict, unmet.anchors.witnesses], ['SIGNED-UNANCHORED', ['X1', 'X2']]);
  cosign(x1, x2, y1);
  const met = await verifyTwice(directory, { trust: POLICY });
  assert.deepEqual([met.verdict, met.exitCode, met.anchors.quorum], ['WITNESSED', 0, true]);
  assert.equal((await verifyTwice(directory)).verdict, 'SIGNED-UNANCHORED', 'without a policy nobody is trusted');
});

test('cosignatures on an earlier checkpoint do not witness what came after', async (t) => {
  const root = temporaryDirectory(t);
  const directory = join(root, 'ledger');
  await writeSample(directory);
  const [line = ''] = readFileSync(join(directory, 'checkpoints.ndjson'), 'utf8').split('\n');
  const early = String(JSON.parse(line).note);
  writeFileSync(
    join(directory, 'checkpoint'),
    witnesses.reduce((note, witness) => witness.cosign(note), early),
  );
  assert.equal((await verifyTwice(directory, { trust: POLICY })).verdict, 'SIGNED-UNANCHORED');
});

test('a forged cosignature of a known witness spoils the log', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const { checkpoint } = await writeSample(directory);
  const foreign = new TestWitness('witness.example/x1').cosign(checkpoint.replace('\n61\n', '\n60\n'));
  const [, stolen = ''] = foreign.split('\n\n');
  const lines = stolen.split('\n').filter((line) => line.includes('witness.example'));
  writeFileSync(join(directory, 'checkpoint'), `${checkpoint}${lines.join('\n')}\n`);
  const report = await verifyTwice(directory, { trust: POLICY });
  assert.deepEqual([report.verdict, report.failures.map(({ check }) => check)], ['INVALID', ['cosignature']]);
});

test('a log whose key the policy does not list is refused', async (t) => {
  const root = temporaryDirectory(t);
  await writeSample(join(root, 'a'));
  const { verifierKey } = await writeSample(join(root, 'b'), { runId: 'b' });
  const report = await verifyTwice(join(root, 'a'), { trust: `log ${verifierKey}\nquorum none\n` });
  assert.equal(report.verdict, 'INVALID');
});

test('any text is a policy or is refused with a line', () => {
  const line = fc.constantFrom(...POLICY.split('\n'), 'quorum none', 'group a all X1', 'log x');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(line).map((lines) => lines.join('\n')),
        fc.string({ unit: 'binary' }),
      ),
      (text) => {
        try {
          parseTrustPolicy(text).hasQuorum(new Set());
        } catch (error) {
          assert.ok(error instanceof SallyportError && error.code === 'SP1505');
        }
      },
    ),
    { numRuns: RUNS },
  );
});

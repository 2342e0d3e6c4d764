import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fingerprintLines, matchDisclosures } from '../../src/broker/index.ts';
import { message, request, text } from './support/messages.ts';
import { startRig } from './support/rig.ts';
import { answerJson, startUpstream } from './support/upstream.ts';

const SECRETS = 'const first = "a line of the first file";\nconst second = "another line of it";\n}\nreturn;\n';
const OTHER = 'export function unrelated(): void {\n  doSomethingElseEntirely();\n}\n';

describe('disclosure', () => {
  for (const [name, sent] of [
    ['as it stands', SECRETS],
    ['with line numbers and an arrow', SECRETS.replace(/^/gm, '    12→')],
    ['with line numbers and a tab', SECRETS.replace(/^/gm, '    12\t')],
    ['as search results', SECRETS.replace(/^/gm, '12:')],
    ['indented, with other line ends', SECRETS.replace(/^/gm, '\t').replace(/\n/g, '\r\n')],
  ] as const) {
    test(`finds a file that left ${name}`, () => {
      const files = [
        { path: 'a.ts', text: SECRETS },
        { path: 'b.ts', text: OTHER },
      ];
      assert.deepEqual(matchDisclosures([fingerprintLines(sent)], files), [[{ path: 'a.ts', lines: 2, fraction: 1 }]]);
    });
  }

  test('says how much of a file left, the most disclosed first, for each destination by itself', () => {
    const [half = ''] = SECRETS.split('\n');
    const left = [...fingerprintLines(half), ...fingerprintLines(OTHER)];
    const files = [
      { path: 'a.ts', text: SECRETS },
      { path: 'b.ts', text: OTHER },
    ];
    assert.deepEqual(matchDisclosures([left, fingerprintLines(half)], files), [
      [
        { path: 'b.ts', lines: 2, fraction: 1 },
        { path: 'a.ts', lines: 1, fraction: 0.5 },
      ],
      [{ path: 'a.ts', lines: 1, fraction: 0.5 }],
    ]);
  });

  test('is seen in model requests, wherever the text stands, and history counts once', async () => {
    await using upstream = await startUpstream((_request, response) => answerJson(response, message([text('ok')])));
    await using rig = await startRig(upstream.url);
    const result = {
      type: 'tool_result',
      tool_use_id: 't',
      content: [{ type: 'text', text: SECRETS.replace(/^/gm, '     1→') }],
    };
    const body = request({ messages: [{ role: 'user', content: [result] }] });
    for (let turn = 0; turn < 3; turn++) await rig.post(body);
    const [flow] = rig.broker.dataFlow().destinations;
    assert.equal(flow?.requests, 3);
    assert.equal(flow?.fingerprints.length, 2);
    assert.deepEqual(
      [...(flow?.fingerprints ?? [])],
      [...(flow?.fingerprints ?? [])].toSorted((a, b) => (a < b ? -1 : 1)),
    );
    assert.deepEqual(matchDisclosures([flow?.fingerprints ?? []], [{ path: 'a.ts', text: SECRETS }]), [
      [{ path: 'a.ts', lines: 2, fraction: 1 }],
    ]);
  });

  test('is not counted for a request that was refused', async () => {
    await using rig = await startRig('http://127.0.0.1:9');
    await rig.post(request({ model: 'other-1', messages: [{ role: 'user', content: SECRETS }] }));
    const [flow] = rig.broker.dataFlow().destinations;
    assert.equal(flow?.refused, 1);
    assert.equal(flow?.bytesOut, 0);
    assert.equal(flow?.fingerprints.length, 0);
  });
});

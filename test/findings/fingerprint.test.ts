import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReports, completeFinding, completeFindings } from '../../src/findings/index.ts';
import { draftOf, placeOf } from './sample-report.ts';

const place = (start: number, file = 'a.yml') => ({ file, span: { start, end: start + 1 } });
const printOf = (...drafts: Parameters<typeof draftOf>) => completeFinding(draftOf(...drafts)).fingerprint;

test('a fingerprint is 64 hexadecimal digits and always the same', () => {
  assert.match(printOf(), /^[0-9a-f]{64}$/);
  assert.equal(printOf(), printOf());
  assert.equal(
    printOf({ rule: 'AGT001', subject: 'job a', place: place(0) }),
    '67fe144943425177e0f437ba48007d6229f5ea44cd50e85a7bc53f35b2d97270',
  );
});

test('a fingerprint does not depend on lines, wording, severity or fixes', () => {
  const changed = { message: 'other words', severity: 'low', confidence: 'low', detail: 'more', fixes: [] } as const;
  assert.equal(printOf({ place: place(5) }), printOf({ place: place(500), ...changed }));
});

test('a fingerprint depends on rule, file and subject', () => {
  const prints = [
    printOf({ place: place(5) }),
    printOf({ place: place(5, 'b.yml') }),
    printOf({ place: place(5), rule: 'SUP002' }),
    printOf({ place: place(5), subject: 'job other' }),
  ];
  assert.equal(new Set(prints).size, prints.length);
});

test('blanks and composed characters make no other subject', () => {
  assert.equal(printOf({ subject: ' job  caf\u00e9\n' }), printOf({ subject: 'job cafe\u0301' }));
});

test('no name from outside can move the border between file and subject', () => {
  assert.notEqual(
    printOf({ place: place(0, 'a'), subject: '","b' }),
    printOf({ place: place(0, 'a","'), subject: 'b' }),
  );
});

test('equal subjects in one file are told apart by their order in the file, not by the order of discovery', () => {
  const first = draftOf({ place: place(1) });
  const second = draftOf({ place: place(9) });
  const forward = completeFindings([first, second]).map(({ fingerprint }) => fingerprint);
  const backward = completeFindings([second, first]).map(({ fingerprint }) => fingerprint);
  assert.equal(new Set(forward).size, 2);
  assert.deepEqual(backward, forward.toReversed());
  assert.equal(forward[0], completeFinding(first).fingerprint);
});

test('what is reported twice alike is one finding', () => {
  assert.equal(completeFindings([draftOf(), draftOf()]).length, 1);
  assert.equal(completeFindings([draftOf(), draftOf({ message: 'another one' })]).length, 2);
});

test('comparing reports tells new, fixed and unchanged findings apart', () => {
  const [a, b] = completeFindings([draftOf({ subject: 'a' }), draftOf({ subject: 'b' })]);
  const moved = completeFinding(draftOf({ subject: 'b', place: placeOf('.github/workflows/agent.yml', 'jobs') }));
  const c = completeFinding(draftOf({ subject: 'c' }));
  assert.ok(a && b);
  assert.deepEqual(compareReports({ findings: [a, b] }, { findings: [moved, c] }), {
    new: [c],
    fixed: [a],
    unchanged: [moved],
  });
});

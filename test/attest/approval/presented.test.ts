/** The digest of what was shown: the same for the same evidence, another for any other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  digestPresentation,
  digestPresented,
  type Presentation,
  type PresentedControl,
  type PresentedFinding,
} from '../../../src/attest/index.ts';

const GUARD: PresentedControl = {
  control: 'guard-removed',
  direction: 'weakened',
  severity: 'high',
  message: 'a guard is gone',
  scope: 'show',
  subject: 'require_admin',
  meta: false,
  before: { file: 'src/pages.py' },
  after: { file: 'src/pages.py' },
};
const TEST: PresentedControl = { ...GUARD, control: 'test-skipped', subject: 'a test', meta: true, before: undefined };
const FINDING: PresentedFinding = {
  rule: 'CODE01',
  severity: 'high',
  message: 'a query from outside',
  fingerprint: '0123456789abcdef',
  place: { file: 'src/pages.py' },
};
const EVIDENCE: Presentation = {
  files: [
    { path: 'src/pages.py', kind: 'modified', previousPath: undefined },
    { path: 'src/new.py', kind: 'renamed', previousPath: 'src/old.py' },
  ],
  controls: [GUARD, TEST],
  findings: [FINDING, { ...FINDING, fingerprint: 'fedcba9876543210' }],
  policyDigest: 'f'.repeat(64),
};

function digest(evidence: Presentation): string {
  return digestPresented(digestPresentation(evidence));
}

describe('the digest of what was shown', () => {
  it('does not depend on the order in which it was gathered', () => {
    const { files, controls, findings, policyDigest } = EVIDENCE;
    const turned = {
      files: [...files].reverse(),
      controls: [...controls].reverse(),
      findings: [...findings].reverse(),
      policyDigest,
    };
    assert.equal(digest(turned), digest(EVIDENCE));
  });

  it('is another for every part that a person reads', () => {
    const [file, renamed] = EVIDENCE.files;
    assert.ok(file && renamed);
    const others: readonly Presentation[] = [
      { ...EVIDENCE, policyDigest: '0'.repeat(64) },
      { ...EVIDENCE, files: [file] },
      { ...EVIDENCE, files: [file, { ...renamed, previousPath: undefined }] },
      { ...EVIDENCE, files: [{ ...file, kind: 'mode' }, renamed] },
      { ...EVIDENCE, controls: [GUARD] },
      { ...EVIDENCE, controls: [GUARD, GUARD, TEST] },
      ...(['control', 'direction', 'severity', 'message', 'scope', 'subject'] as const).map((field) => ({
        ...EVIDENCE,
        controls: [{ ...GUARD, [field]: 'another' }, TEST],
      })),
      { ...EVIDENCE, controls: [{ ...GUARD, after: undefined }, TEST] },
      { ...EVIDENCE, controls: [{ ...GUARD, meta: true }, TEST] },
      { ...EVIDENCE, findings: [FINDING] },
      { ...EVIDENCE, findings: [FINDING, { ...FINDING, severity: 'low' }] },
      { ...EVIDENCE, findings: [], controls: [] },
    ];
    assert.equal(new Set([EVIDENCE, ...others].map(digest)).size, others.length + 1);
  });

  it('is made of broken text, too', () => {
    const broken = { ...EVIDENCE, files: [{ path: 'a\ud800', kind: 'added', previousPath: undefined }] };
    assert.match(digest(broken), /^[0-9a-f]{64}$/);
  });
});

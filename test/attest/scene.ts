import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  aiChangeStatement,
  type ChangeContent,
  changeContent,
  type ExpectedChange,
  type ForgeReviewRecord,
  forgeReviewStatement,
  type GateSummary,
  inventoryStatement,
  keySigner,
  policyDigestOf,
  type RunRecord,
  readTrustStore,
  referenceStatement,
  runtimeTraceStatement,
  type Seal,
  type SignerRole,
  type Statement,
  sealWithKey,
  summaryStatement,
  type Trust,
  testResultStatement,
  verdictStatement,
  vulnerabilityStatement,
} from '../../src/attest/index.ts';

/** A change, its run and its signers, without a repository: statements of every kind can be made and verified. */

export const NOW = Date.parse('2027-03-01T12:00:00Z');
export const AT = '2027-03-01T11:00:00.000Z';
export const POLICY = 'version: 1\n';

const id = (digit: string): string => digit.repeat(40);
const sha256 = (digit: string): string => digit.repeat(64);

export const CONTENT: ChangeContent = changeContent(
  {
    repository: 'git+https://forge.example.test/acme/app',
    targetRef: 'refs/heads/main',
    baseCommit: id('a'),
    headCommit: id('b'),
    headTree: id('c'),
  },
  [id('d'), id('b')],
  [{ path: 'src/a.ts', status: 'modified', mode: '100644', oldBlob: id('1'), newBlob: id('2') }],
);

export const RUN: RunRecord = {
  report: {
    verdict: 'SIGNED-UNANCHORED',
    meaning: '',
    exitCode: 10,
    directory: '',
    origin: 'sallyport/run/0011223344556677',
    records: 8,
    root: sha256('3'),
    checkpoints: { count: 1, coveredRecords: 8 },
    final: { outcome: 'closed', exit: 0 },
    gaps: [],
    gapCount: 0,
    anchors: { rememberedRecords: null, witnesses: [], quorum: false },
    failures: [],
    failureCount: 0,
    notes: [],
  },
  runId: '0011223344556677',
  agent: { name: 'claude-code', version: '2.0.1' },
  provider: 'https://model.example.test',
  models: ['model-1'],
  tools: [{ name: 'Bash', allowed: 2, denied: 1 }],
  promptDigest: `hmac-sha256:${sha256('9')}`,
  untrusted: [
    { kind: 'issue', uri: null },
    { kind: 'web', uri: 'https://docs.example.test/guide' },
  ],
  baseCommit: CONTENT.identity.baseCommit,
  policyDigest: sha256('4'),
  decisions: { allow: 3, deny: 1, ask: 0, modified: 0 },
  redactions: 0,
  pipeline: { 'cicd.trigger': 'issues', 'vcs.actor': 'dana' },
  proof: { backend: 'bubblewrap', holds: true, checks: 110, leaf: sha256('5') },
  teardown: { clean: true, processesLeft: 0, filesLeft: 0, leaf: sha256('6') },
  credentialsInside: false,
  patchSha256: sha256('7'),
  resultTree: 'c'.repeat(40),
  withheld: [],
  startedAt: '2027-03-01T10:00:00.000Z',
  endedAt: '2027-03-01T10:05:00.000Z',
  hosts: ['registry.example.test'],
  files: ['src/a.ts'],
};

export const EXPECTED: ExpectedChange = {
  content: CONTENT,
  policy: POLICY,
  run: RUN,
  patch: { sha256: RUN.patchSha256, tree: CONTENT.identity.headTree },
  now: NOW,
};

export const GATE: GateSummary = {
  passed: true,
  sandboxed: true,
  approvals: 2,
  reviewed: true,
  nothingWeakened: true,
  policy: { uri: 'sallyport.yaml', sha256: policyDigestOf(POLICY) },
  inputs: [{ uri: 'ai-change.sigstore.json', sha256: sha256('8') }],
  at: AT,
  version: '0.1.0',
};

const SCAN = {
  tool: { uri: 'https://sallyport.dev/review', version: '0.1.0' },
  findings: [{ rule: 'REV01', severity: 'high', fingerprint: 'f'.repeat(32) }],
  startedAt: AT,
  endedAt: AT,
  configuration: [{ name: 'sallyport.yaml', sha256: policyDigestOf(POLICY) }],
  passed: [],
  warned: [],
  failed: ['review'],
} as const;

const CONTEXT = {
  requestedBy: 'dana',
  policySource: policyDigestOf(POLICY),
  version: '0.1.0',
  workflow: null,
  at: AT,
  lines: new Map([['src/a.ts', [{ from: 3, to: 7 }]]]),
  configuration: [{ path: 'AGENTS.md', blob: id('e') }],
};

const FORGE: ForgeReviewRecord = {
  forge: 'github',
  repository: 'acme/app',
  number: 7,
  headCommit: CONTENT.identity.headCommit,
  author: 'dana',
  lastPusher: 'dana',
  readAt: AT,
  reviews: [{ login: 'alice-a', state: 'approved', commit: CONTENT.identity.headCommit, at: AT, bot: false }],
};

/** One statement of each kind that a machine signs. */
export const STATEMENTS: { readonly [kind: string]: { readonly role: SignerRole; readonly statement: Statement } } = {
  'ai-change': { role: 'runner', statement: aiChangeStatement(CONTENT, RUN, CONTEXT) },
  'runtime-trace': { role: 'runner', statement: runtimeTraceStatement(CONTENT.identity, RUN, AT) },
  vulns: { role: 'reviewer', statement: vulnerabilityStatement(CONTENT.identity, SCAN) },
  'test-result': { role: 'reviewer', statement: testResultStatement(CONTENT.identity, SCAN) },
  reference: {
    role: 'reviewer',
    statement: referenceStatement(CONTENT.identity, [
      { name: 'scan.sarif', sha256: sha256('a'), mediaType: 'application/sarif+json' },
    ]),
  },
  inventory: {
    role: 'reviewer',
    statement: inventoryStatement(CONTENT.identity, {
      bomFormat: 'CycloneDX',
      specVersion: '1.7',
      version: 1,
      components: [{ type: 'application', name: 'claude-code', version: '2.0.1' }],
    }),
  },
  verdict: { role: 'gate', statement: verdictStatement(CONTENT.identity, GATE) },
  'forge-review': { role: 'gate', statement: forgeReviewStatement(CONTENT.identity, FORGE) },
  summary: { role: 'gate', statement: summaryStatement(CONTENT.identity, GATE) },
};

/** Signers by role, each with a key of its own, and the trust store that names them. */
export interface Staff {
  readonly trustText: string;
  readonly trust: Trust;
  readonly seal: { readonly [name: string]: Seal };
  readonly keys: { readonly [name: string]: KeyObject };
}

const ROLES: readonly (readonly [string, string, string])[] = [
  ['runner', 'runner', ''],
  ['reviewer', 'reviewer', ''],
  ['gate', 'gate', ''],
  ['approver', 'approver', ''],
  ['expired', 'runner', ', validUntil: "2027-01-01T00:00:00Z"'],
  ['future', 'runner', ', validFrom: "2028-01-01T00:00:00Z"'],
  ['young', 'runner', ', validFrom: "2027-03-01T11:30:00Z"'],
];

export async function hireStaff(): Promise<Staff> {
  const people = ROLES.map(([name, role, validity]) => ({
    name,
    role,
    validity,
    ...generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  }));
  const rows = people.map(({ name, role, validity, publicKey }) => {
    const pem = JSON.stringify(publicKey.export({ type: 'spki', format: 'pem' }));
    return `  - { id: ${name}, roles: [${role}], keys: [{ kind: p256, publicKey: ${pem}${validity} }] }\n`;
  });
  const trustText = `version: 1\nsigners:\n${rows.join('')}`;
  const store = await readTrustStore({ path: '.sallyport/trust.yaml', text: trustText });
  return {
    trustText,
    trust: { store, root: undefined },
    seal: Object.fromEntries(people.map(({ name, privateKey }) => [name, sealWithKey(signerOf(privateKey))])),
    keys: Object.fromEntries(people.map(({ name, privateKey }) => [name, privateKey])),
  };
}

function signerOf(key: KeyObject): ReturnType<typeof keySigner> {
  return keySigner(String(key.export({ type: 'pkcs8', format: 'pem' })));
}

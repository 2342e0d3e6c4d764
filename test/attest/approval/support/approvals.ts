/** People with keys, changes, and approvals of the one by the others. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Approval, ApprovalPredicate, ChangeIdentity, TrustStore } from '../../../../src/attest/index.ts';
import {
  APPROVAL_NAMESPACE,
  digestPresentation,
  digestPresented,
  formatBundle,
  makeApprovalStatement,
  readTrustStore,
} from '../../../../src/attest/index.ts';
import { signSsh } from '../../../../src/attest/ssh/index.ts';
import { formatPublicKey, toSshPublicKey } from '../../../../src/attest/ssh/public-key.ts';
import { encodeStatement } from '../../../../src/attest/statement/subject.ts';

export const CHANGE: ChangeIdentity = {
  repository: 'git+https://git.example.test/acme/app',
  targetRef: 'refs/heads/main',
  baseCommit: 'b'.repeat(40),
  headCommit: 'a'.repeat(40),
  headTree: 'e'.repeat(40),
};

/** Noon of the day on which everything here happens. */
export const NOON = Date.parse('2026-11-20T12:00:00Z');

export function hoursAfterNoon(hours: number): string {
  return new Date(NOON + hours * 3_600_000).toISOString().replace('.000Z', 'Z');
}

export const PRESENTED = digestPresentation({
  files: [{ path: 'src/login.ts', kind: 'modified', previousPath: undefined }],
  controls: [],
  findings: [],
  policyDigest: 'f'.repeat(64),
});

export interface Person {
  readonly id: string;
  readonly key: KeyObject;
  readonly fingerprint: string;
}

export interface Town {
  readonly trust: TrustStore;
  readonly yaml: string;
  person(id: string): Person;
}

interface Citizen {
  readonly id: string;
  readonly roles?: string;
  readonly rest?: string;
  readonly validity?: string;
}

/** A trust store with an SSH key for each. */
export async function foundTown(citizens: readonly Citizen[], groups = ''): Promise<Town> {
  const people = citizens.map((citizen) => ({ ...citizen, key: generateKeyPairSync('ed25519').privateKey }));
  const rows = people.map(({ id, roles = '[approver]', rest = '', validity = '', key }) =>
    [
      `  - id: ${id}`,
      `    roles: ${roles}`,
      ...(rest === '' ? [] : [`    ${rest}`]),
      '    keys:',
      `      - { kind: ssh, publicKey: "${formatPublicKey(toSshPublicKey(key))}"${validity} }`,
    ].join('\n'),
  );
  const yaml = ['version: 1', 'signers:', ...rows, ...(groups === '' ? [] : [`groups: ${groups}`]), ''].join('\n');
  const trust = await readTrustStore({ path: '.sallyport/trust.yaml', text: yaml });
  return {
    trust,
    yaml,
    person(id) {
      const key = people.find((person) => person.id === id)?.key;
      const owned = trust.signers.find((signer) => signer.id === id)?.keys[0];
      if (key === undefined || owned === undefined) throw new Error(`there is no ${id}`);
      return { id, key, fingerprint: owned.fingerprint };
    },
  };
}

/** What `person` says of `CHANGE`, with what a test wants otherwise. */
export function predicateOf(
  person: Pick<Person, 'id' | 'fingerprint'>,
  other: Partial<ApprovalPredicate> = {},
): ApprovalPredicate {
  return {
    decision: 'approve',
    scope: [],
    targetRef: CHANGE.targetRef,
    fromID: CHANGE.baseCommit,
    targetID: CHANGE.headTree,
    changeDigest: 'c'.repeat(64),
    presented: { ...PRESENTED, interface: { name: 'terminal', version: '1', digest: 'd'.repeat(64) } },
    approver: { id: person.id, authenticator: 'ssh', userVerification: 'not-asked', credential: person.fingerprint },
    roles: [],
    requester: 'dora',
    reason: 'The guard moved; it still runs first.',
    openedAt: hoursAfterNoon(-2),
    decidedAt: hoursAfterNoon(-1),
    expiresAt: hoursAfterNoon(24),
    nonce: 'AAAAAAAAAAAAAAAAAAAAAAAA',
    ...other,
  };
}

export function statementBytes(
  predicate: ApprovalPredicate,
  { change = CHANGE, breakGlass = false }: { readonly change?: ChangeIdentity; readonly breakGlass?: boolean } = {},
): Buffer {
  return encodeStatement(makeApprovalStatement({ change, predicate, breakGlass }));
}

export function signedBundle(person: Person, bytes: Buffer, namespace = APPROVAL_NAMESPACE): string {
  return formatBundle(bytes, { kind: 'ssh', armored: signSsh(bytes, person.key, namespace) });
}

/** An approval as the verifier gives it, for the rules about counting. */
export function approvalBy(approver: string, other: Partial<Approval> = {}): Approval {
  const body = { approver, ...other };
  return {
    decision: 'approve',
    names: [approver],
    roles: [],
    method: 'ssh',
    userVerified: false,
    change: CHANGE,
    scope: [],
    reason: 'looked at it',
    decidedAt: hoursAfterNoon(-1),
    expiresAt: hoursAfterNoon(23),
    nonce: `nonce of ${approver} ${other.decidedAt ?? ''}`,
    presented: digestPresented(PRESENTED),
    breakGlass: false,
    statement: JSON.stringify(body),
    ...body,
  };
}

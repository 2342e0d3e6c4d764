import type { ChangeIdentity, Statement } from '../model.ts';
import { PREDICATES } from '../predicate-roles.ts';
import { statementOf } from './subject.ts';

/** Changes when what the gate checks changes (SVR v0.2, `verifier.id`). */
const GATE_ID = 'https://sallyport.dev/gate/v1';

/** What a gate found, as far as statements tell it. Only what held is said; silence never counts for the change. */
export interface GateSummary {
  readonly passed: boolean;
  /** The run was contained, and its ledger proves it. */
  readonly sandboxed: boolean;
  /** Verified human approvals that count. */
  readonly approvals: number;
  readonly reviewed: boolean;
  /** The control diff was made and found nothing weakened. */
  readonly nothingWeakened: boolean;
  /** Digest of the policy that decided, and its name. */
  readonly policy: { readonly uri: string; readonly sha256: string };
  /** Bundles that were read: name and SHA-256. */
  readonly inputs: readonly { readonly uri: string; readonly sha256: string }[];
  /** RFC 3339. */
  readonly at: string;
  readonly version: string;
}

/** Properties of an organisation begin so (SLSA Source v1.2). */
const PREFIX = 'ORG_SOURCE_SALLYPORT_';

function propertiesOf(gate: GateSummary): readonly string[] {
  const rows: readonly (readonly [boolean, string])[] = [
    [gate.passed, 'GATE_PASSED'],
    [gate.sandboxed, 'SANDBOXED'],
    [gate.reviewed, 'REVIEWED'],
    [gate.nothingWeakened, 'NO_SECURITY_WEAKENING'],
    [gate.approvals > 0, `HUMAN_APPROVED_${gate.approvals}`],
  ];
  return rows.filter(([holds]) => holds).map(([, name]) => PREFIX + name);
}

/** Simple verification result v0.2: the properties that held. */
export function verdictStatement(change: ChangeIdentity, gate: GateSummary): Statement {
  return statementOf(change, PREDICATES.verdict, {
    verifier: { id: GATE_ID, policies: [{ uri: gate.policy.uri, digest: { sha256: gate.policy.sha256 } }] },
    timeCreated: gate.at,
    properties: propertiesOf(gate),
  });
}

/**
 * SLSA verification summary v1 of the source track. The SLSA level itself is the forge's to claim: which of its
 * controls are on is not known here, so level 1 (version controlled) is what is said.
 */
export function summaryStatement(change: ChangeIdentity, gate: GateSummary): Statement {
  return statementOf(change, PREDICATES.summary, {
    verifier: { id: GATE_ID, version: { sallyport: gate.version } },
    timeVerified: gate.at,
    resourceUri: change.repository,
    policy: { uri: gate.policy.uri, digest: { sha256: gate.policy.sha256 } },
    inputAttestations: gate.inputs.map(({ uri, sha256 }) => ({ uri, digest: { sha256 } })),
    verificationResult: gate.passed ? 'PASSED' : 'FAILED',
    verifiedLevels: gate.passed ? ['SLSA_SOURCE_LEVEL_1', ...propertiesOf(gate)] : ['FAILED'],
    slsaVersion: '1.2',
  });
}

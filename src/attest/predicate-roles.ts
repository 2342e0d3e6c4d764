import type { SignerRole } from './model.ts';

/** Names of the predicates that we write. The specification of our own two is in docs/formats/. */
export const PREDICATES = {
  aiChange: 'https://sallyport.dev/attestation/ai-change/v0.1',
  approval: 'https://sallyport.dev/attestation/approval/v0.1',
  breakGlass: 'https://sallyport.dev/attestation/break-glass/v0.1',
  verdict: 'https://in-toto.io/attestation/svr/v0.2',
  summary: 'https://slsa.dev/verification_summary/v1',
  vulnerabilities: 'https://in-toto.io/attestation/vulns/v0.2',
  testResult: 'https://in-toto.io/attestation/test-result/v0.1',
  runtimeTrace: 'https://in-toto.io/attestation/runtime-trace/v0.1',
} as const;

/** Who may sign what. No trust store can change a row: a runner that may sign approvals would approve its own work. */
export const PREDICATE_ROLES: ReadonlyMap<string, readonly SignerRole[]> = new Map([
  [PREDICATES.aiChange, ['runner']],
  [PREDICATES.runtimeTrace, ['runner']],
  [PREDICATES.vulnerabilities, ['reviewer']],
  [PREDICATES.testResult, ['reviewer']],
  [PREDICATES.verdict, ['gate']],
  [PREDICATES.summary, ['gate']],
  [PREDICATES.approval, ['approver']],
  [PREDICATES.breakGlass, ['approver']],
]);

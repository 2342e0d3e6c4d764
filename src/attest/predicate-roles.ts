import type { SignerRole } from './model.ts';

/** Names of the predicates that we write. The specification of our own two is in docs/formats/. */
export const PREDICATES = {
  aiChange: 'https://sallyport.dev/attestation/ai-change/v0.1',
  approval: 'https://sallyport.dev/attestation/approval/v0.1',
  breakGlass: 'https://sallyport.dev/attestation/break-glass/v0.1',
  forgeReview: 'https://sallyport.dev/attestation/forge-review/v0.1',
  verdict: 'https://in-toto.io/attestation/svr/v0.2',
  summary: 'https://slsa.dev/verification_summary/v1',
  vulnerabilities: 'https://in-toto.io/attestation/vulns/v0.2',
  testResult: 'https://in-toto.io/attestation/test-result/v0.1',
  runtimeTrace: 'https://in-toto.io/attestation/runtime-trace/v0.1',
  reference: 'https://in-toto.io/attestation/reference/v0.1',
  inventory: 'https://cyclonedx.org/bom',
} as const;

/** Who may sign what. No trust store can change a row: a runner that may sign approvals would approve its own work. */
export const PREDICATE_ROLES: ReadonlyMap<string, readonly SignerRole[]> = new Map([
  [PREDICATES.aiChange, ['runner']],
  [PREDICATES.runtimeTrace, ['runner']],
  [PREDICATES.vulnerabilities, ['reviewer']],
  [PREDICATES.testResult, ['reviewer']],
  [PREDICATES.reference, ['reviewer']],
  [PREDICATES.inventory, ['reviewer']],
  [PREDICATES.forgeReview, ['gate']],
  [PREDICATES.verdict, ['gate']],
  [PREDICATES.summary, ['gate']],
  [PREDICATES.approval, ['approver']],
  [PREDICATES.breakGlass, ['approver']],
]);

/** By predicate type; how a policy calls what it requires. */
const PREDICATE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(PREDICATES).map(([name, type]) => [
    type,
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  ]),
);

/** Each type with the short name by which a policy may require it: `ai-change`, `test-result`. Sorted, each once. */
export function namesOfPredicates(types: readonly string[]): readonly string[] {
  return [...new Set(types.flatMap((type) => [type, PREDICATE_NAMES.get(type) ?? type]))].sort();
}

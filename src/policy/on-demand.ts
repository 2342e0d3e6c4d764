import type { PolicyDocument } from './document.ts';
import type { AllowedWork, NarrowPolicy } from './narrow/narrow-policy.ts';
import type { Policy } from './policy.ts';
import type { PolicyLayers } from './report/explain.ts';
import type { TestOutcome } from './report/inline-tests.ts';
import type { KnownNames, LintWarning } from './report/lint.ts';

/**
 * What needs the schema library or is only for people. Loaded on first use, because a run without a policy file needs
 * none of it and its start is measured in milliseconds.
 */

/**
 * Read a policy file's text.
 * @throws SallyportError SP1101 (or SP1801, SP1802 for the YAML itself) with file:line:column and a suggestion.
 */
export async function parsePolicy(text: string, file: string): Promise<PolicyDocument> {
  return (await import('./reader/read-document.ts')).readDocument(text, file);
}

/** The JSON Schema of the policy file, for editors. */
export async function jsonSchema(): Promise<object> {
  return (await import('./reader/json-schema.ts')).jsonSchema();
}

/** The reference part of `docs/policy.md`, generated from the schema's descriptions. */
export async function renderPolicyReference(): Promise<string> {
  return (await import('./report/reference.ts')).renderPolicyReference();
}

/** What is legal in a policy but probably not meant: dead, shadowed and over-broad rules. */
export async function lintPolicy(document: PolicyDocument, known: KnownNames = {}): Promise<readonly LintWarning[]> {
  return (await import('./report/lint.ts')).lintPolicy(document, known);
}

/** The effective policy in plain words. */
export async function explainPolicy(policy: Policy, layers: PolicyLayers): Promise<string> {
  return (await import('./report/explain.ts')).explainPolicy(policy, layers);
}

/** Run the `tests:` of a document against the policy it compiles to. */
export async function runPolicyTests(document: PolicyDocument, policy: Policy): Promise<readonly TestOutcome[]> {
  return (await import('./report/inline-tests.ts')).runPolicyTests(document, policy);
}

/** The narrowest lists under which past work would have been allowed, in place of those of a policy. */
export async function narrowPolicy(
  work: readonly AllowedWork[],
  before: PolicyDocument | undefined,
): Promise<NarrowPolicy> {
  return (await import('./narrow/narrow-policy.ts')).narrowPolicy(work, before);
}

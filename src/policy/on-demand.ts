import type { PolicyDocument } from './document.ts';
import type { Policy } from './policy.ts';
import type { TestOutcome } from './report/inline-tests.ts';
import type { LintWarning } from './report/lint.ts';

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
export async function lintPolicy(
  document: PolicyDocument,
  knownTools: readonly string[] = [],
): Promise<readonly LintWarning[]> {
  return (await import('./report/lint.ts')).lintPolicy(document, knownTools);
}

/** The effective policy in plain words. */
export async function explainPolicy(policy: Policy, documents: readonly PolicyDocument[]): Promise<string> {
  return (await import('./report/explain.ts')).explainPolicy(policy, documents);
}

/** Run the `tests:` of a document against the policy it compiles to. */
export async function runPolicyTests(document: PolicyDocument, policy: Policy): Promise<readonly TestOutcome[]> {
  return (await import('./report/inline-tests.ts')).runPolicyTests(document, policy);
}

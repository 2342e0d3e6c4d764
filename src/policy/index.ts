/** The policy: schema, layering, and the one decision function. */
export {
  type Action,
  type Decision,
  type FileAction,
  MERGE_ORIGINS,
  type MergeAction,
  type MergeSize,
  type ModelAction,
  type NetworkAction,
  REVIEW_STATES,
  type ReviewState,
  type SessionState,
  type ToolAction,
  type Verdict,
} from './action.ts';
export { createClassifier, type PathClassifier } from './classify-path.ts';
export { type CompileInput, compilePolicy, defaultPolicy } from './compile.ts';
export {
  type AuditRequirement,
  CARRY_OVER,
  type CarryOver,
  FORGE_REVIEWS,
  type PolicyDocument,
  REGISTRY_KINDS,
  type RegistryKind,
  type ReviewDecision,
  type ReviewExclusion,
  type ReviewSection,
  type SignedDemand,
} from './document.ts';
export { compileGlob, compileGlobs, foldName, normalisePath, type PathMatcher } from './glob.ts';
export { compileHiddenFiles, type HideList } from './hidden-files.ts';
export { matchHost, parseHostPattern } from './host-pattern.ts';
export { readModelAddress } from './model-address.ts';
export type { AllowedWork, NarrowPolicy } from './narrow/narrow-policy.ts';
export { isNarrowTool } from './narrow-tool.ts';
export {
  explainPolicy,
  jsonSchema,
  lintPolicy,
  narrowPolicy,
  parsePolicy,
  renderPolicyReference,
  runPolicyTests,
} from './on-demand.ts';
export { PATH_CLASS_RULES, type PathClass } from './path-classes.ts';
export {
  type HiddenForm,
  INITIAL_STATE,
  type Limits,
  type ModelGrant,
  type NetworkGrant,
  type Policy,
  type SecretGrant,
} from './policy.ts';
export { suggest } from './reader/suggest.ts';
export { resolveRegistries } from './registries/resolve-registries.ts';
export type { KnownNames, LintWarning } from './report/lint.ts';
export { couldMatch, matchSequence, matchWildcard, type Pieces } from './wildcard.ts';

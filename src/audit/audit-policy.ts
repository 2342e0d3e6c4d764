import { SallyportError, type SourceLocation } from '../errors/index.ts';
import {
  type Finding,
  type RuleDescriptor,
  SEVERITIES,
  type Severity,
  type SuppressionEntry,
  type Violation,
} from '../findings/index.ts';
import { type AuditRequirement, type PolicyDocument, suggest } from '../policy/index.ts';
import { createLineIndex, type Place, type SourceFile } from '../syntax/index.ts';

/** A policy and the file it was read from. */
export interface PolicySource {
  readonly document: PolicyDocument;
  readonly file: SourceFile;
}

/** The repository's policy, and the organisation's, which it can only tighten. */
export interface PolicyLayers {
  readonly organisation?: PolicySource | undefined;
  readonly repository?: PolicySource | undefined;
}

type Layer = Violation['by'];

/** Something of which nothing may be found. */
export interface Requirement {
  readonly none: string;
  readonly by: Layer;
  readonly place: Place;
  covers(finding: Finding): boolean;
}

/** What the policies say about an audit. */
export interface AuditPolicy {
  readonly requirements: readonly Requirement[];
  readonly ignores: { readonly [layer in Layer]: readonly SuppressionEntry[] };
  /** Severities from which the audit fails, by layer. */
  readonly failOn: { readonly [layer in Layer]?: Severity | 'never' };
  readonly sources: readonly SourceFile[];
}

/** No policy: nothing is accepted, nothing more is demanded. */
export const NO_AUDIT_POLICY: AuditPolicy = {
  requirements: [],
  ignores: { organisation: [], repository: [] },
  failOn: {},
  sources: [],
};

/**
 * The `audit` sections of the policies.
 * @throws SallyportError SP2104 for a class that is no rule, family or severity, with its place
 */
export function readAuditPolicy(layers: PolicyLayers, rules: ReadonlyMap<string, RuleDescriptor>): AuditPolicy {
  const { organisation, repository } = layers;
  const failOn = {
    ...failOnOf('organisation', organisation),
    ...failOnOf('repository', repository),
  };
  return {
    requirements: [
      ...requirementsOf('organisation', organisation, rules),
      ...requirementsOf('repository', repository, rules),
    ],
    ignores: { organisation: ignoresOf(organisation), repository: ignoresOf(repository) },
    failOn,
    sources: [organisation?.file, repository?.file].filter((file) => file !== undefined),
  };
}

/**
 * The severity from which an audit fails. The organisation's can only be made stricter; a flag beats the repository.
 */
export function severityToFail(policy: AuditPolicy, flag: Severity | 'never' | undefined): Severity | 'never' {
  const own = flag ?? policy.failOn.repository;
  const bound = policy.failOn.organisation;
  if (own === undefined || bound === undefined) return own ?? bound ?? 'high';
  return rank(own) > rank(bound) ? own : bound;
}

/** Higher is stricter: `info` fails on everything, `never` on nothing. */
function rank(severity: Severity | 'never'): number {
  return severity === 'never' ? -1 : SEVERITIES.indexOf(severity);
}

function failOnOf(layer: Layer, source: PolicySource | undefined): AuditPolicy['failOn'] {
  const failOn = source?.document.audit?.failOn;
  return failOn === undefined ? {} : { [layer]: failOn };
}

function ignoresOf(source: PolicySource | undefined): readonly SuppressionEntry[] {
  const place = source && placer(source.file);
  return (source?.document.audit?.ignore ?? []).map(({ fingerprint, reason, until, at }) => {
    return { fingerprint, reason, until, place: place?.(at) };
  });
}

function requirementsOf(
  by: Layer,
  source: PolicySource | undefined,
  rules: ReadonlyMap<string, RuleDescriptor>,
): readonly Requirement[] {
  if (!source) return [];
  const place = placer(source.file);
  return (source.document.audit?.require ?? []).map((entry) => {
    return { none: entry.none, by, place: place(entry.at), covers: coverOf(entry, rules) };
  });
}

function coverOf(
  { none, at }: AuditRequirement,
  rules: ReadonlyMap<string, RuleDescriptor>,
): (finding: Finding) => boolean {
  const severity = SEVERITIES.find((known) => known === none);
  if (severity) return (finding) => SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(severity);
  if (rules.has(none)) return ({ rule }) => rule === none;
  const families = new Set([...rules.values()].map(({ family }) => family));
  if (families.has(none)) return ({ rule }) => rules.get(rule)?.family === none;
  const near = suggest(none, [...rules.keys(), ...families, ...SEVERITIES]);
  throw new SallyportError('SP2104', `'${none}' is no rule, family or severity`, {
    at,
    advice: near === undefined ? 'List them with `sallyport audit --list-rules`.' : `Did you mean '${near}'?`,
  });
}

function placer(file: SourceFile): (at: SourceLocation) => Place {
  const index = createLineIndex(file.text);
  return ({ line, column }) => {
    const start = index.offset(line, column);
    return { file: file.path, span: { start, end: start } };
  };
}

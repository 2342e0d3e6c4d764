import { type Facts, fileRole, readFacts } from '../facts/index.ts';
import { completeFindings, type Finding, type FindingDraft, type RuleDescriptor } from '../findings/index.ts';
import type { Readers, SourceTree } from '../syntax/index.ts';
import { nameActions } from './action-words.ts';
import { keepMoreExact } from './more-exact.ts';
import { sortFindings } from './order.ts';
import type { AttackPath } from './paths/attack-path.ts';
import { keepMostSpecific } from './paths/more-specific.ts';
import { findingOf, lowerByRole } from './paths/path-finding.ts';
import type { RuleContext } from './rule.ts';
import { RULES } from './rules/index.ts';
import { PATH_RULES } from './rules/path/index.ts';
import { mergeSharedLines } from './shared-lines.ts';

/** Everything that an audit of one tree found, before anything is suppressed or left out. */
export interface Audit {
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  readonly rules: ReadonlyMap<string, RuleDescriptor>;
  readonly paths: readonly AttackPath[];
}

/** Every rule there is, by its id. */
export function allRules(): ReadonlyMap<string, RuleDescriptor> {
  return new Map([...PATH_RULES, ...RULES].map((rule) => [rule.id, rule]));
}

/** Reads a tree and applies every rule. Deterministic: the same tree and day give the same findings in the same order. */
export function auditTree(tree: SourceTree, readers: Readers, context: RuleContext): Audit {
  const facts = readFacts(tree, readers);
  const paths = keepMostSpecific(PATH_RULES.flatMap((rule) => rule.paths(facts))).map(lowered);
  const single = RULES.flatMap((rule) => [...rule.check(facts, context)]);
  const compiled = compiledFiles(facts);
  const drafts = [...paths.map(findingOf), ...single.map((draft) => weigh(draft, compiled))];
  return {
    facts,
    findings: sortFindings(completeFindings(nameActions(mergeSharedLines(keepMoreExact(drafts), facts), facts))),
    rules: allRules(),
    paths,
  };
}

function lowered(path: AttackPath): AttackPath {
  return { ...path, severity: lowerByRole(path.severity, path.run?.role ?? fileRole(path.place.file)) };
}

/** A literal key is as bad in an example as anywhere. */
const WHEREVER: ReadonlySet<string> = new Set(['CRD015', 'CT002']);

/** By the role of the file, and by whether it is the output of a compiler whose source is audited. */
function weigh(draft: FindingDraft, compiled: ReadonlySet<string>): FindingDraft {
  if (WHEREVER.has(draft.rule)) return draft;
  const role = lowerByRole(draft.severity, fileRole(draft.place.file));
  const mendedInSource = compiled.has(draft.place.file) && !draft.rule.startsWith('AW');
  return { ...draft, severity: mendedInSource ? atMostLow(role) : role };
}

/** A compiled agentic workflow is mended in its source; that it differs from it is what the AW rules report. */
function compiledFiles(facts: Facts): ReadonlySet<string> {
  return new Set(facts.pipelines.filter(({ role }) => role === 'agentic-lock').map(({ file }) => file.path));
}

function atMostLow(severity: FindingDraft['severity']): FindingDraft['severity'] {
  return severity === 'info' ? 'info' : 'low';
}

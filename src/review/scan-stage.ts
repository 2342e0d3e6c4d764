import {
  type FindingDraft,
  type IngestedScan,
  ingestScan,
  type ReadSource,
  type RuleDescriptor,
  withoutDuplicates,
} from '../findings/index.ts';
import type { Gap, Place, SourceFile, SourceTree } from '../syntax/index.ts';
import type { TreeChange } from '../workspace/index.ts';
import { touches } from './delta.ts';

/** Files of other scanners. */
export interface ScanFiles {
  readonly head: readonly SourceFile[];
  /** Of the base; empty when nobody scanned it. */
  readonly base: readonly SourceFile[];
}

export const NO_SCANS: ScanFiles = { head: [], base: [] };

/** What a report says about the scans. */
export interface ScanAccount {
  readonly tools: readonly string[];
  /** Results for the head. */
  readonly results: number;
  /** Results that a finding of ours, or of another scanner, says already. */
  readonly known: readonly { readonly rule: string; readonly by: string; readonly file: string }[];
  /** Results on lines that did not change, of which nobody knows whether they are new: the base was not scanned. */
  readonly unknownAge: number;
}

/** Results of other scanners, ready to be compared. */
export interface ScanSides {
  readonly base: readonly FindingDraft[];
  readonly head: readonly FindingDraft[];
  /** Neither new nor known to be old. */
  readonly undecided: readonly FindingDraft[];
  readonly rules: readonly RuleDescriptor[];
  /** A scan that was not taken in whole. */
  readonly gaps: readonly Gap[];
  /** Undefined when there was no scan. */
  readonly account: ScanAccount | undefined;
  /** Where keys stand that a scanner found. */
  readonly secrets: readonly Place[];
}

export interface ScanStageRequest {
  readonly files: ScanFiles;
  readonly trees: { readonly base: SourceTree; readonly head: SourceTree };
  readonly changes: readonly TreeChange[];
  /** The whole of head is reviewed: everything in it is new. */
  readonly whole: boolean;
  /** What our own stages found on each side. */
  readonly own: { readonly base: readonly FindingDraft[]; readonly head: readonly FindingDraft[] };
  readonly ownRules: readonly RuleDescriptor[];
}

/**
 * Takes in what other scanners found. What our own stages say already is left out and counted. A scan of the base tells
 * what is new; without one only what stands on changed lines is, and the rest is listed as of unknown age.
 */
export function takeInScans({ files, trees, changes, whole, own, ownRules }: ScanStageRequest): ScanSides {
  const sourceOf =
    (tree: SourceTree): ReadSource =>
    (path) => {
      const file = tree.read(path);
      return file && 'text' in file ? file : undefined;
    };
  const head = mergeScans(files.head.map((file) => ingestScan(file, sourceOf(trees.head))));
  const base = mergeScans(files.base.map((file) => ingestScan(file, sourceOf(trees.base))));
  const rules = [...ownRules, ...head.rules, ...base.rules];
  const fresh = withoutDuplicates(head.findings, own.head, rules, sourceOf(trees.head));
  const older = withoutDuplicates(base.findings, own.base, rules, sourceOf(trees.base));
  const isDated = whole || files.base.length > 0;
  const isNew = ({ place }: FindingDraft): boolean => isDated || touches(place, changes, trees.head);
  const undecided = fresh.distinct.filter((draft) => !isNew(draft));
  return {
    base: older.distinct,
    head: fresh.distinct.filter(isNew),
    undecided,
    rules: head.rules,
    gaps: [...head.gaps, ...base.gaps],
    account:
      files.head.length === 0
        ? undefined
        : {
            tools: head.tools,
            results: head.findings.length,
            known: fresh.known.map(({ draft, by }) => ({ rule: draft.rule, by, file: draft.place.file })),
            unknownAge: undecided.length,
          },
    secrets: [...head.secrets, ...base.secrets],
  };
}

function mergeScans(scans: readonly IngestedScan[]): IngestedScan {
  const rules = new Map(scans.flatMap((scan) => scan.rules).map((rule) => [rule.id, rule]));
  return {
    tools: [...new Set(scans.flatMap(({ tools }) => tools))],
    findings: scans.flatMap(({ findings }) => findings),
    rules: [...rules.values()],
    gaps: scans.flatMap(({ gaps }) => gaps),
    secrets: scans.flatMap(({ secrets }) => secrets),
  };
}

/** The text of a file with the keys on these lines blanked, each line as long as it was. */
export function withoutSecrets(file: SourceFile, secrets: readonly Place[]): SourceFile {
  let { text } = file;
  for (const { file: path, span } of secrets) {
    if (path !== file.path) continue;
    const start = text.lastIndexOf('\n', Math.max(0, span.start - 1)) + 1;
    const next = text.indexOf('\n', Math.max(span.start, span.end - 1));
    const end = next < 0 ? text.length : next;
    const line = text.slice(start, end);
    const sign = line.search(/[=:]/);
    text = `${text.slice(0, start)}${line.slice(0, sign + 1)}${line.slice(sign + 1).replace(/[^\s]/g, '*')}${text.slice(end)}`;
  }
  return { ...file, text };
}

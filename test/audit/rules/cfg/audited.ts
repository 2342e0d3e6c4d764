import { CFG_RULES } from '../../../../src/audit/rules/cfg/index.ts';
import { readFacts } from '../../../../src/facts/index.ts';
import { applyEdits, type FindingDraft, type RuleExample } from '../../../../src/findings/index.ts';
import { loadReaders, type SourceTree } from '../../../../src/syntax/index.ts';
import { memoryTree } from '../../../support/memory-tree.ts';

const readers = await loadReaders();

export type Files = { readonly [path: string]: string };

export function filesOf(examples: readonly RuleExample[]): Files {
  return Object.fromEntries(examples.map(({ file, text }) => [file, text]));
}

/** What the rules of this family report about a repository. */
export function auditTree(tree: SourceTree): readonly FindingDraft[] {
  const facts = readFacts(tree, readers);
  return CFG_RULES.flatMap((rule) => [...rule.check(facts, { today: '2026-11-21' })]);
}

export function audit(files: Files): readonly FindingDraft[] {
  return auditTree(memoryTree(files));
}

export function findingsOf(rule: string, files: Files): readonly FindingDraft[] {
  return audit(files).filter((finding) => finding.rule === rule);
}

/** The repository after the first fix of a finding. */
export function mended(files: Files, finding: FindingDraft): Files {
  const fix = finding.fixes?.[0];
  if (fix === undefined) throw new Error(`${finding.rule} offers no fix`);
  const result: { [path: string]: string } = { ...files };
  for (const { file, content } of fix.creates) result[file] = content;
  for (const file of new Set(fix.edits.map((edit) => edit.file))) {
    const outcome = applyEdits(
      files[file] ?? '',
      fix.edits.filter((edit) => edit.file === file),
    );
    if (outcome.kind !== 'applied') throw new Error(`${finding.rule}: ${outcome.reason}`);
    result[file] = outcome.text;
  }
  return result;
}

/** The text that a finding points at. */
export function textAt(files: Files, { place }: FindingDraft): string {
  return (files[place.file] ?? '').slice(place.span.start, place.span.end);
}

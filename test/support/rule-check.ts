import type { Rule } from '../../src/audit/rule.ts';
import { readFacts } from '../../src/facts/index.ts';
import type { FindingDraft } from '../../src/findings/index.ts';
import { createLineIndex, loadReaders } from '../../src/syntax/index.ts';
import { memoryTree } from './memory-tree.ts';

const readers = await loadReaders();

/** A finding with the line and column at which it begins. */
export interface PlacedFinding extends FindingDraft {
  readonly at: string;
}

/** What one rule of a family reports about these files. */
export function checkRule(
  rules: readonly Rule[],
  id: string,
  files: Readonly<Record<string, string>>,
): readonly PlacedFinding[] {
  const facts = readFacts(memoryTree(files), readers);
  const found = rules
    .filter((rule) => rule.id === id)
    .flatMap((rule) => [...rule.check(facts, { today: '2026-11-21' })]);
  return found.map((finding) => {
    const { line, column } = createLineIndex(facts.source(finding.place.file)?.text ?? '').position(
      finding.place.span.start,
    );
    return { ...finding, at: `${line}:${column}` };
  });
}

/** The text of a file after the first fix of the first finding. */
export function mend(text: string, [finding]: readonly FindingDraft[]): string {
  const edits = finding?.fixes?.[0]?.edits.toSorted((one, other) => other.span.start - one.span.start) ?? [];
  return edits.reduce((rest, { span, text: put }) => rest.slice(0, span.start) + put + rest.slice(span.end), text);
}

export const WORKFLOW = '.github/workflows/agent.yml';

/** A workflow with one job: `on` two blanks deep, `job` four, `steps` six. */
export function workflowText(on: string, steps: string, job = '', permissions = '  contents: read'): string {
  return `on:\n${on}\npermissions:\n${permissions}\njobs:\n  agent:\n    runs-on: ubuntu-24.04\n${job}    steps:\n${steps}\n`;
}

export const ISSUES = '  issues:\n    types: [opened]';
export const COMMENTS = '  issue_comment:\n    types: [created]';

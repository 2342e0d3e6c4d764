import { type Audit, auditTree } from '../../src/audit/index.ts';
import type { Finding, Severity } from '../../src/findings/index.ts';
import { loadReaders } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

export const readers = await loadReaders();
export const TODAY = '2026-11-21';
export const CHECKOUT = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2';
export const SHA = '0123456789abcdef0123456789abcdef01234567';
export const KEY = '          ANTHROPIC_API_KEY: ${{ secrets.ANTHROPIC_API_KEY }}\n';

export type Files = Readonly<Record<string, string>>;

export function auditOf(files: Files): Audit {
  return auditTree(memoryTree(files), readers, { today: TODAY });
}

export function findingsOf(files: Files, rule: string): readonly Finding[] {
  return auditOf(files).findings.filter((finding) => finding.rule === rule);
}

const SEVERE: ReadonlySet<Severity> = new Set(['critical', 'high', 'medium']);

/** The ids at medium or above, each once, sorted. */
export function severeRules(files: Files): readonly string[] {
  const found = auditOf(files).findings.filter(({ severity }) => SEVERE.has(severity));
  return [...new Set(found.map(({ rule }) => rule))].sort();
}

/** All ids, each once, sorted. */
export function rulesOf(files: Files): readonly string[] {
  return [...new Set(auditOf(files).findings.map(({ rule }) => rule))].sort();
}

export function reports(files: Files, rule: string): boolean {
  return rulesOf(files).includes(rule);
}

export interface JobShape {
  /** What stands behind `on:`, two blanks deep. */
  readonly on?: string;
  readonly permissions?: string;
  /** Lines of the job, four blanks deep. */
  readonly job?: string;
  readonly ref?: string;
}

/** A workflow of one job that checks out without credentials; the steps stand six blanks deep. */
export function workflow(
  steps: string,
  { on = 'issues:\n    types: [opened]', permissions = 'contents: read', job = '', ref }: JobShape = {},
): Files {
  return {
    '.github/workflows/agent.yml': `name: agent\non:\n  ${on}\npermissions:\n  ${permissions}\njobs:\n  agent:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n${job}    steps:\n      - uses: ${CHECKOUT}\n        with:\n          persist-credentials: false\n${ref === undefined ? '' : `          ref: ${ref}\n`}${steps}`,
  };
}

/** A step that runs a script with the model key. */
export function script(text: string, environment = ''): string {
  const lines = text.split('\n').map((line) => `          ${line}\n`);
  return `      - run: |\n${lines.join('')}        env:\n${KEY}${environment}`;
}

/** A step that uses an action. */
export function action(name: string, inputs: readonly string[]): string {
  return `      - uses: ${name}@${SHA}\n        with:\n${inputs.map((line) => `          ${line}\n`).join('')}`;
}

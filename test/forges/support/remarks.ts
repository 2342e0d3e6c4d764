import type { ChangeReference, LineRemark } from '../../../src/forges/index.ts';

/** Some fingerprint. */
export function fingerprint(number: number): string {
  return number.toString(16).padStart(64, '0');
}

export function remarkAt(line: number, change: Partial<LineRemark> = {}): LineRemark {
  return {
    fingerprint: fingerprint(line),
    path: 'src/app.py',
    startLine: line,
    endLine: line,
    side: 'head',
    markdown: `Something at line ${line}`,
    suggestion: undefined,
    ...change,
  };
}

export function referenceTo(headCommit: string, change: Partial<ChangeReference> = {}): ChangeReference {
  return { repository: 'acme/app', number: 7, headCommit, baseCommit: undefined, ...change };
}

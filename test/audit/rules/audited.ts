import { auditTree } from '../../../src/audit/index.ts';
import type { Finding, Fix } from '../../../src/findings/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();

export const WORKFLOW = '.github/workflows/agent.yml';
export const KEY = 'ANTHROPIC_API_KEY: ${{ secrets.ANTHROPIC_API_KEY }}';
export const PULL_REQUEST_TARGET = '  pull_request_target:\n    types: [opened]';
export const HEAD = '${{ github.event.pull_request.head.sha }}';

type Files = { readonly [path: string]: string };

/** One job with these steps, which stand six blanks deep. */
export function pipeline(steps: string, on = '  workflow_dispatch:', job = ''): string {
  return `name: agent\non:\n${on}\npermissions:\n  contents: read\njobs:\n  agent:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n${job}    steps:\n${steps}\n`;
}

/** A checkout, of `ref` where one is given. */
export function checkout(ref?: string, more = ''): string {
  const lines = ref === undefined ? '' : `          ref: ${ref}\n`;
  return `      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2\n        with:\n          persist-credentials: false\n${lines}${more}`;
}

/** A step of one command that holds the model key. */
export function agent(command: string, more = ''): string {
  return `      - run: ${command}\n        env:\n          ${KEY}\n${more}`;
}

export function findings(files: Files, rule: string): readonly Finding[] {
  return auditTree(memoryTree({ ...files }), readers, { today: '2026-11-21' }).findings.filter(
    (finding) => finding.rule === rule,
  );
}

/** `severity text-at-the-place` of every finding of a rule. */
export function marks(files: Files, rule: string): readonly string[] {
  return findings(files, rule).map(({ severity, place }) => {
    const text = files[place.file] ?? '';
    return `${severity} ${text.slice(place.span.start, place.span.end)}`;
  });
}

/** A file after the first fix of the first finding. */
export function mended(files: Files, rule: string, path = WORKFLOW): string | undefined {
  const fix: Fix | undefined = findings(files, rule)[0]?.fixes[0];
  if (fix === undefined) return undefined;
  const own = fix.edits.filter(({ file }) => file === path);
  return own
    .toSorted((one, other) => other.span.start - one.span.start)
    .reduce((text, { span, text: put }) => text.slice(0, span.start) + put + text.slice(span.end), files[path] ?? '');
}

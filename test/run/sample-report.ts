import type { RunReport } from '../../src/run/report/index.ts';

/** Text that is live in some medium: a terminal, a job log, Markdown or HTML. */
export const HOSTILE =
  '<script>alert(1)</script>\u001b[2J\u202e|`](http://evil.example)\n::add-mask::x ##vso[task.complete]';

/** A complete report in which every foreign field holds `text`. */
export function sampleReport(text: string): RunReport {
  return {
    version: 1,
    run: 'r-0123',
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 61_500,
    command: ['claude', '-p', text],
    agent: { id: 'claude-code', title: 'Claude Code', version: '2.1.330' },
    policy: { origins: ['built-in default for claude-code'], digest: 'ab'.repeat(32) },
    base: { ref: 'HEAD', commit: 'c0ffee' },
    end: { kind: 'completed' },
    exitCode: 0,
    isolation: {},
    activity: {
      tools: [
        { id: '1', tool: 'Bash', summary: text, verdict: 'allow', rule: 'bash', reason: '', writes: [] },
        { id: '2', tool: text, summary: 'git push', verdict: 'deny', rule: 'no-push', reason: text, writes: [] },
      ],
      refusedConnections: [{ target: text, rule: 'default', reason: text, times: 3 }],
      model: {
        requests: 4,
        refused: 0,
        inputTokens: 1200,
        outputTokens: 300,
        cacheTokens: 0,
        usd: 0.1234,
        models: ['m'],
      },
      records: 12,
      gaps: 0,
      agreement: { match: 3, mismatch: 0, unobserved: 1 },
    },
    dataFlow: {
      version: 1,
      run: 'r-0123',
      accounted: true,
      destinations: [
        {
          destination: text,
          requests: 4,
          refused: 1,
          bytesOut: 20_480,
          bytesIn: 1024,
          redactions: 1,
          files: [{ path: text, lines: 10, fraction: 0.5 }],
          partial: false,
        },
      ],
    },
    workspace: {},
    change: {
      base: { commit: 'c0ffee', tree: 't0' },
      head: { tree: 't1' },
      files: [
        {
          path: text,
          status: 'added',
          class: 'source',
          oldMode: undefined,
          newMode: '100644',
          binary: false,
          addedLines: 3,
          removedLines: 0,
        },
      ],
      withheld: [{ path: '.github/workflows/x.yml', reason: text, rule: 'protected' }],
      status: 'partial',
      reviewFile: undefined,
      patchFile: 'changes.patch',
      patchBytes: 100,
      patchSha256: 'ff',
      bundleFile: undefined,
      secretHits: [{ path: text, name: 'ANTHROPIC_API_KEY', encoding: 'base64' }],
    },
    teardown: {},
    evidence: { ledger: 'ledger', records: 12, rootHash: 'ab', key: 'k', verdict: 'SIGNED-UNANCHORED' },
    notes: [text],
  };
}

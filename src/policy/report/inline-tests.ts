import type { Action, Decision } from '../action.ts';
import type { PolicyDocument, PolicyTest, TestSubject } from '../document.ts';
import type { Policy } from '../policy.ts';
import { toolActionOf } from './tool-action.ts';

export interface TestOutcome {
  readonly test: PolicyTest;
  readonly decision: Decision;
  readonly passed: boolean;
}

/** Run the `tests:` of a document against the policy it compiles to. */
export function runPolicyTests(document: PolicyDocument, policy: Policy): readonly TestOutcome[] {
  return (document.tests ?? []).map((test) => {
    const labels = { untrusted: test.labels.includes('untrusted'), secret: test.labels.includes('secret') };
    const decision = policy.decide(actionOf(test.given), { labels, counters: {} });
    const passed = decision.verdict === test.expect && (test.by === undefined || decision.rule === test.by);
    return { test, decision, passed };
  });
}

function actionOf(given: TestSubject): Action {
  switch (given.kind) {
    case 'tool':
      return toolActionOf(given.tool, given.argument);
    case 'file':
      return { plane: 'file', operation: given.operation, path: given.path };
    case 'fetch': {
      const url = new URL(given.url);
      const protocol = url.protocol === 'http:' ? 'http' : 'https';
      const port = url.port === '' ? (protocol === 'http' ? 80 : 443) : Number(url.port);
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
      return { plane: 'network', host, port, protocol, method: given.method, path: url.pathname + url.search };
    }
    case 'model':
      return {
        plane: 'model',
        provider: 'anthropic',
        endpoint: '/v1/messages',
        model: given.model,
        hostedTools: [],
        urlInputs: 0,
      };
    case 'merge':
      return {
        plane: 'merge',
        paths: [],
        pathClasses: [],
        approvals: 0,
        findings: { critical: 0, high: 0, medium: 0, low: 0 },
        weakened: [],
        attestations: [],
        ...given.change,
      };
  }
}

import { matchWildcard } from '../../../policy/index.ts';
import type { JsonObject } from '../../../system/index.ts';
import type { PredictedDecision } from './decision.ts';
import { byRule, type Judgement } from './judge-path.ts';
import type { PermissionRule } from './permission-rule.ts';

/**
 * `WebFetch(domain:…)` compares the host without case, port, user and final dot; `*` is any text (reference: agents
 * §2.4.8). The CLI's own list of approved documentation hosts is not modelled: without a rule the answer is to ask.
 */
export function judgeFetch(input: JsonObject, on: Judgement): PredictedDecision | undefined {
  const url = input['url'];
  if (typeof url !== 'string') return { verdict: 'deny', by: 'input', reason: 'the input holds no address' };
  const host = hostOf(url);
  const fits = ({ spec, tool }: PermissionRule) => tool === 'WebFetch' && spec !== undefined && isAbout(spec, host);
  for (const list of ['deny', 'ask'] as const) {
    const rule = on.settings.rules.find((one) => one.list === list && fits(one));
    if (rule) return byRule(rule, 'the rule is about this host');
  }
  if (on.settings.mode === 'bypassPermissions') return undefined;
  const approved = host === '' ? undefined : on.settings.rules.find((one) => one.list === 'allow' && fits(one));
  return approved && byRule(approved, 'the rule is about this host');
}

function isAbout(spec: string, host: string): boolean {
  if (!spec.startsWith('domain:')) return false;
  return matchWildcard(spec.slice('domain:'.length).toLowerCase(), host);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase().replace(/\.$/, '') : '';
}

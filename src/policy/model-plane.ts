import type { Decision, ModelAction, SessionState } from './action.ts';
import type { ModelRule } from './document.ts';
import type { ModelGrant } from './policy.ts';
import { type CompiledRule, collectHits, conclude, quote, type RuleSet } from './rule.ts';
import { matchWildcard } from './wildcard.ts';

export type ModelRules = RuleSet<CompiledRule<ModelAction>>;
type Conditions = Pick<CompiledRule<ModelAction>, 'holds' | 'observed'>;

export function compileModelRule(rule: ModelRule, conditions: Conditions): CompiledRule<ModelAction> {
  const fold = rule.effect !== 'allow';
  const pattern = fold ? rule.model.toLowerCase() : rule.model;
  return {
    ...conditions,
    head: rule,
    says: `${rule.effect} model ${rule.model}`,
    selects: (action) => matchWildcard(pattern, fold ? action.model.toLowerCase() : action.model),
  };
}

type ModelBounds = Partial<Pick<ModelGrant, 'hostedTools' | 'urlInputs' | 'maxRequests'>>;

/** Tools that run at the provider and URLs that it fetches are ways out that no sandbox sees. */
export function decideModel(set: ModelRules, bounds: ModelBounds, action: ModelAction, state: SessionState): Decision {
  const granted = bounds.hostedTools === 'off' ? [] : bounds.hostedTools;
  const extra = action.hostedTools.find((tool) => granted !== undefined && !granted.includes(tool));
  if (extra !== undefined) {
    const reason = `the provider-hosted tool ${quote(extra)} is not granted (model.hostedTools)`;
    return { verdict: 'deny', rule: 'model.hostedTools', reason };
  }
  if (bounds.urlInputs === 'off' && action.urlInputs > 0) {
    const reason = 'the request makes the provider fetch a URL (model.urlInputs is off)';
    return { verdict: 'deny', rule: 'model.urlInputs', reason };
  }
  if (bounds.maxRequests !== undefined && (state.counters['model:request'] ?? 0) >= bounds.maxRequests) {
    const reason = `the budget of ${bounds.maxRequests} model requests is spent (model.budget.requests)`;
    return { verdict: 'deny', rule: 'model.budget.requests', reason };
  }
  return conclude(collectHits(set.rules, action, state), set.otherwise, `model ${quote(action.model)}`);
}

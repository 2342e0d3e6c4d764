import type { AgentExplanation } from '../../audit/index.ts';
import { jsonObject, type RuleDescriptor, renderJson } from '../../findings/index.ts';

/** What is in force for agents, for programs. */
export function renderExplanations(explanations: readonly AgentExplanation[]): string {
  return renderJson({
    format: 'sallyport-agents/1',
    agents: explanations.map(({ id, product, sections, ruleOfTwo }) => ({
      id,
      product,
      sections: sections.map(({ title, statements }) => ({
        title,
        statements: statements.map(({ text, at }) => {
          return jsonObject({ text, at: at && { file: at.file, line: at.line, column: at.column } });
        }),
      })),
      ruleOfTwo,
    })),
  });
}

/** A rule, for programs. */
export function renderRule(rule: RuleDescriptor): string {
  const examples = (name: 'attack' | 'benign') => rule[name].map(({ file, text }) => ({ file, text }));
  return renderJson({ ...described(rule), attack: examples('attack'), benign: examples('benign') });
}

/** All rules, without their examples, for programs. */
export function renderRules(rules: readonly RuleDescriptor[]): string {
  return renderJson({ format: 'sallyport-rules/1', rules: rules.map(described) });
}

function described(rule: RuleDescriptor) {
  const { id, name, title, what, why, sources, severity, confidence, tier, family, fix, advice, tags } = rule;
  return { id, name, title, what, why, sources, severity, confidence, tier, family, fix, advice, tags };
}

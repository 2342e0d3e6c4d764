import { allRules } from '../../audit/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { RuleDescriptor, RuleExample } from '../../findings/index.ts';
import { suggest } from '../../policy/index.ts';

/** The rule of this id, in whatever case it is written. @throws SallyportError SP2105 */
export function findRule(id: string): RuleDescriptor {
  const rules = allRules();
  const rule = rules.get(id) ?? rules.get(id.toUpperCase()) ?? [...rules.values()].find(({ name }) => name === id);
  if (rule) return rule;
  throw new SallyportError('SP2105', `there is no rule ${JSON.stringify(id)}`, {
    advice: adviceFor(id, [...rules.keys()]),
  });
}

/** A rule of another command is explained elsewhere. */
function adviceFor(id: string, known: readonly string[]): string | undefined {
  const [family] = /^(?:CODE|REV|GATE)(?=\d)/i.exec(id) ?? [];
  switch (family?.toUpperCase()) {
    case 'CODE':
      return `It is a rule of the review; docs/rules/${id.toUpperCase()}.md explains it.`;
    case 'REV':
      return 'It is a rule of the review; docs/review.md explains it.';
    case 'GATE':
      return 'It is a reason of the gate; docs/gate.md explains it.';
  }
  const near = suggest(id, known);
  return near === undefined ? undefined : `Did you mean ${near}?`;
}

/** Everything there is to know about one rule. */
export function formatRule(rule: RuleDescriptor): string {
  const mended = { safe: 'safely with --fix', unsafe: 'with --fix-unsafe', none: 'by a person only' }[rule.fix];
  return [
    `${rule.id} ${rule.name}: ${rule.title}`,
    `${rule.severity}, confidence ${rule.confidence}, ${rule.tier === 'pedantic' ? 'shown with --profile all' : 'shown by default from medium up'}; mended ${mended}`,
    '',
    rule.what,
    '',
    `Why: ${rule.why}`,
    '',
    `What to do: ${rule.advice}`,
    '',
    `Sources: ${rule.sources.join(' · ')}`,
    ...(rule.tags.length === 0 ? [] : [`Classes: ${rule.tags.join(', ')}`]),
    ...examples('Reported', rule.attack),
    ...examples('Not reported', rule.benign),
    '',
  ].join('\n');
}

function examples(title: string, files: readonly RuleExample[]): readonly string[] {
  return files.flatMap(({ file, text }) => [
    '',
    `${title}, ${file}:`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`.trimEnd()),
  ]);
}

/** Every rule, by id. */
export function listRules(): readonly RuleDescriptor[] {
  return [...allRules().values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** One rule a line. */
export function formatRules(rules: readonly RuleDescriptor[]): string {
  return rules
    .map(({ id, severity, tier, title }) => {
      return `${id.padEnd(8)} ${severity.padEnd(8)} ${tier === 'pedantic' ? 'pedantic ' : '         '}${title}\n`;
    })
    .join('');
}

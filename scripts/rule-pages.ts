/** The pages of the rules, made from their descriptors. */
import type { RuleDescriptor, RuleExample } from '../src/findings/index.ts';

/** Families in the order of the catalogue, with what each is about. */
const FAMILIES: readonly (readonly [family: string, about: string])[] = [
  ['PATH', 'Whole attack paths: who starts it, through which text, agent and credential, to which way out'],
  ['AGT', 'How the agent is invoked'],
  ['INP', 'What reaches the prompt'],
  ['CRD', 'Credentials'],
  ['EXE', 'Workspace and code execution around the agent'],
  ['NET', 'Egress and endpoints'],
  ['GAT', 'Triggers, gates, token rights'],
  ['SUP', 'Supply chain of the agent'],
  ['CFG', 'Agent configuration in the repository'],
  ['LIF', 'Bounds, teardown, records'],
  ['GL', 'GitLab'],
  ['JK', 'Jenkins'],
  ['AZ', 'Azure Pipelines'],
  ['AW', 'GitHub Agentic Workflows'],
  ['CT', 'Containers'],
  ['CI', 'Pipelines in general'],
  ['META', 'The audit itself'],
  ['CODE', 'Source code: flows of outsiders’ data, and weaknesses that are none'],
];

/** The index of all rules, by family. */
export function rulesIndex(rules: readonly RuleDescriptor[], generated: string): string {
  const sections = FAMILIES.map(([family, about]) => {
    const members = rules.filter((rule) => rule.family === family);
    if (members.length === 0) return '';
    const rows = members.map(({ id, title, severity, fix, tier }) => {
      const shown = tier === 'pedantic' ? `${severity}, \`--profile all\`` : severity;
      return `| [${id}](${id}.md) | ${cell(title)} | ${shown} | ${fix === 'none' ? '' : fix} |`;
    });
    return [`## ${family}: ${about}`, '', '| rule | | severity | fix |', '|---|---|---|---|', ...rows, ''].join('\n');
  });
  const opening = `${rules.length} rules. The severity is that of the single weakness; a finding is raised or lowered by the path it lies on.`;
  return ['# Rules of `sallyport audit` and `sallyport review`', '', generated, '', opening, '', ...sections].join(
    '\n',
  );
}

/** The page of one rule. */
export function rulePage(rule: RuleDescriptor, generated: string): string {
  const fix = { safe: 'safe (`--fix`)', unsafe: 'wants your eyes (`--fix-unsafe`)', none: 'none' }[rule.fix];
  return [
    `# ${rule.id} ${rule.title}`,
    '',
    generated,
    '',
    `\`${rule.name}\` · severity ${rule.severity} · confidence ${rule.confidence} · fix: ${fix}${rule.tier === 'pedantic' ? ' · only with `--profile all`' : ''}`,
    '',
    '## What it finds',
    '',
    rule.what,
    '',
    '## Why it matters',
    '',
    rule.why,
    '',
    '## What to do',
    '',
    rule.advice,
    '',
    ...examples('## Reported', rule.attack),
    ...examples('## Not reported', rule.benign),
    '## Sources',
    '',
    ...rule.sources.map((source) => `- ${source}`),
    ...(rule.tags.length > 0 ? ['', `Classes: ${rule.tags.join(', ')}`] : []),
    '',
  ].join('\n');
}

function examples(title: string, files: readonly RuleExample[]): readonly string[] {
  if (files.length === 0) return [];
  return [title, '', ...files.flatMap(({ file, text }) => [`\`${file}\``, '', ...fenced(file, text), ''])];
}

/** A fence longer than any run of backticks inside. */
function fenced(file: string, text: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${languageOf(file)}`, showHidden(text).trimEnd(), fence];
}

/** Hidden characters of an example would be as hidden in its page. */
function showHidden(text: string): string {
  return text.replace(/[\p{Cf}\p{Co}\p{Variation_Selector}]/gu, (character) => {
    return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

const LANGUAGES: Record<string, string> = {
  ...{ yml: 'yaml', yaml: 'yaml', json: 'json', toml: 'toml', md: 'markdown' },
  ...{ py: 'python', js: 'javascript', ts: 'typescript' },
};

function languageOf(file: string): string {
  return LANGUAGES[file.split('.').at(-1) ?? ''] ?? '';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft, RuleDescriptor, Severity } from '../../../findings/index.ts';
import type { Gap } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';

/** Turns the gaps of some kinds into findings: what was not read is said, never silence. */
function gapRule(descriptor: RuleDescriptor, kinds: readonly Gap['kind'][]): Rule {
  return {
    ...descriptor,
    check: (facts: Facts) =>
      firstFaults(facts.gaps.filter(({ kind }) => kinds.includes(kind))).map(
        (gap): FindingDraft => ({
          rule: descriptor.id,
          message: gap.message,
          severity: descriptor.severity,
          confidence: 'high',
          place: gap.place,
          subject: `${gap.kind} ${gap.message}`,
        }),
      ),
  };
}

/** Behind the first fault of a syntax a parser guesses: what it says of the rest of the file is no news. */
function firstFaults(gaps: readonly Gap[]): readonly Gap[] {
  const faulty = new Set<string>();
  return gaps.filter(({ kind, place }) => {
    if (kind !== 'syntax') return true;
    const isFirst = !faulty.has(place.file);
    faulty.add(place.file);
    return isFirst;
  });
}

const META = {
  confidence: 'high',
  tier: 'regular',
  family: 'META',
  fix: 'none',
  tags: ['CWE-1059'],
} as const;

const PLAIN_WORKFLOW = `name: test
on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: echo ok
`;

const low: Severity = 'low';

/** META03, META06, META09. */
export const GAP_RULES: readonly Rule[] = [
  gapRule(
    {
      ...META,
      id: 'META03',
      name: 'file-does-not-parse',
      title: 'A file does not parse',
      what: 'A pipeline or configuration file is not valid in its own format; what could be read of it was audited.',
      why: 'Platforms and agents drop an invalid file or read it in another way than its author; a guard in it may not exist.',
      sources: ['Claude Code documentation, settings: invalid files are dropped silently in a headless run'],
      severity: low,
      advice: 'Mend the syntax at the place shown.',
      attack: [{ file: '.claude/settings.json', text: '{ "permissions": { "deny": ["Bash(curl:*)"] ' }],
      benign: [{ file: '.claude/settings.json', text: '{ "permissions": { "deny": ["Bash(curl:*)"] } }\n' }],
    },
    ['syntax', 'encoding', 'unreadable'],
  ),
  gapRule(
    {
      ...META,
      id: 'META09',
      name: 'cap-reached',
      title: 'A file was not read to its end',
      what: 'A limit on size, depth, number of files or aliases was reached; the file is named.',
      why: 'A limit protects the audit against hostile input, and hostile input can hide behind it.',
      sources: ['docs/threat-model.md'],
      severity: low,
      advice: 'Look at the file by hand, or split it.',
      attack: [{ file: '.github/workflows/deep.yml', text: `on: push\njobs: ${'['.repeat(600)}${']'.repeat(600)}\n` }],
      benign: [{ file: '.github/workflows/test.yml', text: PLAIN_WORKFLOW }],
    },
    ['cap'],
  ),
  gapRule(
    {
      ...META,
      id: 'META06',
      name: 'configuration-behind-a-link',
      title: 'A configuration file is a link and was not followed',
      what: 'A file that an agent or pipeline loads is a symbolic link, or lies in a submodule.',
      why: 'What the link points at decides what the agent may do, and it can lie outside of what reviewers see.',
      sources: ['Claude Code documentation, settings: a linked .claude is treated as supplied by the repository'],
      severity: low,
      advice: 'Replace the link by the file.',
      attack: [],
      benign: [{ file: '.github/workflows/test.yml', text: PLAIN_WORKFLOW }],
    },
    ['link'],
  ),
];

import type { FindingDraft } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';

const AGENT_WITH_KEY = `name: nightly
on:
  schedule:
    - cron: '0 3 * * *'
permissions:
  contents: read
jobs:
  nightly:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: claude -p "Summarise the changes of the day" --max-turns 5
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`;

/** META07: agents run here, and no policy says what they may do. */
const noPolicy: Rule = {
  id: 'META07',
  name: 'no-policy',
  title: 'No policy says what agents may do here',
  what: 'The repository starts an agent in a pipeline and has no sallyport.yaml.',
  why: 'Without a policy the built-in default applies to contained runs, and nothing can be required at the gate.',
  sources: ['docs/policy.md'],
  severity: 'info',
  confidence: 'high',
  tier: 'regular',
  family: 'META',
  fix: 'none',
  advice: 'Run `sallyport init`: it writes the least policy that the pipelines need.',
  tags: [],
  attack: [{ file: '.github/workflows/nightly.yml', text: AGENT_WITH_KEY }],
  benign: [
    { file: '.github/workflows/nightly.yml', text: AGENT_WITH_KEY },
    { file: 'sallyport.yaml', text: 'version: 1\n' },
  ],
  check: (facts) => {
    const first = facts.runs.find(({ role }) => role === 'active');
    const has = facts.tree.entries.some(({ path }) => path === 'sallyport.yaml' || path === 'sallyport.yml');
    if (!first || has) return [];
    const message = `${facts.runs.length} agent ${facts.runs.length === 1 ? 'run' : 'runs'} and no sallyport.yaml`;
    return [
      {
        rule: 'META07',
        message,
        severity: 'info',
        confidence: 'high',
        place: first.invocation.place,
        subject: 'repository',
      },
    ];
  },
};

/** META05: something that looks like a control and cannot be seen from the repository. */
const controlNotVerifiable: Rule = {
  id: 'META05',
  name: 'control-not-verifiable',
  title: 'A control is named that the repository cannot prove',
  what: "An agent's job names a deployment environment or another control whose rules live in the platform's settings.",
  why: 'An environment without required reviewers stops nobody. The audit counts such a control as unknown, never as safe.',
  sources: ['GitHub documentation, "Managing environments for deployment"'],
  severity: 'info',
  confidence: 'high',
  tier: 'pedantic',
  family: 'META',
  fix: 'none',
  advice: 'Check in the settings of the platform that the environment requires a reviewer.',
  tags: [],
  attack: [
    {
      file: '.github/workflows/nightly.yml',
      text: AGENT_WITH_KEY.replace('    timeout-minutes', '    environment: agents\n    timeout-minutes'),
    },
  ],
  benign: [{ file: '.github/workflows/nightly.yml', text: AGENT_WITH_KEY }],
  check: (facts) =>
    facts.runs.flatMap((run) =>
      run.controls
        .filter(({ kind }) => kind === 'environment-approval')
        .map(
          (control): FindingDraft => ({
            rule: 'META05',
            message: `Whether the environment of job ${run.job.id} has reviewers is not written in the repository`,
            severity: 'info',
            confidence: 'high',
            place: control.place,
            subject: `${run.job.id} ${control.kind}`,
          }),
        ),
    ),
};

/** META04: reported while suppressions are applied, not from the facts. */
const suppressionFault: Rule = {
  id: 'META04',
  name: 'suppression-fault',
  title: 'A suppression does not do what it says',
  what: 'A suppression has no reason, has expired, names a rule that does not exist, or matches nothing.',
  why: 'A forgotten suppression hides the next finding of its rule, and nobody knows why it was written.',
  sources: ['docs/audit.md'],
  severity: 'low',
  confidence: 'high',
  tier: 'regular',
  family: 'META',
  fix: 'none',
  advice: 'Give a reason and a new date, or remove it.',
  tags: [],
  attack: [{ file: '.github/workflows/nightly.yml', text: `# sallyport: ignore[AGT019]\n${AGENT_WITH_KEY}` }],
  benign: [{ file: '.github/workflows/nightly.yml', text: AGENT_WITH_KEY }],
  check: () => [],
};

/** META08: the bundled tables are older than this many days. */
const MAX_TABLE_AGE_DAYS = 180;
const DAY_MILLISECONDS = 86_400_000;

/** The day on which the tables of actions, products and advisories were last read against their sources. */
const TABLES_DATE = '2026-11-21';

const oldTables: Rule = {
  id: 'META08',
  name: 'data-tables-old',
  title: 'The tables of this version are old',
  what: `The bundled tables of actions, agents and advisories are more than ${MAX_TABLE_AGE_DAYS} days old.`,
  why: 'Inputs, flags and known holes of agents change monthly; an old table takes a new bypass for an unknown flag.',
  sources: ['docs/audit.md'],
  severity: 'info',
  confidence: 'high',
  tier: 'regular',
  family: 'META',
  fix: 'none',
  advice: 'Update Sallyport.',
  tags: [],
  attack: [],
  benign: [{ file: '.github/workflows/nightly.yml', text: AGENT_WITH_KEY }],
  check: (facts, { today }) => {
    const age = Math.floor((Date.parse(today) - Date.parse(TABLES_DATE)) / DAY_MILLISECONDS);
    const first = facts.runs[0];
    if (!(age > MAX_TABLE_AGE_DAYS) || !first) return [];
    const message = `The tables of this version are ${age} days old`;
    return [
      {
        rule: 'META08',
        message,
        severity: 'info',
        confidence: 'high',
        place: first.invocation.place,
        subject: 'tables',
      },
    ];
  },
};

export const REPOSITORY_RULES: readonly Rule[] = [suppressionFault, controlNotVerifiable, noPolicy, oldTables];

import { isExact, KNOWN_HOLES, type ProductId } from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, Severity } from '../../../findings/index.ts';
import { SEVERITIES } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps } from '../agent-job.ts';
import { meetsOutsiders, titleOf } from '../agent-rule.ts';
import { actionStep, workflow } from '../example.ts';
import { replaceFix, textAt } from '../fixes.ts';
import { atMost, milder } from '../run-weight.ts';
import { AGENT, MEASURED_CLAUDE, SUP } from './examples.ts';
import { distinct } from './mutable-reference.ts';

/** Day on which the advisories were last read. */
export const ADVISORY_DATE = '2026-11-21';
/** Older tables are said to be old. */
const MOST_DAYS = 60;

interface HoleRow {
  readonly product: ProductId;
  /** Package of the agent, or the action that runs it. */
  readonly subject: string;
  /** First version without the hole. */
  readonly fixed: string;
  readonly id: string;
  readonly what: string;
  readonly severity: Severity;
}

const CLAUDE = { product: 'claude-code', subject: '@anthropic-ai/claude-code' } as const;

/** Source: CVE records, the vendors' advisories and changelogs. */
const HOLES: readonly HoleRow[] = [
  {
    ...CLAUDE,
    fixed: '1.0.20',
    id: 'CVE-2025-54795',
    what: 'a crafted echo runs commands past the prompt',
    severity: 'high',
  },
  {
    ...CLAUDE,
    fixed: '1.0.39',
    id: 'CVE-2025-59828',
    what: 'Yarn configuration of the tree runs at start',
    severity: 'high',
  },
  {
    ...CLAUDE,
    fixed: '1.0.93',
    id: 'CVE-2025-66032',
    what: 'commands pass the list of read-only ones',
    severity: 'critical',
  },
  {
    ...CLAUDE,
    fixed: '1.0.111',
    id: 'CVE-2025-59536',
    what: 'hooks and MCP servers of the tree run before trust',
    severity: 'high',
  },
  { ...CLAUDE, fixed: '2.0.31', id: 'CVE-2025-64755', what: 'sed writes any file', severity: 'high' },
  {
    ...CLAUDE,
    fixed: '2.0.65',
    id: 'CVE-2026-21852',
    what: 'a base URL of the tree receives the key',
    severity: 'high',
  },
  { ...CLAUDE, fixed: '2.0.72', id: 'CVE-2026-24887', what: 'find runs commands past the prompt', severity: 'high' },
  {
    ...CLAUDE,
    fixed: '2.1.2',
    id: 'CVE-2026-25725',
    what: 'sandboxed code writes the settings that the next start obeys',
    severity: 'high',
  },
  { ...CLAUDE, fixed: '2.1.7', id: 'CVE-2026-25724', what: 'a link passes deny rules for reading', severity: 'medium' },
  {
    ...CLAUDE,
    fixed: '2.1.64',
    id: 'CVE-2026-39861',
    what: 'a link made in the sandbox is followed outside it',
    severity: 'critical',
  },
  { ...CLAUDE, fixed: '2.1.84', id: 'CVE-2026-40068', what: 'a forged git directory inherits trust', severity: 'high' },
  { ...CLAUDE, fixed: '2.1.128', id: 'CVE-2026-46406', what: 'a fixed path in /tmp is written', severity: 'medium' },
  { ...CLAUDE, fixed: '2.1.163', id: 'CVE-2026-54316', what: 'pre-approved hosts carry data out', severity: 'high' },
  {
    product: 'gemini',
    subject: '@google/gemini-cli',
    fixed: '0.39.1',
    id: 'CVE-2026-12537',
    what: 'the list of tools is not enforced, and the environment is readable',
    severity: 'critical',
  },
  {
    product: 'gemini',
    subject: 'google-github-actions/run-gemini-cli',
    fixed: '0.1.22',
    id: 'GHSA-wpqr-6v78-jr5g',
    what: 'the list of tools is not enforced, and the environment is readable',
    severity: 'critical',
  },
  {
    product: 'copilot',
    subject: '@github/copilot',
    fixed: '1.0.43',
    id: 'CVE-2026-45033',
    what: 'a nested bare repository runs a program',
    severity: 'high',
  },
  {
    product: 'claude-code',
    subject: 'anthropics/claude-code-action',
    fixed: '1.0.94',
    id: 'CVE-2026-47751',
    what: 'configuration of the pull request is loaded, and names that end in [bot] are trusted',
    severity: 'high',
  },
];

/** Below the last hole that replays showed and no advisory names. */
const QUIET: readonly HoleRow[] = KNOWN_HOLES.map(({ fixedIn, hole }) => ({
  ...CLAUDE,
  fixed: fixedIn,
  id: 'changelog',
  what: hole,
  severity: 'medium',
}));

/** A version of an agent as somebody wrote it. */
interface WrittenVersion {
  readonly subject: string;
  readonly version: string;
  readonly place: Place;
  readonly title: string;
  /** Agents of the job that it is for; none where the program that starts one was not seen. */
  readonly runs: readonly AgentRun[];
}

/** SUP009 */
export const knownHole: Rule = {
  ...SUP,
  id: 'SUP009',
  name: 'agent-version-with-known-hole',
  title: 'The version of the agent has a published hole',
  what: `The pinned version of an agent or of its action is older than the fix of an advisory (table of ${ADVISORY_DATE}).`,
  why: 'The hole, and often the text that uses it, is public: whoever writes what the agent reads can try it.',
  sources: ['CVE records and vendors’ advisories', 'Vendors’ changelogs'],
  severity: 'high',
  confidence: 'high',
  fix: 'safe',
  advice: 'Move to a version without known holes, and let a dependency bot keep it there.',
  tags: ['CWE-1395', 'OWASP-CICD-SEC-3'],
  attack: [workflow(`      - run: npm install -g @anthropic-ai/claude-code@1.0.90\n${AGENT}`)],
  benign: [workflow(`      - run: npm install -g @anthropic-ai/claude-code@${MEASURED_CLAUDE}\n${AGENT}`)],
  check: (facts, { today }) => distinct(versionsOf(facts).flatMap((one) => judge(facts, one, today))),
};

function versionsOf(facts: Facts): readonly WrittenVersion[] {
  const installed = facts.pipelines.flatMap(({ jobs }) =>
    jobs.flatMap((job) =>
      flatSteps(job.steps).flatMap(({ effects }) =>
        effects.flatMap((effect) =>
          effect.kind === 'install' && effect.name !== undefined && effect.version !== undefined
            ? [
                {
                  subject: effect.name,
                  version: effect.version,
                  place: effect.place,
                  title: `${effect.name} of job ${job.id}`,
                  runs: facts.runs.filter((run) => run.job === job),
                },
              ]
            : [],
        ),
      ),
    ),
  );
  const images = facts.containers.flatMap(({ containers }) =>
    containers.flatMap(({ scripts }) =>
      scripts.flatMap(({ effects }) =>
        effects.flatMap((effect) =>
          effect.kind === 'install' && effect.name !== undefined && effect.version !== undefined
            ? [
                {
                  subject: effect.name,
                  version: effect.version,
                  place: effect.place,
                  title: `${effect.name} of the image`,
                  runs: [],
                },
              ]
            : [],
        ),
      ),
    ),
  );
  return [...installed, ...images, ...facts.runs.flatMap((run) => ofRun(run))];
}

function ofRun(run: AgentRun): readonly WrittenVersion[] {
  const { uses } = run.step;
  const tag = uses?.refKind === 'digest' ? uses.comment : uses?.ref;
  const version = /^v?(\d+\.\d+\.\d+)$/.exec(tag ?? '')?.[1];
  const action =
    uses === undefined || version === undefined
      ? []
      : [
          {
            subject: uses.name.toLowerCase(),
            version,
            place: uses.place,
            title: `${uses.name} of job ${run.job.id}`,
            runs: [run],
          },
        ];
  const given = run.invocation.version;
  const subject = HOLES.find(
    ({ product, subject: name }) => product === run.invocation.product && name.startsWith('@'),
  )?.subject;
  const cli =
    given === undefined || subject === undefined || run.invocation.via !== 'action' || given.text === version
      ? []
      : [
          {
            subject,
            version: given.text,
            place: given.place,
            title: `${titleOf(run)} of job ${run.job.id}`,
            runs: [run],
          },
        ];
  return [...action, ...cli];
}

function judge(
  facts: Facts,
  { subject, version, place, title, runs }: WrittenVersion,
  today: string,
): readonly FindingDraft[] {
  if (!isExact(version)) return [];
  const open = HOLES.filter((row) => row.subject === subject && isOlder(version, row.fixed));
  const quiet = open.length > 0 ? [] : QUIET.filter((row) => row.subject === subject && isOlder(version, row.fixed));
  const rows = [...open, ...quiet].toSorted(
    (one, two) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(two.severity),
  );
  const worst = rows[0];
  if (worst === undefined) return [];
  const floor = rows.reduce((most, { fixed }) => (isOlder(most, fixed) ? fixed : most), worst.fixed);
  const more = rows.length > 1 ? ` and ${rows.length - 1} more` : '';
  const fixes = bumpFix(facts, place, subject, version);
  return [
    {
      rule: 'SUP009',
      message: `${title} is ${version}: ${worst.what} (${worst.id}${more}); ${floor} has none of them`,
      ...(isOld(today) ? { detail: `The table of advisories is of ${ADVISORY_DATE}; newer holes are not in it.` } : {}),
      severity: byReaders(worst.severity, runs),
      confidence: 'high',
      place,
      subject: `${subject} ${worst.id}`,
      ...(fixes.length > 0 ? { fixes } : {}),
    },
  ];
}

/** Who is to use the hole has to write what the agent reads: less where nobody outside does, or nobody is seen to. */
function byReaders(severity: Severity, runs: readonly AgentRun[]): Severity {
  if (runs.length === 0) return atMost('high', severity);
  return runs.some(meetsOutsiders) ? severity : milder(severity);
}

function bumpFix(facts: Facts, place: Place, subject: string, version: string): readonly Fix[] {
  const written = `${subject}@${version}`;
  const at = textAt(facts, place)?.indexOf(written) ?? -1;
  if (subject !== CLAUDE.subject || at < 0) return [];
  const start = place.span.start + at;
  const span = { start, end: start + written.length };
  return [
    replaceFix(`Move to ${MEASURED_CLAUDE}`, { file: place.file, span }, `${subject}@${MEASURED_CLAUDE}`, 'safe'),
  ];
}

function isOlder(version: string, fixed: string): boolean {
  const own = version.replace(/^v/, '').split(/[.+-]/).map(Number);
  for (const [index, wanted] of fixed.split('.').map(Number).entries()) {
    const number = own[index] ?? 0;
    if (Number.isNaN(number)) return false;
    if (number !== wanted) return number < wanted;
  }
  return false;
}

function isOld(today: string): boolean {
  const days = (Date.parse(today) - Date.parse(ADVISORY_DATE)) / 86_400_000;
  return days > MOST_DAYS;
}

/** Actions and majors that their vendors left behind. Source: the vendors' repositories, read on `ADVISORY_DATE`. */
const RETIRED: readonly {
  readonly action: string;
  readonly refs: RegExp;
  readonly instead: string;
  readonly why: string;
}[] = [
  {
    action: 'anthropics/claude-code-action',
    refs: /^(?:beta|v?0(?:\.|$))/,
    instead: 'anthropics/claude-code-action@v1',
    why: 'inputs of the beta are ignored by v1 and its gates are older',
  },
  {
    action: 'anthropics/claude-code-base-action',
    refs: /^(?:beta|v?0(?:\.|$))/,
    instead: 'anthropics/claude-code-action/base-action@v1',
    why: 'it gets no fixes',
  },
  {
    action: 'google-gemini/gemini-cli-action',
    refs: /^/,
    instead: 'google-github-actions/run-gemini-cli@v0',
    why: 'it moved and gets no fixes',
  },
  { action: 'coderabbitai/ai-pr-reviewer', refs: /^/, instead: 'a maintained reviewer', why: 'it is archived' },
  {
    action: 'actions/ai-inference',
    refs: /^v?[01](?:\.|$)/,
    instead: 'actions/ai-inference@v3',
    why: 'its majors 0 and 1 get no fixes',
  },
];

/** SUP010 */
export const retiredAction: Rule = {
  ...SUP,
  id: 'SUP010',
  name: 'outdated-agent-action',
  title: 'The action that runs the agent is retired or a major behind',
  what: 'An agent runs by `@beta`, `@v0`, or an action that its vendor left behind.',
  why: 'Holes found since are not fixed there, and the documentation that people read describes gates and inputs that it does not have.',
  sources: ['anthropics/claude-code-action, docs/migration-guide.md', 'google-gemini/gemini-cli-action: moved'],
  severity: 'medium',
  confidence: 'high',
  fix: 'none',
  advice: 'Move to the vendor’s present action and check every input against its `action.yml`.',
  tags: ['CWE-1104', 'OWASP-CICD-SEC-3'],
  attack: [workflow(actionStep('anthropics/claude-code-action@beta', ['direct_prompt: Review the change']))],
  benign: [workflow(actionStep('anthropics/claude-code-action@v1', ['prompt: Review the change']))],
  check: (facts) =>
    distinct(
      facts.runs.flatMap((run): readonly FindingDraft[] => {
        const { uses } = run.step;
        const ref = uses?.refKind === 'digest' ? (uses.comment ?? '') : (uses?.ref ?? '');
        const row = RETIRED.find(({ action, refs }) => action === uses?.name.toLowerCase() && refs.test(ref));
        if (
          row === undefined ||
          uses === undefined ||
          (uses.refKind === 'digest' && ref === '' && row.refs.source !== '^')
        )
          return [];
        return [
          {
            rule: 'SUP010',
            message: `${uses.name}${ref === '' ? '' : ` ${ref}`} of job ${run.job.id} is outdated: ${row.why}; use ${row.instead}`,
            severity: 'medium',
            confidence: 'high',
            place: uses.place,
            subject: `${run.job.id} ${uses.name} ${ref}`,
          },
        ];
      }),
    ),
};

import type { FindingDraft, Severity } from '../../../findings/index.ts';
import type { Reference } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { workflow } from './example-workflow.ts';
import { gitHubJobs, gitHubSteps, type JobScope, subjectOf } from './job-walk.ts';

/** Day on which the advisories were last read. */
export const ADVISORY_DATE = '2026-11-21';

interface AdvisoryRow {
  readonly action: string;
  /** First version that has the hole; from the beginning when absent. */
  readonly since?: string;
  /** First version without it. */
  readonly fixed: string;
  readonly id: string;
  readonly severity: Severity;
  readonly what: string;
  /**
   * How the versions were read on that day: `text` in the advisory's own text, `record` in a copy of its OSV record,
   * `restated` in another project's account of it.
   */
  readonly read: 'text' | 'record' | 'restated';
  /** Tags were moved, so a use by commit is not concerned. */
  readonly movedTags?: true;
}

/** Advisories about actions that run no agent. Source: the GitHub Advisory Database. */
const ADVISORIES: readonly AdvisoryRow[] = [
  {
    action: 'actions/download-artifact',
    since: '4.0.0',
    fixed: '4.1.7',
    id: 'CVE-2024-42471',
    severity: 'high',
    what: 'an artefact can write outside its directory',
    read: 'text',
  },
  {
    action: 'atlassian/gajira-create',
    fixed: '2.0.1',
    id: 'CVE-2020-14188',
    severity: 'critical',
    what: 'an issue text is evaluated',
    read: 'record',
  },
  {
    action: 'azure/setup-kubectl',
    fixed: '3.0.0',
    id: 'CVE-2023-23939',
    severity: 'low',
    what: 'other users can replace the program',
    read: 'record',
  },
  {
    action: 'boldestdungeon/steam-workshop-deploy',
    fixed: '2.0.0',
    id: 'GHSA-x6gv-2rvh-qmp6',
    severity: 'medium',
    what: 'it publishes .git with its credentials',
    read: 'restated',
  },
  {
    action: 'buildalon/setup-steamcmd',
    fixed: '1.1.0',
    id: 'GHSA-mj96-mh85-r574',
    severity: 'medium',
    what: 'its log shows a session',
    read: 'restated',
  },
  {
    action: 'bullfrogsec/bullfrog',
    fixed: '0.8.4',
    id: 'CVE-2025-47775',
    severity: 'medium',
    what: 'DNS over TCP passes its filter',
    read: 'restated',
  },
  {
    action: 'canonical/get-workflow-version-action',
    fixed: '1.0.1',
    id: 'CVE-2025-31479',
    severity: 'high',
    what: 'a failed call prints the token',
    read: 'restated',
  },
  {
    action: 'check-spelling/check-spelling',
    fixed: '0.0.19',
    id: 'CVE-2021-32724',
    severity: 'critical',
    what: 'a pull request can read the token',
    read: 'record',
  },
  {
    action: 'dawidd6/action-download-artifact',
    fixed: '6.0.0',
    id: 'GHSA-5xr6-xhww-33m4',
    severity: 'high',
    what: 'it takes artefacts of forks',
    read: 'restated',
  },
  {
    action: 'embano1/wip',
    fixed: '2.0.0',
    id: 'CVE-2023-30623',
    severity: 'high',
    what: 'the title of a pull request reaches a shell',
    read: 'record',
  },
  {
    action: 'fish-shop/syntax-check',
    fixed: '1.6.12',
    id: 'CVE-2024-42482',
    severity: 'low',
    what: 'an input reaches a shell',
    read: 'record',
  },
  {
    action: 'github/codeql-action',
    since: '2.26.11',
    fixed: '3.0.0',
    id: 'CVE-2025-24362',
    severity: 'high',
    what: 'its debug artefact holds the token',
    read: 'text',
  },
  {
    action: 'github/codeql-action',
    since: '3.26.11',
    fixed: '3.28.3',
    id: 'CVE-2025-24362',
    severity: 'high',
    what: 'its debug artefact holds the token',
    read: 'text',
  },
  {
    action: 'gradle/gradle-build-action',
    fixed: '2.4.2',
    id: 'CVE-2023-30853',
    severity: 'high',
    what: 'its cache can hold secrets',
    read: 'record',
  },
  {
    action: 'hashicorp/vault-action',
    fixed: '2.2.0',
    id: 'CVE-2021-32074',
    severity: 'high',
    what: 'multi-line secrets are not masked',
    read: 'record',
  },
  {
    action: 'j178/prek-action',
    fixed: '1.0.6',
    id: 'GHSA-pwf7-47c3-mfhx',
    severity: 'critical',
    what: 'an input reaches a shell',
    read: 'record',
  },
  {
    action: 'kartverket/github-workflows',
    fixed: '2.7.5',
    id: 'CVE-2022-39326',
    severity: 'high',
    what: 'the title of a pull request reaches a shell',
    read: 'record',
  },
  {
    action: 'lycheeverse/lychee-action',
    fixed: '2.0.2',
    id: 'CVE-2024-48908',
    severity: 'medium',
    what: 'an input reaches a shell',
    read: 'restated',
  },
  {
    action: 'm00nl1ght-dev/steam-workshop-deploy',
    fixed: '4.0.0',
    id: 'GHSA-x6gv-2rvh-qmp6',
    severity: 'medium',
    what: 'it publishes .git with its credentials',
    read: 'restated',
  },
  {
    action: 'pypa/gh-action-pypi-publish',
    fixed: '1.13.0',
    id: 'GHSA-vxmw-7h4f-hqxh',
    severity: 'low',
    what: 'references reach a shell',
    read: 'restated',
  },
  {
    action: 'rageagainstthepixel/setup-steamcmd',
    fixed: '1.3.0',
    id: 'GHSA-c5qx-p38x-qf5w',
    severity: 'medium',
    what: 'its log shows a session',
    read: 'restated',
  },
  {
    action: 'reviewdog/action-setup',
    fixed: '1.3.1',
    id: 'CVE-2025-30154',
    severity: 'high',
    what: 'its tag was moved to code that printed secrets',
    read: 'text',
    movedTags: true,
  },
  {
    action: 'rlespinasse/github-slug-action',
    since: '4.0.0',
    fixed: '4.4.1',
    id: 'CVE-2023-27581',
    severity: 'high',
    what: 'a branch name reaches a shell',
    read: 'record',
  },
  {
    action: 'rlespinasse/github-slug-action',
    fixed: '1.1.1',
    id: 'GHSA-7f32-hm4h-w77q',
    severity: 'high',
    what: 'printed text sets variables of later steps',
    read: 'record',
  },
  {
    action: 'some-natalie/ghas-to-csv',
    fixed: '1.0.0',
    id: 'CVE-2022-39217',
    severity: 'medium',
    what: 'cells of its file can hold formulas',
    read: 'record',
  },
  {
    action: 'sonarsource/sonarqube-scan-action',
    since: '4.0.0',
    fixed: '5.3.1',
    id: 'GHSA-f79p-9c5r-xg88',
    severity: 'high',
    what: 'arguments reach a shell',
    read: 'restated',
  },
  {
    action: 'sonarsource/sonarqube-scan-action',
    since: '4.0.0',
    fixed: '6.0.0',
    id: 'GHSA-5xq9-5g24-4g6f',
    severity: 'high',
    what: 'arguments reach a shell',
    read: 'restated',
  },
  {
    action: 'step-security/harden-runner',
    fixed: '2.10.2',
    id: 'GHSA-g85v-wf27-67xc',
    severity: 'low',
    what: 'variables reach a shell',
    read: 'restated',
  },
  {
    action: 'step-security/harden-runner',
    since: '0.12.0',
    fixed: '2.12.0',
    id: 'GHSA-mxr3-8whj-j74r',
    severity: 'medium',
    what: 'containers give root back',
    read: 'restated',
  },
  {
    action: 'tj-actions/branch-names',
    fixed: '7.0.7',
    id: 'CVE-2023-49291',
    severity: 'high',
    what: 'branch names reach a shell',
    read: 'record',
  },
  {
    action: 'tj-actions/branch-names',
    fixed: '9.0.0',
    id: 'GHSA-gq52-6phf-x2r6',
    severity: 'high',
    what: 'branch names reach a shell',
    read: 'restated',
  },
  {
    action: 'tj-actions/changed-files',
    fixed: '41.0.0',
    id: 'CVE-2023-51664',
    severity: 'high',
    what: 'file names reach a shell',
    read: 'text',
  },
  {
    action: 'tj-actions/changed-files',
    fixed: '46.0.1',
    id: 'CVE-2025-30066',
    severity: 'high',
    what: 'its tags were moved to code that printed secrets',
    read: 'text',
    movedTags: true,
  },
  {
    action: 'tj-actions/verify-changed-files',
    fixed: '17.0.0',
    id: 'CVE-2023-52137',
    severity: 'high',
    what: 'file names reach a shell',
    read: 'record',
  },
  {
    action: 'ultralytics/actions',
    fixed: '0.0.3',
    id: 'GHSA-7x29-qqmq-v6qc',
    severity: 'high',
    what: 'a branch name reaches a shell',
    read: 'record',
  },
];

/** CI017: an action with a published hole. */
export const vulnerableActions: Rule = {
  id: 'CI017',
  name: 'known-vulnerable-action',
  title: 'An action has a published hole',
  what: `The version of an action is older than the fix of an advisory (table of ${ADVISORY_DATE}).`,
  why: 'The hole and often the way to use it are public.',
  sources: ['GitHub Advisory Database', 'zizmor known-vulnerable-actions'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Move to the fixed version, pinned to its commit.',
  tags: ['CWE-1395', 'OWASP-CICD-SEC-3'],
  attack: workflow({ steps: '- uses: tj-actions/changed-files@v44' }),
  benign: workflow({ steps: '- uses: tj-actions/changed-files@v46.0.5' }),
  check: (facts) => [
    ...gitHubSteps(facts).flatMap((scope) => known(scope, scope.step.uses)),
    ...gitHubJobs(facts).flatMap((scope) => known(scope, scope.job.calls?.reference)),
  ],
};

function known(scope: JobScope, uses: Reference | undefined): readonly FindingDraft[] {
  const worst = uses?.kind === 'repository' ? advisoriesFor(uses)[0] : undefined;
  if (uses === undefined || worst === undefined) return [];
  return [
    {
      rule: 'CI017',
      message: `${uses.name} ${versionOf(uses)?.join('.') ?? ''} has a hole: ${worst.what} (${worst.id}, fixed in ${worst.fixed})`,
      severity: worst.severity,
      confidence: 'high',
      place: uses.place,
      subject: subjectOf(scope, uses.name, worst.id),
    },
  ];
}

/** Advisories that hold for a reference, the worst first. */
export function advisoriesFor(uses: Reference): readonly AdvisoryRow[] {
  const version = versionOf(uses);
  if (version === undefined) return [];
  const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
  return ADVISORIES.filter(
    ({ action, since, fixed, movedTags }) =>
      action === uses.name.toLowerCase() &&
      isBetween(version, since, fixed) &&
      !(movedTags && uses.refKind === 'digest'),
  ).toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** The numbers of `v4`, `4.1.2`, or of the comment behind a digest. */
function versionOf({ ref, refKind, comment }: Reference): readonly number[] | undefined {
  const text = refKind === 'digest' ? comment : ref;
  const numbers = /^(?:tag[=:]\s*)?v?(\d+(?:\.\d+){0,2})/.exec(text ?? '')?.[1];
  return numbers?.split('.').map(Number);
}

/** A version that names fewer numbers moves along with the newest that begins so. */
function isBetween(version: readonly number[], since: string | undefined, fixed: string): boolean {
  const before = compare(version, fixed.split('.').map(Number)) < 0;
  return before && (since === undefined || compare(version, since.split('.').map(Number)) >= 0);
}

function compare(version: readonly number[], other: readonly number[]): number {
  for (const [index, number] of version.entries()) {
    const difference = number - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

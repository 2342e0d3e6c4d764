import type { FindingDraft } from '../../../findings/index.ts';
import type { Permissions, Pipeline } from '../../../pipelines/index.ts';
import { entryOf } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { mayNeedMore } from '../gat/token-scopes.ts';
import { workflow } from './example-workflow.ts';
import { gitHubJobs, type JobScope, reachOf, subjectOf } from './job-walk.ts';

/** CI003: rights of the job's token that nobody asked for. */
export const excessivePermissions: Rule = {
  id: 'CI003',
  name: 'excessive-permissions',
  title: "The job's token may do more than it has to",
  what: 'Neither workflow nor job says what the token may do, or it says `write-all` or `read-all`, or write rights stand at the workflow and hold for every job.',
  why: "Every step of the job, and every program it installs, can use the token. Where nothing is said, the repository's default applies, which may be everything.",
  sources: ['zizmor excessive-permissions', 'OpenSSF Scorecard Token-Permissions'],
  severity: 'low',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CI',
  fix: 'unsafe',
  advice: 'Put `permissions: {}` at the top and give each job what its steps use.',
  tags: ['CWE-250', 'CWE-272', 'OWASP-CICD-SEC-5'],
  attack: workflow({ permissions: 'write-all', steps: '- run: echo done' }),
  benign: workflow({ permissions: '{}', steps: '- run: echo done' }),
  check: (facts) => {
    const reported = new Set<Permissions | Pipeline>();
    return gitHubJobs(facts).flatMap((scope) => excess(scope, reported));
  },
};

function excess(scope: JobScope, reported: Set<Permissions | Pipeline>): readonly FindingDraft[] {
  const { pipeline, job, facts } = scope;
  if (pipeline.role === 'composite-action' || facts.runs.some((run) => run.job === job)) return [];
  const { permissions } = job;
  const subject = permissions ?? pipeline;
  if (reported.has(subject)) return [];
  if (permissions === undefined) {
    // What a called workflow may do is the caller's to say.
    if (pipeline.triggers.every(({ event }) => event === 'workflow_call')) return [];
    reported.add(subject);
    return [draft(scope, `Nothing says what the token of job ${job.id} may do`, job.place, true)];
  }
  const own = permissions !== pipeline.permissions;
  if (permissions.mode === 'write-all') {
    reported.add(subject);
    return [draft(scope, 'The token has every write right', permissions.place, false)];
  }
  if (permissions.mode === 'read-all') {
    reported.add(subject);
    return [draft(scope, 'The token may read everything', permissions.place, false)];
  }
  const writes = permissions.scopes.filter(({ access }) => access === 'write').map(({ name }) => name);
  if (own || writes.length === 0) return [];
  reported.add(subject);
  const found = draft(scope, `Every job of this workflow may write ${writes.join(', ')}`, permissions.place, false);
  // With one job it makes no difference where its rights stand.
  return [pipeline.jobs.length === 1 ? { ...found, severity: 'low' } : found];
}

function draft(scope: JobScope, message: string, place: FindingDraft['place'], missing: boolean): FindingDraft {
  const open = reachOf(scope) === 'open';
  const fix = missing ? readOnlyFix(scope.pipeline) : undefined;
  return {
    rule: 'CI003',
    message,
    severity: open || scope.agent ? 'medium' : 'low',
    confidence: 'medium',
    place,
    subject: subjectOf(scope, 'permissions'),
    ...(fix === undefined ? {} : { fixes: [fix] }),
  };
}

/** Nothing where a job without a word of its own may push, comment, publish or upload: it would fail. */
function readOnlyFix(pipeline: Pipeline) {
  const jobs = entryOf(pipeline.root, 'jobs');
  const silent = pipeline.jobs.filter(({ permissions }) => permissions === undefined);
  if (jobs === undefined || silent.some(mayNeedMore)) return undefined;
  const span = { start: jobs.key.span.start, end: jobs.key.span.start };
  const edit = { file: pipeline.file.path, span, text: 'permissions:\n  contents: read\n\n' };
  return { title: 'Give the token read rights only', safety: 'unsafe' as const, edits: [edit], creates: [] };
}

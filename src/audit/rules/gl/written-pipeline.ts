import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import { itemsOf, type Node, nodeAt, scalarAt } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { onePerJob, runsOn, subjectOf } from '../agent-job.ts';
import { bySteering, leaves } from '../exe/later-steps.ts';
import { gitlabFile, SOUND_JOB } from './examples.ts';

const CHILD = `
run:
  stage: review
  needs: [review]
  trigger:
    include:
      - artifact: child.yml
        job: review
`;
const WRITER = SOUND_JOB.replace('"Read,Grep"', '"Read,Write,Bash"');

/** GL013 */
export const writtenPipeline: Rule = {
  id: 'GL013',
  name: 'gitlab-agent-writes-pipeline',
  title: 'A child pipeline is made of what the agent left',
  what: 'A job triggers a child pipeline from an artefact of a job whose agent can write files or run programs.',
  why: 'Whoever steers the agent writes jobs: images, scripts and services that run with the variables and runners of the project, long after the agent is gone.',
  sources: ['GitLab documentation, "Dynamic child pipelines"', 'CWE-94'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'GL',
  fix: 'none',
  advice: 'Make the child pipeline in a job without an agent, from data that the agent wrote and a schema checked.',
  tags: ['CWE-94', 'CWE-829', 'OWASP-CICD-SEC-4'],
  attack: gitlabFile(WRITER + CHILD),
  benign: gitlabFile(
    `${WRITER}\nplan:\n  stage: review\n  script:\n    - node ci/plan.mjs > child.yml\n${CHILD.replaceAll('review]', 'plan]').replace('job: review', 'job: plan')}`,
  ),
  check: (facts) => onePerJob(runsOn(facts, 'gitlab')).flatMap((run) => madeOf(run, facts)),
};

/** Jobs of any pipeline file of the repository that take the child pipeline from the job of this run. */
function madeOf(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  if (leaves(run) === 'nothing') return [];
  return facts.pipelines.flatMap(({ jobs, file }) =>
    jobs.flatMap(({ id, node }) =>
      itemsOf(nodeAt(node, 'trigger', 'include')).flatMap((item): readonly FindingDraft[] => {
        const artifact = artifactOf(item, run.job.id);
        if (artifact === undefined) return [];
        return [
          {
            rule: 'GL013',
            message: `Job ${id} starts a pipeline that ${run.invocation.spelled} of job ${run.job.id} may have written (${artifact.text.slice(0, 80)})`,
            severity: bySteering(run, 'high'),
            confidence: 'high',
            place: { file: file.path, span: artifact.span },
            related: [{ place: run.invocation.place, message: 'this writes it' }],
            subject: subjectOf(run, `child pipeline ${id}`),
          },
        ];
      }),
    ),
  );
}

function artifactOf(item: Node, job: string) {
  return scalarAt(item, 'job')?.text === job ? scalarAt(item, 'artifact') : undefined;
}

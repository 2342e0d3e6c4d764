import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { onePerJob, runsOn, subjectOf } from '../agent-job.ts';
import { gitlabFile, SOUND_JOB } from './examples.ts';

const CONDITION = /^ {2}rules:\n.*\n/m;

/** GL001 */
export const forkMergeRequest: Rule = {
  id: 'GL001',
  name: 'gitlab-fork-merge-request-reaches-agent',
  title: 'A merge request of a fork reaches the agent with the project’s variables',
  what: 'An agent job runs for merge requests, and no rule asks that the source project is this project.',
  why: 'A member who starts the pipeline of a fork in the parent project gives the fork’s code and text the variables of the project, the model key among them.',
  sources: ['GitLab documentation, "Run pipelines in the parent project"', 'CWE-829'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'GL',
  fix: 'none',
  advice: 'Ask in `rules` for `$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID`.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-4'],
  attack: gitlabFile(SOUND_JOB.replace(' && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID', '')),
  benign: gitlabFile(SOUND_JOB),
  check: (facts) => onePerJob(runsOn(facts, 'gitlab')).flatMap(checkFork),
};

function checkFork(run: AgentRun): readonly FindingDraft[] {
  const trigger = (run.job.triggers ?? run.pipeline.triggers).find(({ event }) => event === 'merge_request_event');
  const gate = (run.job.condition?.gates ?? []).find(({ strength }) => strength >= 2);
  if (trigger === undefined || (gate !== undefined && gate.strength >= 3)) return [];
  const labelled = gate !== undefined;
  return [
    {
      rule: 'GL001',
      message: `job ${run.job.id} runs ${run.invocation.spelled} for merge requests of forks too`,
      detail: labelled
        ? 'Only a label stands before it.'
        : 'Whoever opens a merge request writes its title, description and files; the job has the project’s variables once a member starts its pipeline.',
      severity: labelled ? 'medium' : 'high',
      confidence: 'medium',
      place: trigger.place,
      subject: subjectOf(run, 'fork merge request'),
    },
  ];
}

/** GL002 */
export const openStart: Rule = {
  id: 'GL002',
  name: 'gitlab-agent-job-without-gate',
  title: 'Nothing decides who starts the agent job',
  what: 'An agent job has no `rules`, or it is started by a trigger token or the API and works on what the caller sends (`$AI_FLOW_*`, `$TRIGGER_PAYLOAD`, notes).',
  why: 'A webhook hands on what anybody writes in a comment; with a trigger token the payload becomes the agent’s orders, and nobody checks who wrote it.',
  sources: [
    'GitLab documentation, "Trigger pipelines with the API"',
    'GitLab documentation, "AI_FLOW variables of flows"',
    'CWE-862',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'GL',
  fix: 'none',
  advice: 'Give the job `rules`; check the author’s rights before the webhook starts a pipeline.',
  tags: ['CWE-862', 'OWASP-CICD-SEC-1'],
  attack: gitlabFile(
    SOUND_JOB.replace(CONDITION, '  rules:\n    - if: $CI_PIPELINE_SOURCE == "trigger"\n').replace(
      '"Review the change"',
      '"$AI_FLOW_INPUT"',
    ),
  ),
  benign: gitlabFile(SOUND_JOB),
  check: (facts) =>
    onePerJob(runsOn(facts, 'gitlab')).flatMap((run) => [...checkPayload(run), ...checkMissing(run, facts)]),
};

function checkPayload(run: AgentRun): readonly FindingDraft[] {
  const trigger = (run.job.triggers ?? []).find(
    ({ event, who }) => (event === 'trigger' || event === 'api') && who === 'anyone',
  );
  const gated = (run.job.condition?.gates ?? []).some(({ strength }) => strength >= 3);
  if (trigger === undefined || gated) return [];
  return [
    {
      rule: 'GL002',
      message: `job ${run.job.id} starts ${run.invocation.spelled} with text that whoever calls the pipeline sends`,
      severity: 'high',
      confidence: 'medium',
      place: trigger.place,
      subject: subjectOf(run, 'payload'),
    },
  ];
}

/** Without any rule every push of a member starts it: less than a stranger's comment, more than anybody wants. */
function checkMissing(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  const triggers = run.job.triggers ?? [];
  const ruled =
    run.job.condition !== undefined ||
    triggers.some(({ place }) => place.span.start !== run.job.place.span.start || place.file !== run.job.place.file);
  const guardedElsewhere = facts.pipelines.some(
    ({ platform, root }) =>
      platform === 'gitlab' && root?.kind === 'map' && root.entries.some(({ key }) => key.text === 'workflow'),
  );
  if (ruled || guardedElsewhere || run.pipeline.role === 'template') return [];
  return [
    {
      rule: 'GL002',
      message: `job ${run.job.id} has no rules: every push and every API call starts ${run.invocation.spelled}`,
      severity: 'medium',
      confidence: 'high',
      place: run.job.place,
      subject: subjectOf(run, 'no rules'),
    },
  ];
}

/** GL012 */
export const deployWithoutEnvironment: Rule = {
  id: 'GL012',
  name: 'gitlab-agent-deploys-without-environment',
  title: 'The agent’s job deploys without a protected environment',
  what: 'A job that runs an agent publishes, releases or deploys, and names no `environment`.',
  why: 'Only an environment can be limited to certain people; without one, whatever the agent does to the tree goes out with the job’s credentials.',
  sources: ['GitLab documentation, "Protected environments"', 'CWE-285'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'GL',
  fix: 'none',
  advice: 'Deploy in a job of its own with a protected `environment`.',
  tags: ['CWE-285', 'OWASP-CICD-SEC-5'],
  attack: gitlabFile(`${SOUND_JOB}    - npm publish\n`),
  benign: gitlabFile(SOUND_JOB),
  check: (facts) => onePerJob(runsOn(facts, 'gitlab')).flatMap(checkDeployment),
};

function checkDeployment(run: AgentRun): readonly FindingDraft[] {
  const own = run.step.effects;
  const effect = [...run.effectsAfter, ...own].find(
    ({ kind }) => kind === 'publish' || kind === 'release' || kind === 'deploy' || kind === 'sign',
  );
  if (effect === undefined || run.job.deployment !== undefined) return [];
  const what = 'what' in effect ? effect.what : effect.kind;
  return [
    {
      rule: 'GL012',
      message: `job ${run.job.id} runs ${run.invocation.spelled} and then ${effect.kind === 'publish' ? 'publishes' : `does a ${effect.kind}`} (${what}) without an environment`,
      severity: 'medium',
      confidence: 'medium',
      place: effect.place,
      subject: subjectOf(run, effect.kind, what),
    },
  ];
}

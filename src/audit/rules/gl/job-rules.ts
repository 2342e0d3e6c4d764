import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Edit, FindingDraft, Fix } from '../../../findings/index.ts';
import type { Effect, Entry, Job } from '../../../pipelines/index.ts';
import { nodeAt, scalarAt } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps, insertKey, onePerJob, runsOn, subjectOf } from '../agent-job.ts';
import { isModelKeyName } from '../credential-name.ts';
import { removeLines } from '../line-removal.ts';
import { gitlabFile, SOUND_JOB } from './examples.ts';

const INCLUDE = 'include:\n  - project: acme/ci\n    file: /agent.yml\n    ref: main\n\n';

/** GL005 */
export const movingInclude: Rule = {
  id: 'GL005',
  name: 'gitlab-include-can-change',
  title: 'An include that can change at any time shapes the agent’s job',
  what: 'A pipeline with an agent includes a URL without `integrity`, or another project or component on a branch.',
  why: 'Whoever can write there changes scripts and variables of the agent’s job, and no commit of this project shows it.',
  sources: ['GitLab documentation, "include:integrity" and "include:project"', 'CWE-829'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'GL',
  fix: 'none',
  advice: 'Name a commit in `ref`, or `integrity` for a URL.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: gitlabFile(INCLUDE + SOUND_JOB),
  benign: gitlabFile(INCLUDE.replace('ref: main', 'ref: 5f2e8a7c1d3b4e6f9a0b1c2d3e4f5a6b7c8d9e0f') + SOUND_JOB),
  check: checkIncludes,
};

function* checkIncludes(facts: Facts): Iterable<FindingDraft> {
  const files = new Set(runsOn(facts, 'gitlab').map(({ pipeline }) => pipeline));
  for (const pipeline of files) {
    for (const { kind, name, refKind, ref, place } of pipeline.includes) {
      if (refKind !== 'branch' && refKind !== 'none') continue;
      const where = kind === 'url' ? 'without integrity' : ref === undefined ? 'without a ref' : `at ${ref}`;
      yield {
        rule: 'GL005',
        message: `the pipeline with the agent includes ${name} ${where}`,
        severity: 'high',
        confidence: 'high',
        place,
        subject: `include ${name}`,
      };
    }
  }
}

/** GL006 */
export const privilegedService: Rule = {
  id: 'GL006',
  name: 'gitlab-privileged-service',
  title: 'The agent’s job has a container engine beside it',
  what: 'A job with an agent has a Docker-in-Docker service or starts a privileged container.',
  why: 'The service needs a privileged runner; whoever can talk to it starts a container with the host’s disks and reads the credentials of other jobs.',
  sources: ['GitLab documentation, "Use Docker-in-Docker"', 'CWE-250'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'GL',
  fix: 'none',
  advice: 'Build images in another job; the agent’s job needs no engine.',
  tags: ['CWE-250', 'OWASP-CICD-SEC-7'],
  attack: gitlabFile(SOUND_JOB.replace('  timeout:', '  services:\n    - docker:27-dind\n  timeout:')),
  benign: gitlabFile(SOUND_JOB.replace('  timeout:', '  services:\n    - postgres:17\n  timeout:')),
  check: (facts) =>
    onePerJob(runsOn(facts, 'gitlab')).flatMap((run) => {
      const service = run.job.services.find(({ privileged }) => privileged !== undefined);
      const started = flatSteps(run.job.steps)
        .flatMap(({ effects }) => effects)
        .find((effect) => effect.kind === 'container' && effect.privileged);
      const place = service?.privileged ?? started?.place;
      if (place === undefined) return [];
      const message = `job ${run.job.id} runs ${run.invocation.spelled} next to ${service?.image?.name ?? 'a privileged container'}`;
      return [
        { rule: 'GL006', message, severity: 'high', confidence: 'high', place, subject: subjectOf(run, 'privileged') },
      ];
    }),
};

/** GL007 */
export const treeLeftBehind: Rule = {
  id: 'GL007',
  name: 'gitlab-tree-left-behind',
  title: 'The agent’s job works in a tree that earlier jobs left',
  what: 'A job with an agent sets `GIT_STRATEGY` to `fetch` or `none`, or runs on a machine that keeps its tree and does not ask for a fresh clone.',
  why: 'What one job leaves in `.git/hooks`, `.git/config` or ignored folders runs in the next one, with its credentials.',
  sources: ['GitLab documentation, "Git strategy" and "Shell executor"', 'CWE-668'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'GL',
  fix: 'safe',
  advice: 'Set `GIT_STRATEGY: clone`.',
  tags: ['CWE-668', 'OWASP-CICD-SEC-7'],
  attack: gitlabFile(SOUND_JOB.replace('GIT_STRATEGY: clone', 'GIT_STRATEGY: fetch')),
  benign: gitlabFile(SOUND_JOB),
  check: (facts) => onePerJob(runsOn(facts, 'gitlab')).flatMap(checkStrategy),
};

function checkStrategy(run: AgentRun): readonly FindingDraft[] {
  const entry = [...run.job.environment, ...run.pipeline.environment].find(({ name }) => name === 'GIT_STRATEGY');
  const written = entry?.value.text;
  const label = run.job.runner.labels[0];
  const lasting = run.job.runner.kind === 'persistent' && written === undefined;
  const place = entry?.value.place ?? label?.place;
  if (place === undefined || !(lasting || (written !== undefined && /^(?:fetch|none)$/.test(written)))) return [];
  const message = lasting
    ? `job ${run.job.id} runs ${run.invocation.spelled} on ${label?.value ?? 'a machine'} that keeps its tree`
    : `job ${run.job.id} runs ${run.invocation.spelled} with GIT_STRATEGY ${written}`;
  const fixes: readonly Fix[] = lasting
    ? []
    : [
        {
          title: 'Ask for a fresh clone',
          safety: 'safe',
          edits: [{ file: place.file, span: place.span, text: 'clone' }],
          creates: [],
        },
      ];
  return [
    {
      rule: 'GL007',
      message,
      severity: 'medium',
      confidence: 'medium',
      place,
      subject: subjectOf(run, 'git strategy'),
      fixes,
    },
  ];
}

/** GL008 */
export const cachePush: Rule = {
  id: 'GL008',
  name: 'gitlab-agent-saves-shared-cache',
  title: 'The agent’s job saves a cache that other pipelines use',
  what: 'A job with an agent runs for merge requests and stores a cache under a key that does not name the branch or merge request.',
  why: 'What the agent was talked into writing there is unpacked and run by the next pipeline with that key, also that of the default branch.',
  sources: ['GitLab documentation, "cache:policy"', 'CWE-345'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'GL',
  fix: 'safe',
  advice: 'Set `policy: pull` in the agent’s job.',
  tags: ['CWE-345', 'OWASP-CICD-SEC-9'],
  attack: gitlabFile(
    SOUND_JOB.replace('  script:', '  cache:\n    key: modules\n    paths: [node_modules/]\n  script:'),
  ),
  benign: gitlabFile(
    SOUND_JOB.replace(
      '  script:',
      '  cache:\n    key: modules\n    policy: pull\n    paths: [node_modules/]\n  script:',
    ),
  ),
  check: (facts) =>
    onePerJob(runsOn(facts, 'gitlab')).flatMap((run) => {
      const outside = (run.job.triggers ?? run.pipeline.triggers).some(({ untrusted }) => untrusted);
      const saved = run.job.steps.flatMap(({ effects }) => effects).filter((effect) => isSharedSave(effect));
      if (!outside) return [];
      return saved.map((effect) => ({
        rule: 'GL008',
        message: `job ${run.job.id} stores the cache ${effect.kind === 'cache' ? (effect.key ?? 'default') : ''} after ${run.invocation.spelled} has run`,
        severity: 'high',
        confidence: 'medium',
        place: effect.place,
        subject: subjectOf(run, 'cache'),
        fixes: pullFix(effect, facts),
      }));
    }),
};

function isSharedSave(effect: Effect): boolean {
  if (effect.kind !== 'cache' || effect.mode === 'restore') return false;
  return !/CI_COMMIT_REF_SLUG|CI_COMMIT_REF_NAME|CI_COMMIT_BRANCH|CI_MERGE_REQUEST_IID|CI_PIPELINE_ID|CI_JOB_ID/.test(
    effect.key ?? '',
  );
}

function pullFix({ place }: Effect, facts: Facts): readonly Fix[] {
  const source = facts.source(place.file);
  const written = source?.text.slice(place.span.start, place.span.end) ?? '';
  const policy = /policy:[ \t]*(pull-push|push)\b/.exec(written);
  const title = 'Only restore the cache here';
  if (policy) {
    const end = place.span.start + policy.index + policy[0].length;
    const edit = { file: place.file, span: { start: end - (policy[1]?.length ?? 0), end }, text: 'pull' };
    return [{ title, safety: 'safe', edits: [edit], creates: [] }];
  }
  const edit = insertKey(source, place, ['policy: pull']);
  return edit ? [{ title, safety: 'safe', edits: [edit], creates: [] }] : [];
}

/** GL009 */
export const globalModelKey: Rule = {
  id: 'GL009',
  name: 'gitlab-model-key-for-every-job',
  title: 'The model key is a variable of every job',
  what: 'The global `variables` name the key of a model, by reference or as its text.',
  why: 'Every job of the pipeline, every test and build script, gets the key; only the agent needs it.',
  sources: ['GitLab documentation, "variables"', 'CWE-522', 'CWE-798'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'GL',
  fix: 'safe',
  advice: 'Give the key to the agent’s job alone; a key that was written down must be replaced.',
  tags: ['CWE-522', 'CWE-798', 'OWASP-CICD-SEC-6'],
  attack: gitlabFile(`variables:\n  REGION: europe\n  ANTHROPIC_API_KEY: $TEAM_MODEL_KEY\n\n${SOUND_JOB}`),
  benign: gitlabFile(
    SOUND_JOB.replace('    GIT_STRATEGY: clone', '    GIT_STRATEGY: clone\n    ANTHROPIC_API_KEY: $TEAM_MODEL_KEY'),
  ),
  check: (facts) =>
    facts.pipelines
      .filter(({ platform }) => platform === 'gitlab')
      .flatMap(({ environment, jobs }) =>
        environment
          .filter(({ name, value }) => isModelKeyName(name) && holdsKey(value.text))
          .map((entry) => checkKey(entry, facts, jobs)),
      ),
};

/** A reference, or a text long enough for a key; a word such as `ollama` stands where a local model wants none. */
function holdsKey(text: string): boolean {
  return text.includes('$') || /^\S{16,}$/.test(text);
}

function checkKey(entry: Entry, facts: Facts, jobs: readonly Job[]): FindingDraft {
  const literal = !entry.value.text.includes('$');
  return {
    rule: 'GL009',
    message: literal
      ? `${entry.name} is written down in the variables of every job`
      : `${entry.name} is handed to every job of the pipeline`,
    severity: literal ? 'critical' : 'medium',
    confidence: 'high',
    place: entry.keyPlace,
    subject: `variables ${entry.name}`,
    fixes: literal ? [] : moveFix(entry, facts, jobs),
  };
}

/** Takes the entry out of the global map and puts it into the variables of the agent's jobs. */
function moveFix(entry: Entry, facts: Facts, jobs: readonly Job[]): readonly Fix[] {
  const source = facts.source(entry.keyPlace.file);
  const siblings = facts.pipelines.find(({ file }) => file.path === entry.keyPlace.file)?.environment ?? [];
  const agents = onePerJob(runsOn(facts, 'gitlab'))
    .map(({ job }) => job)
    .filter((job) => jobs.includes(job));
  const line =
    source &&
    removeLines(source, {
      file: source.path,
      span: { start: entry.keyPlace.span.start, end: entry.value.place.span.end },
    });
  // The last entry would leave an empty map behind, and a key of another file is not this one's to move.
  if (source === undefined || line === undefined || siblings.length < 2 || agents.length === 0) return [];
  const written = source.text.slice(entry.keyPlace.span.start, entry.value.place.span.end);
  const edits = agents.flatMap((job): readonly Edit[] => {
    const variables = nodeAt(job.node, 'variables');
    const place = variables ?? job.node;
    const lines = variables ? [written] : ['variables:', `  ${written}`];
    const edit = place && insertKey(source, { file: source.path, span: place.span }, lines);
    return edit ? [edit] : [];
  });
  return edits.length === agents.length
    ? [{ title: 'Move the key to the agent’s job', safety: 'safe', edits: [line, ...edits], creates: [] }]
    : [];
}

const GATE_JOB = `${SOUND_JOB}
gate:
  stage: review
  timeout: 10 minutes
  script:
    - sallyport gate
`;

/** GL010 */
export const gateMayFail: Rule = {
  id: 'GL010',
  name: 'gitlab-gate-may-fail',
  title: 'The pipeline goes on when the gate says no',
  what: 'A job that runs `sallyport gate`, `verify`, `audit` or `review` has `allow_failure: true`.',
  why: 'The verdict blocks nothing: the change is merged all the same.',
  sources: ['GitLab documentation, "allow_failure"', 'CWE-754'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'GL',
  fix: 'safe',
  advice: 'Take `allow_failure` away.',
  tags: ['CWE-754', 'OWASP-CICD-SEC-1'],
  attack: gitlabFile(GATE_JOB.replace('    - sallyport gate', '    - sallyport gate\n  allow_failure: true')),
  benign: gitlabFile(GATE_JOB),
  check: (facts) =>
    facts.pipelines
      .filter(({ platform }) => platform === 'gitlab')
      .flatMap(({ jobs }) =>
        jobs.flatMap((job): readonly FindingDraft[] => {
          const allowed = scalarAt(job.node, 'allow_failure');
          const gates = job.steps.some((step) =>
            step.run?.script.commands.some(
              ({ words }) =>
                words[0]?.literal === 'sallyport' && /^(?:gate|verify|audit|review)$/.test(words[1]?.literal ?? ''),
            ),
          );
          if (!gates || allowed?.value !== true) return [];
          const place = { file: job.place.file, span: allowed.span };
          const edits = [{ file: place.file, span: place.span, text: 'false' }];
          return [
            {
              rule: 'GL010',
              message: `job ${job.id} may fail without any effect`,
              severity: 'medium',
              confidence: 'high',
              place,
              subject: `${job.id} allow_failure`,
              fixes: [{ title: 'Let the gate block', safety: 'safe', edits, creates: [] }],
            },
          ];
        }),
      ),
};

/** GL011 */
export const noTimeout: Rule = {
  id: 'GL011',
  name: 'gitlab-agent-job-without-timeout',
  title: 'The agent’s job has no time limit of its own',
  what: 'A job with an agent has no `timeout`, neither of its own nor by `default`.',
  why: 'An agent that was led astray works, and costs, until the project’s limit of usually an hour.',
  sources: ['GitLab documentation, "timeout"', 'CWE-400'],
  severity: 'low',
  confidence: 'high',
  tier: 'pedantic',
  family: 'GL',
  fix: 'safe',
  advice: 'Set `timeout` to a little more than the agent usually needs.',
  tags: ['CWE-400'],
  attack: gitlabFile(SOUND_JOB.replace('  timeout: 15 minutes\n', '')),
  benign: gitlabFile(SOUND_JOB),
  check: (facts) =>
    onePerJob(runsOn(facts, 'gitlab'))
      .filter(({ job }) => job.timeoutMinutes === undefined)
      .map((run) => {
        const node = run.job.node;
        const edit =
          node &&
          insertKey(facts.source(run.job.place.file), { file: run.job.place.file, span: node.span }, [
            'timeout: 30 minutes',
          ]);
        const fixes: readonly Fix[] = edit
          ? [{ title: 'Set a time limit', safety: 'safe', edits: [edit], creates: [] }]
          : [];
        return {
          rule: 'GL011',
          message: `job ${run.job.id} runs ${run.invocation.spelled} without a timeout`,
          severity: 'low',
          confidence: 'high',
          place: run.job.place,
          subject: subjectOf(run, 'timeout'),
          fixes,
        };
      }),
};

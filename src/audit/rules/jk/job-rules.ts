import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Entry } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { onePerJob, runsOn, subjectOf } from '../agent-job.ts';
import { indentAt } from '../line-removal.ts';
import { jenkinsfile, SOUND_PIPELINE } from './examples.ts';

const GLOBAL_KEY = "    environment {\n        ANTHROPIC_API_KEY = credentials('model-key')\n    }\n    stages {";

/** JK002 */
export const credentialsTooWide: Rule = {
  id: 'JK002',
  name: 'jenkins-credentials-around-more-than-agent',
  title: 'Other steps than the agent’s hold its credentials',
  what: '`environment { … credentials() }` or `withCredentials` covers the agent and at least one other step that runs commands.',
  why: 'Builds and tests of the change run in those steps and read the key from their environment.',
  sources: ['Jenkins documentation, "Handling credentials"', 'CWE-522'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'JK',
  fix: 'none',
  advice: 'Put `withCredentials` around the agent’s step alone.',
  tags: ['CWE-522', 'OWASP-CICD-SEC-6'],
  attack: jenkinsfile(SOUND_PIPELINE.replace('    stages {', GLOBAL_KEY)),
  benign: jenkinsfile(SOUND_PIPELINE),
  check: (facts) => runsOn(facts, 'jenkins').flatMap((run) => checkCredentials(run)),
};

function checkCredentials(run: AgentRun): readonly FindingDraft[] {
  const others = run.pipeline.jobs
    .flatMap(({ steps }) => steps)
    .filter((step) => step.run !== undefined && step !== run.step);
  const entries = [
    ...run.pipeline.environment.map((entry) => ({ entry, wide: true })),
    ...run.step.environment.map((entry) => ({ entry, wide: false })),
  ];
  const secrets = entries.filter(({ entry }) => isCredential(entry));
  return secrets.flatMap(({ entry, wide }): readonly FindingDraft[] => {
    const sharing = others.filter(
      (step) => wide || step.environment.some((other) => other.keyPlace.span.start === entry.keyPlace.span.start),
    );
    const first = sharing[0];
    if (first === undefined) return [];
    return [
      {
        rule: 'JK002',
        message: `${entry.name} is in the environment of ${sharing.length} other step${sharing.length === 1 ? '' : 's'} besides ${run.invocation.spelled}`,
        severity: 'high',
        confidence: 'high',
        place: entry.keyPlace,
        related: [{ place: first.place, message: 'runs with it too' }],
        subject: subjectOf(run, 'credentials', entry.name),
      },
    ];
  });
}

function isCredential(entry: Entry): boolean {
  return (
    entry.value.text.includes('credentials(') &&
    entry.value.interpolations.some(({ values }) => values.some(({ origin }) => origin === 'secret'))
  );
}

/** JK003 */
export const anyNode: Rule = {
  id: 'JK003',
  name: 'jenkins-agent-on-any-node',
  title: 'The agent runs on any machine, perhaps on the controller',
  what: '`agent any`, `node { … }` without a label, or the built-in node runs an AI agent.',
  why: 'Machines of a Jenkins keep files, processes and credentials between builds; on the controller all secrets of the installation are within reach.',
  sources: ['Jenkins documentation, "Controller isolation"', 'CWE-653'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'JK',
  fix: 'none',
  advice: 'Name the label of machines that are thrown away after each build.',
  tags: ['CWE-653', 'OWASP-CICD-SEC-7'],
  attack: jenkinsfile(SOUND_PIPELINE.replace("agent { label 'agents-ephemeral' }", 'agent any')),
  benign: jenkinsfile(SOUND_PIPELINE),
  check: (facts) =>
    onePerJob(runsOn(facts, 'jenkins')).flatMap((run) => {
      const label = run.job.runner.kind === 'persistent' ? run.job.runner.labels[0] : undefined;
      if (label === undefined) return [];
      const message = `${run.invocation.spelled} runs on ${label.value === 'any' ? 'any node' : `the node ${label.value}`}`;
      return [
        {
          rule: 'JK003',
          message,
          severity: 'medium',
          confidence: 'high',
          place: label.place,
          subject: subjectOf(run, 'node'),
        },
      ];
    }),
};

/** JK004 */
export const movingCode: Rule = {
  id: 'JK004',
  name: 'jenkins-code-that-can-change',
  title: 'Library or loaded code that can change at any time runs with the agent',
  what: 'A pipeline with an agent uses `@Library` on a branch or without a version, or runs `load` or `evaluate`.',
  why: 'Library code runs in the controller with the build’s credentials; loaded code comes from the tree, which a pull request writes.',
  sources: ['Jenkins documentation, "Extending with shared libraries"', 'CWE-829'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'JK',
  fix: 'none',
  advice: 'Name a commit or a protected tag behind the `@`; put shared code into a library.',
  tags: ['CWE-829', 'CWE-94', 'OWASP-CICD-SEC-3'],
  attack: jenkinsfile(`@Library('acme-ci@main') _\n${SOUND_PIPELINE}`),
  benign: jenkinsfile(`@Library('acme-ci@5f2e8a7c1d3b4e6f9a0b1c2d3e4f5a6b7c8d9e0f') _\n${SOUND_PIPELINE}`),
  check: checkLibraries,
};

function* checkLibraries(facts: Facts): Iterable<FindingDraft> {
  for (const pipeline of new Set(runsOn(facts, 'jenkins').map((run) => run.pipeline))) {
    for (const { name, ref, refKind, place } of pipeline.includes) {
      if (refKind !== 'branch' && refKind !== 'none') continue;
      const message =
        ref === undefined
          ? `library ${name} comes in whatever version the controller names`
          : `library ${name} comes from the branch ${ref}`;
      yield {
        rule: 'JK004',
        message,
        severity: ref === undefined ? 'medium' : 'high',
        confidence: 'high',
        place,
        subject: `library ${name}`,
      };
    }
    for (const effect of pipeline.jobs.flatMap(({ steps }) => steps).flatMap(({ effects }) => effects)) {
      if (effect.kind !== 'evaluate' || !/^(?:load|evaluate)/.test(effect.what)) continue;
      yield {
        rule: 'JK004',
        message: `${effect.what} runs code of the tree in the controller`,
        severity: 'high',
        confidence: 'high',
        place: effect.place,
        subject: effect.what,
      };
    }
  }
}

/** JK005 */
export const noBounds: Rule = {
  id: 'JK005',
  name: 'jenkins-no-timeout-or-cleanup',
  title: 'The agent’s pipeline has no time limit or leaves its workspace',
  what: 'No `timeout` in `options` or around the agent, or no `post { always { cleanWs() } }`.',
  why: 'An agent that was led astray runs on; what it wrote to the workspace runs in the next build on this machine.',
  sources: ['Jenkins documentation, "Pipeline syntax: options, post"', 'CWE-400', 'CWE-459'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'JK',
  fix: 'safe',
  advice: 'Add `options { timeout(…) }` and `post { always { cleanWs() } }`.',
  tags: ['CWE-400', 'CWE-459'],
  attack: jenkinsfile(SOUND_PIPELINE.replace(/ {4}post \{[\s\S]*?\n {4}\}\n/, '')),
  benign: jenkinsfile(SOUND_PIPELINE),
  check: (facts) =>
    onePerJob(runsOn(facts, 'jenkins')).flatMap((run) => [...checkTimeout(run, facts), ...checkCleanup(run, facts)]),
};

function bodyOf(run: AgentRun, key: string): Place | undefined {
  return run.pipeline.special.entries.find((entry) => entry.key === key)?.place;
}

function checkTimeout(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  if (run.job.timeoutMinutes !== undefined || run.step.timeoutMinutes !== undefined) return [];
  const options = bodyOf(run, 'options-body');
  const line = "timeout(time: 30, unit: 'MINUTES')";
  const lines = options ? [line] : ['options {', `    ${line}`, '}'];
  const fixes = openingFix('Set a time limit', options ?? bodyOf(run, 'pipeline-body'), lines, facts);
  return [
    {
      rule: 'JK005',
      message: `${run.invocation.spelled} runs without a timeout`,
      severity: 'low',
      confidence: 'high',
      place: run.job.place,
      subject: subjectOf(run, 'timeout'),
      fixes,
    },
  ];
}

function checkCleanup(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  const cleaned = run.pipeline.jobs
    .flatMap(({ steps }) => steps)
    .some(({ effects, condition }) => effects.some(({ kind }) => kind === 'cleanup') && condition?.runsAfterFailure);
  if (cleaned || run.job.runner.kind === 'hosted') return [];
  const post = bodyOf(run, 'post-body');
  const always = ['always {', '    cleanWs()', '}'];
  const existing = post && facts.source(post.file)?.text.slice(post.span.start, post.span.end);
  const fixes = post
    ? existing?.includes('always')
      ? []
      : openingFix('Clean the workspace', post, always, facts)
    : closingFix(
        'Clean the workspace',
        bodyOf(run, 'pipeline-body'),
        ['post {', ...always.map((line) => `    ${line}`), '}'],
        facts,
      );
  return [
    {
      rule: 'JK005',
      message: `the workspace of ${run.invocation.spelled} stays for the next build`,
      severity: 'medium',
      confidence: 'medium',
      place: run.job.place,
      subject: subjectOf(run, 'cleanup'),
      fixes,
    },
  ];
}

/** Puts lines right behind the brace that opens a block. */
function openingFix(title: string, block: Place | undefined, lines: readonly string[], facts: Facts): readonly Fix[] {
  const source = block && facts.source(block.file);
  if (block === undefined || source === undefined) return [];
  const indent = `\n${indentAt(source, block.span.start)}    `;
  const at = block.span.start + 1;
  return [
    {
      title,
      safety: 'safe',
      edits: [{ file: block.file, span: { start: at, end: at }, text: lines.map((line) => indent + line).join('') }],
      creates: [],
    },
  ];
}

/** Puts lines before the brace that closes a block, when it stands on a line of its own. */
function closingFix(title: string, block: Place | undefined, lines: readonly string[], facts: Facts): readonly Fix[] {
  const source = block && facts.source(block.file);
  if (block === undefined || source === undefined) return [];
  const line = source.text.lastIndexOf('\n', block.span.end - 1) + 1;
  if (source.text.slice(line, block.span.end).trim() !== '}') return [];
  const indent = `${indentAt(source, line)}    `;
  return [
    {
      title,
      safety: 'safe',
      edits: [
        { file: block.file, span: { start: line, end: line }, text: lines.map((one) => `${indent}${one}\n`).join('') },
      ],
      creates: [],
    },
  ];
}

/** JK006 */
export const forkTrusted: Rule = {
  id: 'JK006',
  name: 'jenkins-pull-request-builds-agent',
  title: 'A pull request may bring the Jenkinsfile that runs the agent',
  what: 'A pipeline with an agent is built for pull requests, with credentials and without a gate.',
  why: 'Where the branch source trusts forks, the pull request’s own Jenkinsfile and tree run with the job’s credentials.',
  sources: ['Jenkins documentation, GitHub Branch Source, "Trust"', 'CWE-829'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'JK',
  fix: 'none',
  advice: 'Set the trust of forks to "Nobody", and give the job no credentials for pull requests.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-4'],
  attack: jenkinsfile(
    SOUND_PIPELINE.replace('            steps {', '            when { changeRequest() }\n            steps {'),
  ),
  benign: jenkinsfile(
    SOUND_PIPELINE.replace('            steps {', "            when { branch 'main' }\n            steps {"),
  ),
  check: (facts) =>
    onePerJob(runsOn(facts, 'jenkins')).flatMap((run): readonly FindingDraft[] => {
      const trigger = run.pipeline.triggers.find(({ event }) => event === 'change-request');
      const gated = run.stepPath.some((step) => step.condition?.gates.some(({ strength }) => strength >= 3));
      if (trigger === undefined || gated) return [];
      return [
        {
          rule: 'JK006',
          message: `${run.invocation.spelled} is built for pull requests with the job’s credentials`,
          severity: run.credentials.length > 0 ? 'high' : 'medium',
          confidence: 'medium',
          place: trigger.place,
          subject: subjectOf(run, 'pull request'),
        },
      ];
    }),
};

/** JK008 */
export const openContainer: Rule = {
  id: 'JK008',
  name: 'jenkins-container-open-to-host',
  title: 'The agent’s container has root, the engine’s socket or the home folder',
  what: '`docker … inside` or `agent { docker { args } }` of an agent’s job runs as root, is privileged, or mounts the socket or the home folder.',
  why: 'The container is the only wall around the agent; through the socket or the home folder it reaches the credentials of the machine.',
  sources: ['Jenkins documentation, "Using Docker with Pipeline"', 'CWE-250'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'JK',
  fix: 'none',
  advice: 'Run as an ordinary user and mount the workspace alone.',
  tags: ['CWE-250', 'CWE-668', 'OWASP-CICD-SEC-7'],
  attack: jenkinsfile(
    SOUND_PIPELINE.replace(
      "agent { label 'agents-ephemeral' }",
      "agent { docker { image 'node:24'; args '-u root -v /var/run/docker.sock:/var/run/docker.sock' } }",
    ),
  ),
  benign: jenkinsfile(
    SOUND_PIPELINE.replace(
      "agent { label 'agents-ephemeral' }",
      "agent { docker { image 'node:24'; args '--cap-drop ALL' } }",
    ),
  ),
  check: (facts) => onePerJob(runsOn(facts, 'jenkins')).flatMap((run) => checkContainer(run, facts)),
};

const HOST_MOUNT =
  /docker\.sock|^(?:\$\{?HOME\b|~|\/root|\/home\b|\/:|\/var\/jenkins_home|\/etc:)|type=bind,(?:source|src)=(?:\/(?:root|home|etc)?(?:,|$)|\$HOME)/;

function checkContainer(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  const { container } = run.job;
  const faults = (user: string | undefined, privileged: boolean, mounts: readonly string[]): readonly string[] => [
    ...(user !== undefined && /^(?:root|0)(?::|$)/.test(user) ? ['as root'] : []),
    ...(privileged ? ['privileged'] : []),
    ...mounts.filter((mount) => HOST_MOUNT.test(mount)).map((mount) => `with ${mount.split(':')[0] ?? mount}`),
  ];
  const report = (found: readonly string[], place: Place): readonly FindingDraft[] =>
    found.length === 0
      ? []
      : [
          {
            rule: 'JK008',
            message: `the container of ${run.invocation.spelled} runs ${found.join(', ')}`,
            severity: 'high',
            confidence: 'high',
            place,
            subject: subjectOf(run, 'container'),
          },
        ];
  const own = container
    ? report(
        faults(
          container.user,
          container.privileged !== undefined,
          container.mounts.map(({ value }) => value),
        ),
        container.options?.place ?? container.place,
      )
    : [];
  const inside = run.job.steps.filter(({ index }) => index < run.step.index).flatMap(({ effects }) => effects);
  const started = inside.flatMap((effect) => {
    if (effect.kind !== 'container') return [];
    return report(faults(rootIn(effect.place, facts), effect.privileged, effect.mounts), effect.place);
  });
  return [...own, ...started];
}

/** The user that the options of `inside` name, when it is root. */
function rootIn({ file, span }: Place, facts: Facts): string | undefined {
  const options = facts.source(file)?.text.slice(span.start, span.end) ?? '';
  return /(?:^|[\s'"])(?:-u|--user)[ =](?:root|0)\b/.test(options) ? 'root' : undefined;
}

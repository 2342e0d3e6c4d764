import { isExact } from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Effect, Entry } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps, onePerJob } from '../agent-job.ts';
import { isRunBySallyport, titleOf } from '../agent-rule.ts';
import { addToSection } from '../crd/section-edit.ts';
import { isAgentPackage } from '../ct/agent-container.ts';
import { workflow } from '../example.ts';
import { insertFix, replaceFix, textAt } from '../fixes.ts';
import { AGENT, MEASURED_CLAUDE, SOUND, SUP } from './examples.ts';
import { distinct } from './mutable-reference.ts';
import { passesFor } from './official-names.ts';

type Install = Effect & { readonly kind: 'install' };

interface Installed {
  readonly job: AgentRun['job'];
  readonly effect: Install;
}

/** Installations of agents in every job, with or without an agent that was seen to start. Images are CT001. */
function agentInstalls(facts: Facts): readonly Installed[] {
  return facts.pipelines
    .filter(({ platform }) => platform !== 'container')
    .flatMap(({ jobs }) =>
      jobs.flatMap((job) =>
        flatSteps(job.steps).flatMap(({ effects }) =>
          effects.flatMap((effect) =>
            effect.kind === 'install' && isAgentPackage(effect.name) ? [{ job, effect }] : [],
          ),
        ),
      ),
    );
}

/** Actions that take the newest agent when nobody names a version. */
const NEWEST_BY_DEFAULT: readonly { readonly action: string; readonly input: string; readonly agent: string }[] = [
  { action: 'google-github-actions/run-gemini-cli', input: 'gemini_cli_version', agent: 'Gemini CLI' },
  { action: 'google-gemini/gemini-cli-action', input: 'version', agent: 'Gemini CLI' },
  { action: 'openai/codex-action', input: 'codex-version', agent: 'Codex' },
];

/** SUP003. Images are CT001. */
export const unpinnedAgent: Rule = {
  ...SUP,
  id: 'SUP003',
  name: 'agent-installed-without-version',
  title: 'The agent is installed without a version',
  what: 'A job installs an agent by name only, by `latest` or a range, or uses an action that takes the newest one by default.',
  why: 'Agents update daily. A release that was taken over, or one that changes what a flag means, runs with the key the same day.',
  sources: [
    's1ngularity release of nx, 2025: stolen releases used installed agents',
    'Measured: 16 % of public agent workflows',
  ],
  severity: 'medium',
  confidence: 'high',
  fix: 'safe',
  advice: 'Name an exact version and let a dependency bot raise it.',
  tags: ['CWE-829', 'CWE-1357', 'OWASP-CICD-SEC-3'],
  attack: [workflow(`      - run: npm install -g @anthropic-ai/claude-code\n${AGENT}`)],
  benign: [workflow(`      - run: npm install -g @anthropic-ai/claude-code@${MEASURED_CLAUDE}\n${AGENT}`)],
  check: (facts) =>
    distinct([
      ...agentInstalls(facts).flatMap(({ job, effect }) => unpinnedInstall(facts, job, effect)),
      ...facts.runs.flatMap((run) => unpinnedInput(run)),
    ]),
};

function unpinnedInstall(facts: Facts, job: AgentRun['job'], effect: Install): readonly FindingDraft[] {
  const { name = '', version, pipedToShell } = effect;
  // A name that is not the vendor's is SUP005: a version does not mend it.
  if (pipedToShell || passesFor('package', name) !== undefined) return [];
  if (version !== undefined && (isExact(version) || /[$%{]/.test(version))) return [];
  const how = version === undefined ? 'without a version' : `as \`${version}\`, which moves`;
  const fixes = version === undefined ? versionFix(facts, effect) : [];
  return [
    {
      rule: 'SUP003',
      message: `Job ${job.id} installs ${name} ${how}`,
      severity: 'medium',
      confidence: effect.certainty === 'certain' ? 'high' : 'medium',
      place: effect.place,
      subject: `${job.id} ${name}`,
      ...(fixes.length > 0 ? { fixes } : {}),
    },
  ];
}

function versionFix(facts: Facts, { name, place }: Install): readonly Fix[] {
  if (name !== '@anthropic-ai/claude-code') return [];
  const at = textAt(facts, place)?.indexOf(name) ?? -1;
  const end = place.span.start + at + name.length;
  if (at < 0 || facts.source(place.file)?.text[end] === '@') return [];
  const where = { file: place.file, span: { start: end, end } };
  return [insertFix(`Install ${MEASURED_CLAUDE}`, where, `@${MEASURED_CLAUDE}`, 'safe', 'end')];
}

function unpinnedInput({ step, job, invocation }: AgentRun): readonly FindingDraft[] {
  const row = NEWEST_BY_DEFAULT.find(({ action }) => action === step.uses?.name.toLowerCase());
  const given = row && step.inputs.find(({ name }) => name.toLowerCase() === row.input);
  const text = given?.value.text.trim() ?? '';
  if (row === undefined || (text !== '' && text !== 'latest' && text !== 'nightly' && text !== 'preview')) return [];
  return [
    {
      rule: 'SUP003',
      message: `${row.agent} of job ${job.id} is the newest of the day: \`${row.input}\` ${text === '' ? 'is not set' : `is ${text}`}`,
      severity: 'medium',
      confidence: 'high',
      place: given?.value.place ?? invocation.place,
      subject: `${job.id} ${row.input}`,
    },
  ];
}

/** SUP004 */
export const pipedAgent: Rule = {
  ...SUP,
  id: 'SUP004',
  name: 'agent-installed-by-piped-script',
  title: 'The agent is installed by a script from the network',
  what: 'A job pipes the install script of an agent straight into a shell.',
  why: 'Whoever controls the address, or the way to it, runs code in the job. Nothing is pinned and nothing is checked.',
  sources: ['CWE-494', 'Measured: 2 % of public agent workflows'],
  severity: 'high',
  confidence: 'high',
  fix: 'unsafe',
  advice: 'Install an exact version from the package registry.',
  tags: ['CWE-494', 'CWE-829', 'OWASP-CICD-SEC-3'],
  attack: [workflow(`      - run: curl -fsSL https://claude.ai/install.sh | bash\n${AGENT}`)],
  benign: [workflow(`      - run: npm install -g @anthropic-ai/claude-code@${MEASURED_CLAUDE}\n${AGENT}`)],
  check: (facts) =>
    distinct(
      agentInstalls(facts).flatMap(({ job, effect }): readonly FindingDraft[] => {
        if (!effect.pipedToShell) return [];
        const fixes = registryFix(facts, effect);
        return [
          {
            rule: 'SUP004',
            message: `Job ${job.id} runs a script straight from ${effect.name ?? 'the network'} to install the agent`,
            severity: 'high',
            confidence: effect.certainty === 'certain' ? 'high' : 'medium',
            place: effect.place,
            subject: `${job.id} ${effect.name ?? ''}`,
            ...(fixes.length > 0 ? { fixes } : {}),
          },
        ];
      }),
    ),
};

function registryFix(facts: Facts, { name, place }: Install): readonly Fix[] {
  const source = facts.source(place.file)?.text ?? '';
  const lineEnd = source.indexOf('\n', place.span.start);
  const line = source.slice(place.span.start, lineEnd < 0 ? source.length : lineEnd).trimEnd();
  if (!/^https:\/\/claude\.ai\//.test(name ?? '') || !/^curl [^|;&]{1,200}\| ?(?:ba)?sh$/.test(line)) return [];
  const span = { start: place.span.start, end: place.span.start + line.length };
  const text = `npm install -g @anthropic-ai/claude-code@${MEASURED_CLAUDE}`;
  return [replaceFix('Install an exact version from the registry', { file: place.file, span }, text, 'unsafe')];
}

/** SUP011 */
export const autoUpdate: Rule = {
  ...SUP,
  id: 'SUP011',
  name: 'auto-update-in-ci',
  title: 'The installed agent may update itself in the job',
  what: 'A job installs Claude Code and leaves its updater on.',
  why: 'The version that was pinned and tested is not the one that runs; on a machine that stays, the next job gets the new one.',
  sources: ['Claude Code documentation, DISABLE_AUTOUPDATER'],
  severity: 'low',
  confidence: 'medium',
  fix: 'safe',
  advice: 'Set `DISABLE_AUTOUPDATER: 1` in the step of the agent.',
  tags: ['CWE-494'],
  attack: [workflow(`      - run: npm install -g @anthropic-ai/claude-code@${MEASURED_CLAUDE}\n${AGENT}`)],
  benign: [SOUND],
  check: (facts) =>
    onePerJob(facts.runs).flatMap((run): readonly FindingDraft[] => {
      const { invocation, job, pipeline, step } = run;
      const installs = run.effectsBefore.some(
        (one) => one.kind === 'install' && one.name === '@anthropic-ai/claude-code',
      );
      const entries: readonly Entry[] = [...pipeline.environment, ...job.environment, ...step.environment];
      const off = entries.some(({ name }) =>
        /^(?:DISABLE_AUTOUPDATER|CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC)$/.test(name),
      );
      if (invocation.product !== 'claude-code' || invocation.via !== 'command' || !installs || off) return [];
      // The contained run switches it off itself, and lets it reach nothing.
      if (isRunBySallyport(run)) return [];
      const edit =
        pipeline.platform === 'github'
          ? addToSection(pipeline.file, step.node, 'env', { key: 'DISABLE_AUTOUPDATER', text: "'1'" })
          : undefined;
      return [
        {
          rule: 'SUP011',
          message: `${titleOf(run)} of job ${job.id} may replace the version that the job installed`,
          severity: 'low',
          confidence: 'medium',
          place: invocation.place,
          subject: `${job.id} updater`,
          ...(edit === undefined
            ? {}
            : { fixes: [{ title: 'Switch the updater off', safety: 'safe', edits: [edit], creates: [] }] }),
        },
      ];
    }),
};

/** SUP008. Image files are CT011. */
export const imageByTag: Rule = {
  ...SUP,
  id: 'SUP008',
  name: 'agent-job-image-by-tag',
  title: 'The image around the agent is named by a tag',
  what: 'The image of a job with an agent, of a service beside it or of a `docker://` step has a tag or nothing instead of a digest.',
  why: 'Whoever can push the tag runs code in the job of the agent, with its key.',
  sources: [
    'OCI distribution specification, "Pulling manifests"',
    'Measured: 15 of 15 public GitLab pipelines with an agent',
  ],
  severity: 'medium',
  confidence: 'high',
  fix: 'none',
  advice: 'Name the digest behind the tag: `image:tag@sha256:…`.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: [workflow(AGENT, { job: '    timeout-minutes: 10\n    container: node:24' })],
  benign: [workflow(AGENT, { job: `    timeout-minutes: 10\n    container: node:24@sha256:${'5'.repeat(64)}` })],
  check: (facts) =>
    distinct(
      onePerJob(facts.runs).flatMap((run): readonly FindingDraft[] => {
        const { container, services, steps, id } = run.job;
        const images = [
          ...[container, ...services].flatMap((one) => one?.image ?? []),
          ...flatSteps(steps).flatMap(({ uses }) => (uses?.kind === 'image' ? [uses] : [])),
        ];
        return images
          .filter(({ refKind, name }) => refKind !== 'digest' && refKind !== 'expression' && name !== '')
          .map((image) => ({
            rule: 'SUP008',
            message: `${image.name} around ${titleOf(run)} of job ${id} is named by ${image.ref === undefined ? 'no tag' : `the tag ${image.ref}`}, not by a digest`,
            severity: 'medium',
            confidence: 'high',
            place: image.place,
            subject: `${id} ${image.name}`,
          }));
      }),
    ),
};

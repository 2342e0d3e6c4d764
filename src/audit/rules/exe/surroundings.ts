import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, Severity } from '../../../findings/index.ts';
import type { Container, Effect } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { onePerJob } from '../agent-job.ts';
import { agentRule, isContained, meetsOutsiders, type RunFinding, titleOf } from '../agent-rule.ts';
import { workflow } from '../example.ts';
import { addOptionsFix, containFix } from '../fixes.ts';
import { removeLines } from '../line-removal.ts';
import { mountDanger } from '../mount-danger.ts';
import { mintedTokens } from '../path/minted-tokens.ts';
import { allowedRules, grantOf } from '../path/run-questions.ts';
import { writerWithin } from '../token-rights.ts';
import { EXE, READER, WRITER } from './examples.ts';
import { withFixes } from './loaded-configuration.ts';

/** Machines of Jenkins are JK003. */
const MACHINES: ReadonlySet<string> = new Set(['github', 'gitlab', 'azure']);
/** Labels of the platform's own machines. */
const HOSTED = /^(?:ubuntu|windows|macos)-/;

/** EXE015 */
export const persistentMachine: Rule = {
  ...EXE,
  id: 'EXE015',
  name: 'agent-on-persistent-machine',
  title: 'The agent works on a machine that outlives the job',
  what: 'The job of an agent runs on a self-hosted runner, an agent pool of one’s own or a shell executor.',
  why: 'Processes, files and logins that the agent leaves meet the next job, also of another repository. The network of the machine is often the inner one.',
  sources: ['GitHub documentation, "Self-hosted runner security"', 'zizmor documentation, self-hosted-runner'],
  severity: 'medium',
  confidence: 'medium',
  fix: 'unsafe',
  advice: 'Use a machine that is thrown away after the job, or start the agent with `sallyport run`.',
  tags: ['CWE-668', 'OWASP-CICD-SEC-7'],
  attack: [workflow(READER, { job: '    timeout-minutes: 10\n    environment: agents' }).text].map((text) => ({
    file: '.github/workflows/agent.yml',
    text: text.replace('ubuntu-latest', '[self-hosted, linux]'),
  })),
  benign: [workflow(READER)],
  check: (facts) =>
    onePerJob(facts.runs).flatMap((run): readonly FindingDraft[] => {
      const { runner, id, place } = run.job;
      if (runner.kind !== 'persistent' || !MACHINES.has(run.pipeline.platform) || isContained(run)) return [];
      const written = runner.labels.filter(({ value }) => !value.includes('${{'));
      const label =
        written.find(({ value }) => /self-hosted|shell|pool/i.test(value)) ?? written[0] ?? runner.labels[0];
      // One expression can name this machine or a hosted one.
      const chosen = written.some((one) => one.place === label?.place && HOSTED.test(one.value));
      const outside = meetsOutsiders(run);
      return [
        {
          rule: 'EXE015',
          message: `${titleOf(run)} of job ${id} ${chosen ? 'may work' : 'works'} on a machine that stays${label === undefined ? '' : ` (${label.value})`}`,
          detail: outside
            ? 'Outsiders write what the agent reads: what they make it leave on the machine waits for other jobs. A short-lived token does not help, as the machine keeps what it saw.'
            : 'What the agent leaves on the machine waits for other jobs.',
          severity: outside ? (chosen ? 'medium' : 'high') : chosen ? 'low' : 'medium',
          confidence: chosen ? 'low' : 'medium',
          place: label?.place ?? place,
          related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
          subject: `${id} machine`,
          ...withFixes(containFix(run, facts)),
        },
      ];
    }),
};

/** EXE016. GitLab services are GL006, Jenkins containers JK008, container files CT004 and CT005. */
export const containerEngine: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE016',
    name: 'container-engine-within-reach',
    title: 'A container engine is within reach of the agent',
    what: 'The job of an agent mounts the socket of a container engine, has Docker-in-Docker beside it, or runs in a privileged container.',
    why: 'Whoever can talk to the engine starts a container with the disks of the machine: every file, every other job, no sandbox.',
    sources: ['Docker documentation, "Protect the Docker daemon socket"', 'CWE-250'],
    severity: 'critical',
    confidence: 'high',
    fix: 'safe',
    advice: 'Build images in another job. An agent needs neither the socket nor `--privileged`.',
    tags: ['CWE-250', 'CWE-668', 'OWASP-CICD-SEC-7'],
    attack: [
      workflow(WRITER, {
        job: '    timeout-minutes: 10\n    container:\n      image: node:24\n      volumes:\n        - /var/run/docker.sock:/var/run/docker.sock',
      }),
    ],
    benign: [workflow(WRITER, { job: '    timeout-minutes: 10\n    container:\n      image: node:24' })],
  },
  function* (run, facts): Iterable<RunFinding> {
    const { platform } = run.pipeline;
    if (platform === 'jenkins' || run.capabilities.execute === 'none') return;
    const services = platform === 'gitlab' ? [] : run.job.services;
    const declared = [run.job.container, ...services].flatMap((one) => (one === undefined ? [] : [engineOf(one)]));
    const started = platform === 'gitlab' ? [] : [...run.effectsBefore, ...run.step.effects].map(engineBehind);
    const found = [...declared, ...started].find((one) => one !== undefined);
    if (found === undefined) return;
    yield {
      message: `${found.what} in job ${run.job.id}, where ${titleOf(run)} runs commands`,
      detail: 'Whatever limits the agent ends there: a container that it starts has none of those limits.',
      severity: meetsOutsiders(run) ? 'critical' : 'high',
      place: found.place,
      about: 'engine',
      ...withFixes(removalFix(found, facts)),
    };
  },
);

interface Engine {
  readonly what: string;
  readonly place: FindingDraft['place'];
  /** A list item that can go without leaving an empty list. */
  readonly removable?: true;
}

function removalFix({ place, removable }: Engine, facts: Facts): readonly Fix[] {
  const file = removable ? facts.source(place.file) : undefined;
  const edit = file && removeLines(file, place);
  return edit ? [{ title: 'Remove the socket', safety: 'safe', edits: [edit], creates: [] }] : [];
}

function engineOf({ mounts, privileged, image, place }: Container): Engine | undefined {
  const socket = mounts.find(({ value }) => mountDanger(value.split(':')[0] ?? '')?.kind === 'engine');
  if (socket !== undefined) {
    const removable = mounts.length > 1 ? { removable: true as const } : {};
    return { what: 'The socket of the container engine is mounted', place: socket.place, ...removable };
  }
  if (privileged !== undefined) return { what: 'A privileged container is started', place: privileged };
  if (image !== undefined && /(?:^|[:/-])dind(?:$|[-:@])/.test(`${image.name}:${image.ref ?? ''}`))
    return { what: 'Docker-in-Docker runs', place };
  return undefined;
}

function engineBehind(effect: Effect): Engine | undefined {
  if (effect.kind !== 'container') return undefined;
  const socket = effect.mounts.some((mount) => mountDanger(mount.split(':')[0] ?? '')?.kind === 'engine');
  if (socket) return { what: 'The socket of the container engine is mounted', place: effect.place };
  return effect.privileged ? { what: 'A privileged container is started', place: effect.place } : undefined;
}

/** What decides what runs next, and the rule of Claude Code that keeps it. */
const GUARDRAILS: readonly { readonly rule: string; readonly covers: RegExp; readonly present: RegExp }[] = [
  { rule: 'Edit(.github/**)', covers: /\.github\/?(?:\*|workflows|\)|$)/, present: /^\.github\/workflows\// },
  { rule: 'Edit(.gitlab-ci.yml)', covers: /gitlab-ci/, present: /^\.gitlab-ci\.yml$/ },
  { rule: 'Edit(Jenkinsfile)', covers: /Jenkinsfile/, present: /^Jenkinsfile$/ },
  { rule: 'Edit(azure-pipelines.yml)', covers: /azure-pipelines/, present: /^azure-pipelines\.yml$/ },
  { rule: 'Edit(.claude/**)', covers: /\.claude/, present: /^\.claude\// },
  { rule: 'Edit(.mcp.json)', covers: /\.mcp\.json/, present: /^\.mcp\.json$/ },
];
const WHOLE = /^(?:Edit|Write|write|edit|\*)$/;

/** EXE018 */
export const openGuardrails: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE018',
    name: 'agent-may-edit-its-guardrails',
    title: 'The agent may edit what guards it',
    what: 'An agent may write files, and nothing denies it the pipeline files, its own settings, its MCP servers or CODEOWNERS.',
    why: 'A change to a pipeline or to settings takes effect in the next run. Where the change is pushed, one bad answer opens everything for good.',
    sources: ['Measured: in acceptEdits the model may write .github/workflows without a prompt', 'CVE-2026-25725'],
    severity: 'medium',
    confidence: 'medium',
    fix: 'safe',
    advice:
      'Deny edits of pipeline files and agent configuration, and let a person own them in CODEOWNERS; `sallyport run` has a write scope.',
    tags: ['CWE-732', 'CWE-266', 'OWASP-CICD-SEC-1'],
    attack: [workflow(WRITER)],
    benign: [workflow(READER)],
  },
  function* (run, facts): Iterable<RunFinding> {
    const { write, execute } = run.capabilities;
    if (write === 'none' || isContained(run)) return;
    const open = openSurfaces(run, facts);
    if (open.length === 0) return;
    const pushed = pushes(run);
    const text = open.join(',');
    const fixes: readonly Fix[] =
      run.invocation.product === 'claude-code' && execute !== 'any'
        ? addOptionsFix('Deny what guards the agent', run, facts, `--disallowedTools "${text}"`, 'safe')
        : [];
    yield {
      message: `Nothing keeps ${titleOf(run)} of job ${run.job.id} from ${open.map((one) => one.slice('Edit('.length, -1)).join(', ')}${PUSHED[pushed]}`,
      ...(execute === 'any'
        ? {
            detail:
              'It may run any command, so a rule about its edit tool alone does not hold: only a write scope around the process does.',
          }
        : {}),
      severity: guardSeverity(run, facts, open, pushed),
      about: 'guardrails',
      ...withFixes(run.invocation.deny.length > 0 ? [] : fixes),
    };
  },
);

/** The forge refuses workflow files from the job's own token: where nothing else guards, little is lost. */
function guardSeverity(run: AgentRun, { tree }: Facts, open: readonly string[], pushed: Pushed): Severity {
  const refused =
    run.pipeline.platform === 'github' &&
    open.every((rule) => rule.includes('.github')) &&
    tree.entries.every(({ path }) => !/^\.github\/(?!workflows\/)/.test(path)) &&
    !run.credentials.some(({ class: kind, reachable }) => kind === 'personal-token' && reachable !== 'no') &&
    mintedTokens(run).length === 0;
  if (pushed === 'no' || (pushed !== 'later' && refused)) return 'low';
  return meetsOutsiders(run) && run.gateStrength < 2 && pushed !== 'perhaps' && !refused ? 'high' : 'medium';
}

const PUSHED = {
  later: ', and its changes are pushed',
  itself: ', and it can push',
  perhaps: ', and it may be able to push',
  no: '',
} as const;
type Pushed = keyof typeof PUSHED;

/** By a later step, or by the agent: by a command, a tool that commits, or the action that answers a mention. */
function pushes(run: AgentRun): Pushed {
  const later = run.effectsAfter.some(
    ({ kind }) => kind === 'push' || kind === 'create-pull-request' || kind === 'merge',
  );
  if (later) return 'later';
  const { invocation, capabilities } = run;
  const tools = allowedRules(run).some(({ text }) => COMMITTING.test(text));
  const able = capabilities.execute === 'any' || tools || invocation.promptFromEvent || grantOf(run, ['git-push']);
  const writer = able && capabilities.network !== 'none' ? writerWithin(run, 'contents') : undefined;
  if (writer === undefined) return 'no';
  return writer.certainty === 'yes' ? 'itself' : 'perhaps';
}

const COMMITTING =
  /^mcp__(?:github|gitlab|gitea)\w*(?:$|__(?:\*|push_files|create_or_update|commit|delete_file|merge))/;

function openSurfaces(run: AgentRun, facts: Facts): readonly string[] {
  const denied = [
    ...run.invocation.deny.map(({ text }) => text),
    ...run.effective
      .filter(({ kind, inForce }) => kind === 'deny' && inForce === 'yes')
      .map(({ subject }) => subject.replace(/^deny /, '')),
  ];
  if (denied.some((rule) => WHOLE.test(rule))) return [];
  return GUARDRAILS.filter(
    ({ covers, present }) =>
      !denied.some((rule) => covers.test(rule)) && facts.tree.entries.some(({ path }) => present.test(path)),
  ).map(({ rule }) => rule);
}

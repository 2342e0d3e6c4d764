import type { AgentRun, Credential, Facts } from '../../../facts/index.ts';
import { gatesForEvent, type Job, type Pipeline, type Step } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, credentialLeg, exitLeg, inputLeg, legs, nameOf, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { atMost, pathSeverity } from '../../paths/path-finding.ts';
import { type InspectedContainer, inspectContainers } from '../ct/agent-container.ts';
import { mountDanger } from '../mount-danger.ts';
import { BODY, ISSUES, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { abusableRuns, agentOf, cutBy, reachableCredentials, strongestSource, who } from './run-questions.ts';

const START = workflow(
  'triage',
  `${ISSUES}
permissions:
  contents: read
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
${step('docker compose run --rm agent claude -p "Label this: $BODY"', BODY)}
`,
);
const compose = (mount: string) => ({
  file: 'compose.yaml',
  text: `services:
  agent:
    image: example.test/agent@sha256:${'0'.repeat(64)}
    command: claude -p "Label the issue" --dangerously-skip-permissions
    volumes:
      - .:/work
${mount}`,
});

/** PATH11: the container around the agent is what hands it the secret. */
export const containerHandsSecret: PathRule = {
  id: 'PATH11',
  name: 'container-hands-secret',
  title: "The agent's container hands it a secret of the machine",
  what: 'An agent that outsiders can steer runs in a container into which a credential of the machine is mounted, or which gets a secret as a variable, and which may reach any host. Reported instead of PATH01, unless the job hands it secrets too.',
  why: "The pipeline file looks clean: the secret is in the compose file, the pod or the job's container. Every tool of the agent reads a mounted directory.",
  sources: [
    'OWASP Docker Security Cheat Sheet, rules 1 and 12',
    'Docker documentation, protect the Docker daemon socket',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Take the mount away and give the container a network with named hosts only.',
  tags: ['CWE-668', 'CWE-200', 'OWASP-CICD-SEC-6'],
  attack: [START, compose('      - ~/.aws:/root/.aws:ro\n')],
  benign: [START, compose('')],
  paths: (facts: Facts) => [...abusableRuns(facts).flatMap(fromJobContainer), ...fromComposeFiles(facts)],
};

function fromJobContainer(run: AgentRun): readonly AttackPath[] {
  const source = strongestSource(run);
  const exit = run.exits.find(({ kind, by }) => kind === 'network' && by === 'agent');
  const mount = run.credentials.find(({ scope, reachable }) => scope === 'mount' && reachable !== 'no');
  if (!source || !exit || !mount || cutBy(run, 'egress') || cutBy(run, 'credential')) return [];
  const [path = mount.name] = mount.name.split(':');
  const deed =
    mountDanger(path)?.kind === 'engine'
      ? `take over the machine through the mount ${path}`
      : `send what lies in the mount ${mount.name} away`;
  // What the job itself hands over is a second loss, and PATH01 tells it.
  const alone = reachableCredentials(run).every(({ scope }) => scope === 'mount');
  return [
    pathAbout(run, {
      rule: 'PATH11',
      subject: `mount ${mount.name}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} ${deed}`,
      gain: `The agent meets ${source.what}. The mount is the machine's, not the job's: what is in it opens more than this repository.`,
      severity: atMost('high', pathSeverity(run)),
      confidence: mount.reachable === 'yes' ? 'high' : 'medium',
      place: mount.place,
      replaces: alone ? ['PATH01'] : [],
      legs: legs(startLeg(run), inputLeg(run, source), agentLeg(run), credentialLeg(run, mount), exitLeg(run, exit)),
    }),
  ];
}

/** Directories and sockets of the machine that hold credentials. */
const SECRET_PLACE =
  /(?:^|\/)\.(?:ssh|aws|claude|codex|kube|docker|gnupg|netrc|npmrc|git-credentials)(?:\/|$)|\.config\/(?:gh|gcloud)|docker\.sock|^~\/?$|^\$\{?HOME\}?\/?$|^\/root\/?$/;
const COMPOSE = /\b(?:docker|podman)[ -]compose\b[^\n;|&]{0,200}\b(?:run|up|exec)\b/;

function fromComposeFiles(facts: Facts): readonly AttackPath[] {
  const holders = inspectContainers(facts).flatMap((one) => {
    const secret = one.file.kind === 'compose' ? secretOf(one) : undefined;
    return secret && one.agents.length > 0 && !isClosed(one) ? [{ one, secret }] : [];
  });
  if (holders.length === 0) return [];
  return facts.pipelines.flatMap((pipeline) =>
    pipeline.jobs.flatMap((job) => {
      const start = composeStart(pipeline, job);
      const held = start && holders.find(({ one }) => start.text.includes(one.container.name?.value ?? '\n'));
      return start && held ? [pathOf(pipeline, job, start, held.one, held.secret)] : [];
    }),
  );
}

interface Start {
  readonly place: Place;
  readonly text: string;
  readonly event: string;
  readonly trigger: Place;
}

/** A step that starts the service on an outsider's text, which anybody can cause. */
function composeStart(pipeline: Pipeline, { steps, condition }: Job): Start | undefined {
  const trigger = pipeline.triggers.find(({ untrusted, privileged, who: actor, event }) => {
    const gates = condition ? gatesForEvent(condition, event) : [];
    return untrusted && privileged && actor === 'anyone' && gates?.every(({ strength }) => strength < 2);
  });
  const step = trigger && steps.find((one) => COMPOSE.test(one.run?.text.text ?? '') && carriesOutsider(one));
  if (!trigger || !step?.run) return undefined;
  return { place: step.run.text.place, text: step.run.text.text, event: trigger.event, trigger: trigger.place };
}

function carriesOutsider({ run, environment }: Step): boolean {
  const texts = [...(run ? [run.text] : []), ...environment.map(({ value }) => value)];
  return texts.some(({ interpolations }) =>
    interpolations.some(({ values }) => values.some(({ origin }) => origin === 'outsider')),
  );
}

function secretOf({ container }: InspectedContainer): { readonly name: string; readonly place: Place } | undefined {
  const mount = container.mountPoints.find(({ kind, source }) => kind === 'host' && SECRET_PLACE.test(source));
  if (mount) return { name: `the mount ${mount.source}`, place: mount.place };
  const variable = container.environment.find(({ name }) => /TOKEN|SECRET|PASSWORD|PRIVATE_KEY/.test(name));
  return variable ? { name: variable.name, place: variable.keyPlace } : undefined;
}

function isClosed({ container }: InspectedContainer): boolean {
  return container.settings.some(({ name, text }) => name === 'network' && text === 'none');
}

function pathOf(
  pipeline: Pipeline,
  job: Job,
  start: Start,
  { container, agents, file }: InspectedContainer,
  secret: { readonly name: string; readonly place: Credential['place'] },
): AttackPath {
  const service = container.name?.value ?? 'service';
  const id = `${file.file.path}#${service}`;
  const agent = agents[0]?.invocation;
  const place = agent?.place ?? container.place;
  return {
    rule: 'PATH11',
    run: undefined,
    subject: `${pipeline.file.path} ${job.id} ${service}`,
    message: `Anyone can make the agent in the service ${service} of ${file.file.path} send ${secret.name} away`,
    detail: `Job ${job.id} of ${pipeline.file.path} starts it on text that outsiders write, and the service may reach any host. That the pipeline itself names no secret does not help. Cheapest cut: take ${secret.name} from the service.`,
    severity: 'high',
    confidence: 'medium',
    place: secret.place,
    legs: [
      {
        id: `${id}:start`,
        step: { place: start.trigger, role: 'trigger', message: `anyone starts job ${job.id} with ${start.event}` },
        cut: { what: `Let only people with write access start job ${job.id}`, cost: 3 },
      },
      {
        id: `${id}:input`,
        step: { place: start.place, role: 'source', message: `the step starts ${service} with text of that event` },
        cut: { what: 'Hand the text over as a fenced data file', cost: 4 },
      },
      {
        id: `${id}:agent`,
        step: { place, role: 'agent', message: `the agent in ${service} follows it` },
        cut: { what: `Start the agent of ${service} with \`sallyport run\``, cost: 3 },
      },
      {
        id: `${id}:secret`,
        step: { place: secret.place, role: 'credential', message: `${secret.name} is within its reach` },
        cut: { what: `Take ${secret.name} from the service ${service}`, cost: 1 },
      },
      {
        id: `${id}:egress`,
        step: { place: container.place, role: 'sink', message: 'the network of the service leads anywhere' },
        cut: { what: `Give ${service} an internal network with a proxy for named hosts`, cost: 2 },
      },
    ],
  };
}

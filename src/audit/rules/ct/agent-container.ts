import { type Invocation, PRODUCTS, recogniseCommand } from '../../../agents/index.ts';
import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft, Severity } from '../../../findings/index.ts';
import type { ContainerCommand, ContainerFile, DeclaredContainer, Effect, Entry } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { isModelKeyName } from '../credential-name.ts';

/** A container together with the agents that are started in it. */
export interface InspectedContainer {
  readonly file: ContainerFile;
  readonly container: DeclaredContainer;
  readonly agents: readonly { readonly command: ContainerCommand; readonly invocation: Invocation }[];
  /** Why this container is about an agent; empty for any other container. */
  readonly evidence: readonly { readonly what: string; readonly place: Place }[];
}

/** Every container of the repository, read once for each set of facts. */
const INSPECTED = new WeakMap<Facts, readonly InspectedContainer[]>();

export function inspectContainers(facts: Facts): readonly InspectedContainer[] {
  const known = INSPECTED.get(facts);
  if (known !== undefined) return known;
  const first = facts.containers.flatMap((file) => file.containers.map((container) => inspect(file, container)));
  const inspected = first.map((one) => ({ ...one, evidence: [...one.evidence, ...inherited(one, first)] }));
  INSPECTED.set(facts, inspected);
  return inspected;
}

/** Whether the container holds an agent, by what it runs, installs, is built from, or is given. */
export function holdsAgent({ evidence }: InspectedContainer): boolean {
  return evidence.length > 0;
}

function inspect(file: ContainerFile, container: DeclaredContainer): InspectedContainer {
  const environment = container.environment.map(givenEntry);
  const agents = container.commands.flatMap((command) => {
    const invocation = recogniseCommand(command.words, environment);
    return invocation === undefined ? [] : [{ command, invocation }];
  });
  const evidence = [
    ...agents.map(({ invocation }) => ({ what: `starts ${invocation.spelled}`, place: invocation.place })),
    ...container.scripts.flatMap(({ effects }) => effects.flatMap(installedAgent)),
    ...imageEvidence(container),
    ...[...container.environment, ...container.buildArguments]
      .filter(({ name }) => isModelKeyName(name))
      .map(({ name, keyPlace }) => ({ what: `has ${name}`, place: keyPlace })),
    ...container.settings
      .filter(({ name, text }) => name === 'feature' && AGENT_IMAGE.test(text))
      .map(({ text, place }) => ({ what: `has the feature ${text}`, place })),
  ];
  return { file, container, agents, evidence };
}

function givenEntry({ name, keyPlace, value, node }: Entry): Parameters<typeof recogniseCommand>[1][number] {
  return { name, text: value.text, keyPlace, place: value.place, node };
}

const AGENT_PACKAGES: ReadonlySet<string> = new Set(PRODUCTS.flatMap(({ packages }) => packages));

/** Hosts whose install script is that of an agent. */
const AGENT_HOSTS =
  /^https?:\/\/(?:www\.)?(?:claude\.ai|opencode\.ai|cursor\.com|ampcode\.com|app\.factory\.ai|aider\.chat)\//;

/** Whether an installed package, or the address of an install script, is an agent. */
export function isAgentPackage(name: string | undefined): boolean {
  return name !== undefined && (AGENT_PACKAGES.has(name) || AGENT_HOSTS.test(name));
}

function installedAgent(effect: Effect): InspectedContainer['evidence'] {
  if (effect.kind !== 'install' || !isAgentPackage(effect.name)) return [];
  return [{ what: `installs ${effect.name}`, place: effect.place }];
}

/** Words by which the images and features of agents are known, as whole parts of the last name. */
const AGENT_IMAGE =
  /(?:^|[/_-])(?:claude|claude-code|codex|codex-cli|codex-universal|gemini-cli|copilot-cli|opencode|aider|openhands|goose|cursor-agent|qwen-code|crush|swe-agent|devin|cline)(?:$|[:@/_-])/;

function imageEvidence({ image }: DeclaredContainer): InspectedContainer['evidence'] {
  return image !== undefined && AGENT_IMAGE.test(image.name)
    ? [{ what: `is built from ${image.name}`, place: image.place }]
    : [];
}

/** A stage is about an agent when the stage it starts from is; a service when the Dockerfile that builds it is. */
function inherited(one: InspectedContainer, all: readonly InspectedContainer[]): InspectedContainer['evidence'] {
  const { container, file } = one;
  const built = container.buildFile === undefined ? undefined : joinPath(file.file.path, container.buildFile);
  const seen = new Set<InspectedContainer>();
  let base = baseOf(one, all);
  while (base !== undefined && !seen.has(base)) {
    seen.add(base);
    base = baseOf(base, all);
  }
  const sources = [...seen, ...all.filter((other) => built !== undefined && other.file.file.path === built)];
  return sources.flatMap(({ evidence }) => evidence);
}

function baseOf(one: InspectedContainer, all: readonly InspectedContainer[]): InspectedContainer | undefined {
  const name = one.container.baseStage;
  if (name === undefined) return undefined;
  return all.find(({ file, container }) => file === one.file && container.name?.value === name);
}

/** A path as written in a file, from the root of the tree. */
function joinPath(from: string, path: string): string {
  const kept = from.split('/').slice(0, -1);
  for (const step of path.split('/')) {
    if (step === '..') kept.pop();
    else if (step !== '' && step !== '.') kept.push(step);
  }
  return kept.join('/');
}

/** A name for messages: the stage, service, pod container or file. */
export function titleOf({ file, container }: InspectedContainer): string {
  const name = container.name?.value;
  if (file.kind === 'dockerfile') return name === undefined ? 'the image' : `stage ${name}`;
  if (file.kind === 'compose') return `service ${name ?? ''}`;
  if (file.kind === 'devcontainer') return 'the dev container';
  return `container ${name ?? ''} of ${container.pod?.kind ?? 'pod'} ${container.pod?.name ?? ''}`.trim();
}

/** What a finding of this family adds to the draft. */
export interface ContainerFinding {
  readonly message: string;
  readonly detail?: string;
  readonly severity: Severity;
  readonly confidence?: FindingDraft['confidence'];
  readonly place: Place;
  readonly about: string;
  readonly fixes?: FindingDraft['fixes'];
}

/**
 * A finding about a container. Around an agent the weakness is what it is; in any other container it is hygiene, which
 * other tools report better: low, and shown only in the profile `all`.
 */
export function containerDraft(rule: string, inspected: InspectedContainer, found: ContainerFinding): FindingDraft {
  const { message, detail, severity, confidence, place, about, fixes } = found;
  const agent = inspected.evidence[0];
  return {
    rule,
    message,
    severity: agent === undefined ? atMostLow(severity) : severity,
    confidence: confidence ?? 'high',
    place,
    subject: `${inspected.file.kind} ${inspected.container.name?.value ?? ''} ${about}`,
    ...(detail === undefined ? {} : { detail }),
    ...(agent === undefined ? {} : { related: [{ place: agent.place, message: `this container ${agent.what}` }] }),
    ...(fixes === undefined ? {} : { fixes }),
  };
}

function atMostLow(severity: Severity): Severity {
  return severity === 'info' ? 'info' : 'low';
}

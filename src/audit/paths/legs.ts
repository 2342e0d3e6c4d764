import type { AgentRun, Credential, Exit, UntrustedSource } from '../../facts/index.ts';
import type { Effect } from '../../pipelines/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { Cut, Leg } from './attack-path.ts';
import { isOpenStart } from './path-finding.ts';

const CIRCLE: Record<AgentRun['startedBy'], string> = {
  anyone: 'anyone',
  'past-contributor': 'anyone whose change was merged once',
  member: 'a member, or an outsider who gets a member to act',
  maintainer: 'a maintainer',
  bot: 'a bot, or whoever makes it act',
  schedule: 'the clock',
  'other-pipeline': 'whoever starts the other pipeline',
};

const CHANNEL: Record<UntrustedSource['channel'], string> = {
  prompt: 'inside its prompt',
  'command-line': 'on its command line',
  environment: 'through a variable that its prompt names',
  file: 'through a file that it is given',
  output: "through another step's output",
  fetched: 'because it is told or allowed to fetch it',
  event: 'through the event that started it',
  tree: 'in the work tree',
  instructions: 'as instructions that it obeys',
  configuration: 'as its own configuration',
  log: 'through logs',
  tracker: 'from a tracker or chat',
  artifact: 'in an artefact',
  agent: 'through what another agent wrote',
  web: 'from the web',
};

/** A kind of gate, for a sentence. */
export function gateInWords(kind: string): string {
  return kind === 'built-in' ? "the action's own check of write access" : kind.replaceAll('-', ' ');
}

/** The job in words: `job review`. */
export function nameOf({ job }: Pick<AgentRun, 'job'>): string {
  return `job ${job.id}`;
}

/** Somebody starts the run. */
export function startLeg(run: AgentRun): Leg | undefined {
  const clock = isOpenStart(run) ? undefined : clockOf(run);
  const outside = run.ways.filter(({ trigger }) => trigger.untrusted && trigger.privileged);
  const easiest = outside.find(({ circle }) => circle === run.startedBy) ?? outside[0];
  const trigger = clock ?? easiest?.trigger ?? run.triggers[0];
  if (!trigger) return undefined;
  const who = clock ? 'schedule' : run.startedBy;
  const gates = run.ways.find((way) => way.trigger === trigger)?.gates ?? run.gates;
  const gate = gates.find(({ spoofable, strength }) => spoofable === undefined && strength >= 2);
  const past = gate ? `, past this gate: ${gateInWords(gate.kind)}` : '';
  return {
    id: `${run.pipeline.file.path}#${run.job.id}:start`,
    step: {
      place: trigger.place,
      role: 'trigger',
      message: `${CIRCLE[who]} starts ${nameOf(run)} with ${trigger.event}${past}`,
    },
    cut: {
      what: `Let only people with write access start ${nameOf(run)}: check the actor's permission in an earlier job`,
      cost: 3,
    },
  };
}

/** The schedule of a run that reads what anybody wrote since the last one. */
function clockOf({ triggers, sources }: AgentRun): AgentRun['triggers'][number] | undefined {
  const unattended = sources.some((source) => source.unattended === true);
  return unattended ? triggers.find(({ who }) => who === 'schedule') : undefined;
}

/** Their text or code meets the agent. */
export function inputLeg(run: AgentRun, source: UntrustedSource): Leg {
  return {
    id: `${run.id}:input:${source.channel}`,
    step: {
      place: source.place,
      role: 'source',
      message: `the agent meets ${source.what}, written by ${CIRCLE[source.who]}, ${CHANNEL[source.channel]}`,
    },
    cut: { what: `Keep ${source.what} away from the agent, or hand it over as a fenced data file`, cost: 4 },
  };
}

/** The code of a change lies where the agent works. */
export function changeLeg(run: AgentRun): Leg {
  return {
    id: `${run.id}:change`,
    step: {
      place: run.tree.place ?? run.invocation.place,
      role: 'source',
      message: 'the head of the pull request, written by whoever opened it, is checked out where the agent works',
    },
    cut: { what: `Check out the base in ${nameOf(run)}, and give the agent the change as a diff`, cost: 2 },
  };
}

/** The agent follows it, with its power. */
export function agentLeg(run: AgentRun): Leg {
  const reason = run.capabilities.because[0] ? ` (${run.capabilities.because[0].what})` : '';
  return {
    id: `${run.id}:agent`,
    step: { place: run.invocation.place, role: 'agent', message: `the agent follows it and ${powerOf(run)}${reason}` },
    cut: {
      what: `Start the agent of ${nameOf(run)} with \`sallyport run\`: no key inside, named hosts only, changes leave as a patch`,
      cost: 3,
    },
  };
}

function powerOf({ capabilities: { execute, network, write } }: AgentRun): string {
  if (execute === 'any') return 'may run any command';
  if (execute === 'listed') return 'may run the commands it was granted';
  if (network !== 'none') return 'may use the network';
  return write === 'none' ? 'may read the work tree' : 'may edit the work tree';
}

/** A credential lies within its reach. */
export function credentialLeg(run: AgentRun, credential: Credential): Leg {
  return {
    id: `${run.id}:credential:${credential.name}`,
    step: {
      place: credential.place,
      role: 'credential',
      message: `${credential.name} (${credential.class}) is within reach: ${credential.why}`,
    },
    cut: cutOfCredential(run, credential),
  };
}

function cutOfCredential(run: AgentRun, { name, scope, class: kind }: Credential): Cut {
  if (kind === 'model-key')
    return { what: 'Keep the model key outside: `sallyport run` gives the agent a placeholder', cost: 3 };
  if (scope === 'mintable') return { what: `Take \`id-token: write\` from ${nameOf(run)}`, cost: 1 };
  if (scope === 'file' && kind === 'forge-token')
    return { what: 'Check out with `persist-credentials: false` and log in after the agent', cost: 1 };
  if (scope === 'file') return { what: `Move what writes ${name} behind the agent, or into another job`, cost: 2 };
  if (scope === 'mount') return { what: `Take the mount ${name} from ${nameOf(run)}`, cost: 1 };
  if (scope === 'pipeline' || scope === 'job') return { what: `Move ${name} to the one step that needs it`, cost: 1 };
  return { what: `Give ${name} to another job than the agent's`, cost: 3 };
}

/** And there is a way out. */
export function exitLeg(run: AgentRun, exit: Exit): Leg {
  const cut: Cut =
    exit.kind === 'network'
      ? { what: 'Allow the agent named hosts only (egress control before the agent)', cost: 2 }
      : { what: `Let another job, started from a patch, do the ${exit.kind}`, cost: 3 };
  return {
    id: `${run.id}:exit:${exit.kind}:${exit.by}`,
    step: {
      place: exit.place,
      role: 'sink',
      message:
        exit.by === 'agent'
          ? `it leaves through ${exit.what}`
          : `a later step trusts what the agent left: ${exit.what}`,
    },
    cut,
  };
}

/** What an effect does at the end of the way. `id` is its part behind the run's. */
export function sinkLeg(run: AgentRun, id: string, effect: Pick<Effect, 'place'>, message: string, cut: Cut): Leg {
  return { id: `${run.id}:${id}`, step: { place: effect.place, role: 'sink', message }, cut };
}

/** Something carries it on: a hook, a cache, a build, another pipeline. */
export function propagationLeg(run: AgentRun, id: string, place: Place, message: string, cut: Cut): Leg {
  return { id: `${run.id}:${id}`, step: { place, role: 'propagation', message }, cut };
}

/** Legs that are there. */
export function legs(...all: readonly (Leg | undefined)[]): readonly Leg[] {
  return all.filter((leg) => leg !== undefined);
}

import type { AgentRun, Credential, Exit, UntrustedSource } from '../../facts/index.ts';
import type { Leg } from './attack-path.ts';

const CIRCLE: Record<AgentRun['startedBy'], string> = {
  anyone: 'anyone',
  'past-contributor': 'anyone whose change was merged once',
  member: 'a member, or an outsider who gets a member to act',
  maintainer: 'a maintainer',
  bot: 'a bot, or whoever makes it act',
  schedule: 'the clock',
  'other-pipeline': 'whoever starts the other pipeline',
};

/** The job in words: `job review`. */
export function nameOf(run: AgentRun): string {
  return `job ${run.job.id}`;
}

/** Somebody starts the run. */
export function startLeg(run: AgentRun): Leg | undefined {
  const trigger = run.triggers.find(({ untrusted, privileged }) => untrusted && privileged) ?? run.triggers[0];
  if (!trigger) return undefined;
  const gate = run.gates.find(({ spoofable, strength }) => spoofable === undefined && strength >= 2);
  const past = gate ? `, past a ${gate.kind} gate` : '';
  return {
    id: `${run.pipeline.file.path}#${run.job.id}:start`,
    step: {
      place: trigger.place,
      role: 'trigger',
      message: `${CIRCLE[run.startedBy]} starts ${nameOf(run)} with ${trigger.event}${past}`,
    },
    cut: {
      what: `Let only people with write access start ${nameOf(run)}: check the actor's permission in an earlier job`,
      cost: 3,
    },
  };
}

/** Their text or code meets the agent. */
export function inputLeg(run: AgentRun, source: UntrustedSource): Leg {
  return {
    id: `${run.id}:input:${source.channel}`,
    step: {
      place: source.place,
      role: 'source',
      message: `${source.what} is written by ${CIRCLE[source.who]} and reaches the agent (${source.channel})`,
    },
    cut: { what: `Keep ${source.what} away from the agent, or hand it over as a fenced data file`, cost: 4 },
  };
}

/** The agent follows it, with its power. */
export function agentLeg(run: AgentRun): Leg {
  const { execute, network, because } = run.capabilities;
  const power =
    execute === 'any'
      ? 'may run any command'
      : execute === 'listed'
        ? 'may run the commands it was granted'
        : network !== 'none'
          ? 'may use the network'
          : 'may read the work tree';
  const reason = because[0] ? ` (${because[0].what})` : '';
  return {
    id: `${run.id}:agent`,
    step: { place: run.invocation.place, role: 'agent', message: `the agent follows it and ${power}${reason}` },
    cut: {
      what: `Start the agent of ${nameOf(run)} with \`sallyport run\`: no key inside, named hosts only, changes leave as a patch`,
      cost: 3,
    },
  };
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

function cutOfCredential(run: AgentRun, { name, scope, class: kind }: Credential): Leg['cut'] {
  if (kind === 'model-key')
    return { what: 'Keep the model key outside: `sallyport run` gives the agent a placeholder', cost: 3 };
  if (scope === 'mintable') return { what: `Take \`id-token: write\` from ${nameOf(run)}`, cost: 1 };
  if (scope === 'file')
    return { what: 'Check out with `persist-credentials: false` and log in after the agent', cost: 1 };
  if (scope === 'pipeline' || scope === 'job') return { what: `Move ${name} to the one step that needs it`, cost: 1 };
  return { what: `Give ${name} to another job than the agent's`, cost: 3 };
}

/** And there is a way out. */
export function exitLeg(run: AgentRun, exit: Exit): Leg {
  const cut: Leg['cut'] =
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

/** Legs that are there. */
export function legs(...all: readonly (Leg | undefined)[]): readonly Leg[] {
  return all.filter((leg) => leg !== undefined);
}

import type { AgentRun, Facts } from '../facts/index.ts';
import { credentialsOf } from './credentials.ts';
import type { AgentEntry } from './model.ts';
import { modelOf } from './models.ts';
import { pinOf } from './pins.ts';
import type { Places } from './places.ts';
import { ruleOfTwo } from './rule-of-two.ts';
import { servicesOf } from './services.ts';
import { shownText } from './shown-text.ts';
import { surfacesInForce } from './surfaces.ts';
import { toolsOf } from './tools.ts';

/** One agent in one job, with everything that is listed about it. */
export function describeAgent(run: AgentRun, facts: Facts, places: Places): AgentEntry {
  const { invocation, pipeline, job, tree, capabilities } = run;
  const credentials = credentialsOf(run, places);
  const model = modelOf(run, places);
  const { read, write, execute, network, forgeWrite } = capabilities;
  return {
    id: shownText(run.id),
    platform: pipeline.platform,
    file: pipeline.file.path,
    pipeline: shownText(pipeline.name?.value ?? pipeline.file.path),
    job: shownText(job.id),
    role: run.role,
    at: places.at(invocation.place),
    product: invocation.product,
    via: invocation.via,
    spelled: shownText(invocation.spelled),
    pin: pinOf(run),
    model,
    mode: invocation.mode,
    ...startOf(run, places),
    inputs: run.sources.map(({ what, channel, who, place }) => ({
      what: shownText(what),
      channel,
      who,
      at: places.at(place),
    })),
    tree: { provenance: tree.place ? tree.provenance : 'none', keepsCredentials: tree.persistsCredentials },
    capabilities: { read, write, execute, network, forgeWrite },
    tools: toolsOf(run),
    surfaces: surfacesInForce(run),
    credentials,
    services: servicesOf({ run, facts, credentials, model, places }),
    controls: controlsOf(run),
    exits: run.exits.map(({ kind, by, place }) => ({ kind, by, at: places.at(place) })),
    ruleOfTwo: ruleOfTwo(run, credentials),
    observed: undefined,
  };
}

/** Who sets it off, and what stands in the way. */
function startOf(run: AgentRun, places: Places): Pick<AgentEntry, 'triggers' | 'startedBy' | 'gates' | 'gateStrength'> {
  return {
    triggers: run.triggers.map(({ event, who, untrusted, privileged, place }) => ({
      event: shownText(event),
      who,
      untrusted,
      privileged,
      at: places.at(place),
    })),
    startedBy: run.startedBy,
    gates: run.gates.map(({ kind, strength, spoofable, place }) => ({
      kind,
      strength,
      spoofable: spoofable === undefined ? undefined : shownText(spoofable),
      at: places.at(place),
    })),
    gateStrength: run.gateStrength,
  };
}

/** Each control once: the same condition may stand on several ways. */
function controlsOf({ controls }: AgentRun): AgentEntry['controls'] {
  const shown = controls.map(({ kind, what, certainty }) => ({ kind, what: shownText(what), certainty }));
  return [...new Map(shown.map((one) => [`${one.kind} ${one.what} ${one.certainty}`, one])).values()];
}

import type { JsonObject } from '../../system/index.ts';
import type { AgentEntry, JobEntry, RepositoryEntry } from '../model.ts';
import { element, placeText, properties, refOf } from './element.ts';

export function taskRef(job: JobEntry, repository: string): string {
  return refOf('job', repository, job.file, job.job);
}

/** A formula per repository: a workflow per pipeline file, a task per job, a step per agent. */
export function formulaOf(repository: RepositoryEntry): JsonObject {
  const files = Map.groupBy(repository.jobs, ({ file }) => file);
  return element({
    'bom-ref': refOf('formula', repository.name),
    workflows: [...files].map(([file, jobs]) => workflowOf(file, jobs, repository)),
  });
}

function workflowOf(file: string, jobs: readonly JobEntry[], repository: RepositoryEntry): JsonObject {
  return element({
    'bom-ref': refOf('workflow', repository.name, file),
    uid: `${repository.name}/${file}`,
    name: file,
    taskTypes: ['other'],
    tasks: jobs.map((job) => taskOf(job, repository)),
  });
}

function taskOf(job: JobEntry, repository: RepositoryEntry): JsonObject {
  const ref = taskRef(job, repository.name);
  const agents = repository.agents.filter(({ file, job: name }) => file === job.file && name === job.job);
  const { untrusted, privateData, wayOut } = job.ruleOfTwo;
  return element({
    'bom-ref': ref,
    uid: `${repository.name}/${job.id}`,
    name: job.job,
    taskTypes: ['other'],
    trigger: agents[0] && triggerOf(agents[0], ref),
    steps: agents.map(stepOf),
    inputs: agents.flatMap(inputsOf),
    workspaces: agents.map((agent) => workspaceOf(agent, repository.name)),
    properties: properties({
      role: job.role,
      'rule-of-two:untrusted-input': untrusted.is,
      'rule-of-two:untrusted-input:why': untrusted.why,
      'rule-of-two:private-data': privateData.is,
      'rule-of-two:private-data:why': privateData.why,
      'rule-of-two:way-out': wayOut.is,
      'rule-of-two:way-out:why': wayOut.why,
      'rule-of-two:certain': job.certain,
      'rule-of-two:possible': job.possible,
    }),
  });
}

/** CycloneDX knows four kinds of trigger. */
const KINDS: readonly { readonly pattern: RegExp; readonly type: string }[] = [
  { pattern: /schedule|cron/i, type: 'scheduled' },
  { pattern: /dispatch|manual|^web$/i, type: 'manual' },
  { pattern: /call|^api$|trigger|upstream/i, type: 'api' },
];

function triggerOf(agent: AgentEntry, task: string): JsonObject | undefined {
  const [first] = agent.triggers;
  if (first === undefined) return undefined;
  return element({
    'bom-ref': `${task}/trigger`,
    uid: `${agent.id}/trigger`,
    name: agent.triggers.map(({ event }) => event).join(', '),
    type: KINDS.find(({ pattern }) => pattern.test(first.event))?.type ?? 'webhook',
    conditions: agent.gates.map(({ kind, strength, spoofable, at }) => ({
      description: `gate ${kind}, strength ${strength}${spoofable === undefined ? '' : `, but ${spoofable}`} (${placeText(at)})`,
    })),
    properties: properties({
      'trigger:event': agent.triggers.map(({ event, who }) => `${event}: ${who}`),
      'trigger:started-by': agent.startedBy,
      'trigger:gate-strength': agent.gateStrength,
    }),
  });
}

/** An agent as a step of its job, with what it may do and what was seen of it. */
function stepOf(agent: AgentEntry): JsonObject {
  const { capabilities, observed } = agent;
  return element({
    name: agent.id,
    description: `${agent.product} by ${agent.via}`,
    properties: properties({
      place: placeText(agent.at),
      'agent:mode': agent.mode,
      'capability:read': capabilities.read,
      'capability:write': capabilities.write,
      'capability:execute': capabilities.execute,
      'capability:network': capabilities.network,
      'capability:forge-write': capabilities.forgeWrite,
      tool: agent.tools.map(
        ({ effect, tool, command }) => `${effect} ${tool}${command === undefined ? '' : ` ${command}`}`,
      ),
      control: agent.controls.map(({ kind, certainty }) => `${kind}: ${certainty}`),
      exit: agent.exits.map(({ kind, by }) => `${kind} by ${by}`),
      'surface:in-force': agent.surfaces.filter(({ inForce }) => inForce !== 'no').map(({ path }) => path),
      'observed:runs': observed?.runs,
      'observed:verdict': observed?.verdicts,
      'observed:host': observed?.hosts,
      'observed:model': observed?.models,
      'observed:tool': observed?.tools.map(({ name, calls, denied }) => `${name}: ${calls} calls, ${denied} denied`),
      'observed:undeclared': observed?.undeclared,
      'observed:unused': observed?.unused,
    }),
  });
}

function inputsOf(agent: AgentEntry): readonly JsonObject[] {
  return agent.inputs.map(({ what, channel, who, at }) => ({
    parameters: [{ name: what, dataType: channel }],
    properties: properties({ untrusted: true, 'untrusted:who': who, place: placeText(at) }),
  }));
}

function workspaceOf(agent: AgentEntry, repository: string): JsonObject {
  return element({
    'bom-ref': refOf('workspace', repository, agent.id),
    uid: `${repository}/${agent.id}/tree`,
    name: 'checked-out tree',
    accessMode: agent.capabilities.write === 'none' ? 'read-only' : 'read-write',
    properties: properties({
      'tree:provenance': agent.tree.provenance,
      'tree:keeps-credentials': agent.tree.keepsCredentials,
    }),
  });
}

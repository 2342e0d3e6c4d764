import {
  type AgentConfiguration,
  capabilitiesOf,
  effectiveConfiguration,
  readConfigurations,
} from '../agents/index.ts';
import { type Effect, readContainerFiles, readPipelines, type Step } from '../pipelines/index.ts';
import type { Gap, Readers, SourceFile, SourceTree } from '../syntax/index.ts';
import { distrustBanners } from './compiled.ts';
import { readControls } from './controls.ts';
import { readCredentials } from './credentials.ts';
import { readExits } from './exits.ts';
import { fileRole } from './file-role.ts';
import { givenEntry, type LocatedAgent, locateAgents } from './locate-agents.ts';
import type { AgentRun, Certainty, Control, Facts } from './model.ts';
import { environmentOf, linkCalls, stepsOf } from './scope.ts';
import { type SlashCommand, slashCommandsOf } from './slash-command.ts';
import { readSources } from './sources.ts';
import { readStart } from './start.ts';
import { effectsUnder, readTree, withoutFetches } from './workspace-tree.ts';

/** Reads a repository into facts. Never throws on content: what could not be read is among the gaps. */
export function readFacts(tree: SourceTree, readers: Readers): Facts {
  const read = readPipelines(tree, readers);
  const configurations = readConfigurations(tree, readers);
  const containers = readContainerFiles(tree, readers);
  const found = locateAgents(read, linkCalls(read));
  const pipelines = distrustBanners(read, found);
  const agents = pipelines === read ? found : locateAgents(pipelines, linkCalls(pipelines));
  const files = new Map([...pipelines, ...configurations, ...containers].map(({ file }) => [file.path, file]));
  const source = (path: string): SourceFile | undefined => {
    const known = files.get(path) ?? tree.read(path);
    return known !== undefined && 'text' in known ? known : undefined;
  };
  const runs = agents.map((agent) => readRun(agent, configurations, readers, source));
  return {
    tree,
    pipelines,
    configurations,
    containers,
    runs,
    gaps: distinctGaps([...tree.gaps, ...[...pipelines, ...configurations, ...containers].flatMap(({ gaps }) => gaps)]),
    filesRead: files.size,
    source,
  };
}

/** Whose hand wrote the files the agent meets. */
const TREES = { 'pull-request': 'change', base: 'base', 'other-repository': 'unknown', unknown: 'unknown' } as const;

function readRun(
  agent: LocatedAgent,
  configurations: readonly AgentConfiguration[],
  readers: Readers,
  read: (path: string) => SourceFile | undefined,
): AgentRun {
  const { pipeline, job, invocation } = agent;
  const [before, after] = around(agent);
  const start = readStart(agent);
  const effectsBefore = [
    ...job.effects,
    ...effectsUnder(start.triggers, before),
    // A composite action's own steps before the agent are no steps of the job.
    ...effectsUnder(
      start.triggers,
      agent.scope.before.filter((step) => !before.includes(step)),
    ),
    ...agent.step.effects.filter(
      ({ place }) => place.span.start < invocation.place.span.start && place.file === invocation.place.file,
    ),
  ];
  const effectsAfter = [
    ...agent.step.effects.filter(
      ({ place }) => place.span.start > invocation.place.span.end && place.file === invocation.place.file,
    ),
    ...effectsOf(after),
  ];
  const effects = { before: withoutFetches(unique(effectsBefore)), after: unique(effectsAfter) };
  const tree = readTree(effects.before);
  const own = configurations.filter(({ role }) => role !== 'example');
  const effective = effectiveConfiguration({
    invocation,
    configurations: own,
    version: invocation.version?.complete === true ? invocation.version.text : undefined,
    tree: TREES[tree.provenance],
    environment: environmentOf(agent.scope).map(givenEntry),
    directory: agent.step.workingDirectory?.text ?? '',
    readers,
    read,
  });
  const capabilities = capabilitiesOf(invocation, effective);
  const controls = readControls(agent, start, tree, effects);
  const credentials = readCredentials(agent, capabilities, tree, effects.before);
  const sources = readSources(agent, start, tree, effects.before, own, capabilities, read);
  const exits = readExits(agent, capabilities, controls, effects);
  return {
    id: idOf(agent),
    pipeline,
    job,
    step: agent.step,
    stepPath: agent.stepPath,
    invocation,
    role: fileRole(pipeline.file.path),
    ...start,
    sources,
    tree,
    credentials,
    capabilities,
    controls,
    exits,
    configuration: own.filter(({ product }) => product === invocation.product || product === 'any'),
    effective,
    before,
    after,
    effectsBefore: effects.before,
    effectsAfter: effects.after,
    trifecta: {
      untrusted: meetsUntrusted(sources, slashCommandsOf(invocation, own), start.startedBy),
      privateData: isCut(controls, 'credential') ? 'no' : weigh(credentials.map(({ reachable }) => reachable)),
      wayOut: exits.some(({ by }) => by !== 'agent' || !isCut(controls, 'egress')) ? 'yes' : 'no',
    },
  };
}

/** A command whose text is not in the repository may have the agent read anything: then nobody knows. */
function meetsUntrusted(
  sources: readonly unknown[],
  commands: readonly SlashCommand[],
  startedBy: AgentRun['startedBy'],
): Certainty {
  if (sources.length > 0) return 'yes';
  return startedBy === 'anyone' && commands.some(({ files }) => files.length === 0) ? 'unknown' : 'no';
}

/** Does a control that certainly holds cut this leg for the agent? */
function isCut(controls: readonly Control[], leg: Control['cuts'][number]): boolean {
  return controls.some(({ cuts, certainty }) => certainty === 'yes' && cuts.includes(leg));
}

function idOf({ pipeline, job, stepPath }: LocatedAgent): string {
  return `${pipeline.file.path}#${job.id}/${stepPath.map(({ index }) => index + 1).join('.')}`;
}

/** The steps of the job before and after the one that holds the agent. */
function around({ job, stepPath }: LocatedAgent): readonly [readonly Step[], readonly Step[]] {
  const outer = stepPath[0];
  const index = outer ? job.steps.indexOf(outer) : -1;
  return [job.steps.slice(0, Math.max(index, 0)), job.steps.slice(index + 1)];
}

function effectsOf(steps: readonly Step[]): readonly Effect[] {
  return steps.flatMap(stepsOf).flatMap(({ effects }) => effects);
}

function unique(effects: readonly Effect[]): readonly Effect[] {
  return [...new Set(effects)];
}

function weigh(certainties: readonly Certainty[]): Certainty {
  if (certainties.includes('yes')) return 'yes';
  return certainties.includes('unknown') ? 'unknown' : 'no';
}

function distinctGaps(gaps: readonly Gap[]): readonly Gap[] {
  const kept = new Map(
    gaps.map((gap) => [`${gap.kind} ${gap.place.file} ${gap.place.span.start} ${gap.message}`, gap]),
  );
  return [...kept.values()];
}

import type { AgentConfiguration, GivenText } from '../agents/index.ts';
import { type Actor, type Effect, isPromptSafe } from '../pipelines/index.ts';
import type { Place, SourceFile } from '../syntax/index.ts';
import { type Arrival, isPayload, isUntrusted } from './arrival.ts';
import { namesEventFile } from './event-file.ts';
import type { LocatedAgent } from './locate-agents.ts';
import { arrivalsIn, arrivalsOnStandardInput } from './meeting.ts';
import type { AgentRun, UntrustedSource } from './model.ts';
import { arrivalsInNamedFiles } from './named-files.ts';
import { environmentOf } from './scope.ts';
import { scriptsOf, spanIn } from './script-range.ts';
import { slashCommandsOf } from './slash-command.ts';
import { type SpokenText, spokenAsGiven, spokenTexts } from './spoken-text.ts';
import type { Start } from './start.ts';
import { traceText } from './trace.ts';
import { narrowed, writerOf } from './writers.ts';

type Channel = UntrustedSource['channel'];

/** Everything untrusted that one agent will or may meet, each with its way. */
export function readSources(
  agent: LocatedAgent,
  start: Start,
  tree: AgentRun['tree'],
  before: readonly Effect[],
  configurations: readonly AgentConfiguration[],
  { execute }: AgentRun['capabilities'],
  read: (path: string) => SourceFile | undefined,
): readonly UntrustedSource[] {
  const writer = writerOf(start);
  const spoken = spokenTexts(agent, read);
  const said = spoken.map(({ text }) => text).join('\n');
  const found = [
    ...fromPrompts(agent),
    ...fromStandardInput(agent),
    ...fromNamedFiles(agent, said),
    ...fromEnvironment(agent, `${said}\n${programsAround(agent)}`),
    ...fromEvent(agent, start),
    ...fromEventFile(agent),
    ...fromProgram(agent),
    ...fromOrders(agent, spoken, configurations),
    ...fromNumber(agent, spoken, execute),
    ...fromTree(agent, tree),
    ...fromArtifacts(before),
  ];
  return deduplicate(found.map((source) => attribute(source, start, writer, agent)));
}

/** A source before it is known who writes it; `fetched` from where anybody may write. */
interface Found extends Omit<UntrustedSource, 'who' | 'unattended'> {
  readonly fetched?: boolean;
}

/** The clock asks nobody: what it has the agent fetch comes from whoever wrote an issue since. */
function attribute(
  { fetched, ...source }: Found,
  start: Start,
  writer: Actor,
  { invocation }: LocatedAgent,
): UntrustedSource {
  // What waits for a mention does nothing when only the clock calls.
  const awake = invocation.product !== 'claude-code' || !invocation.promptFromEvent;
  const unattended = awake && fetched === true && start.triggers.some(({ who }) => who === 'schedule');
  return unattended ? { ...source, who: 'anyone', unattended } : { ...source, who: narrowed(source, start, writer) };
}

function fromPrompts(agent: LocatedAgent): readonly Found[] {
  const { prompts, systemPrompts } = agent.invocation;
  return [...prompts, ...systemPrompts].flatMap((given) =>
    arrivalsIn(given, agent)
      .filter((arrival) => isUntrusted(arrival) && !isPromptSafe(arrival.kind))
      .map((arrival) => sourceOf(arrival, channelOf(arrival, given), given.place)),
  );
}

function fromStandardInput(agent: LocatedAgent): readonly Found[] {
  return arrivalsOnStandardInput(agent)
    .filter((arrival) => isUntrusted(arrival) && !isPromptSafe(arrival.kind))
    .map((arrival) =>
      sourceOf(arrival, arrival.hops.length > 0 ? 'file' : channelByOrigin(arrival), agent.invocation.place),
    );
}

function fromNamedFiles(agent: LocatedAgent, said: string): readonly Found[] {
  return arrivalsInNamedFiles(agent, said)
    .filter((arrival) => isUntrusted(arrival) && !isPromptSafe(arrival.kind))
    .map((arrival) => sourceOf(arrival, 'file', agent.invocation.place));
}

/** The way decides the name of the channel: straight into the prompt, through a variable, a file, an output. */
function channelOf(arrival: Arrival, given: GivenText): Channel {
  const origin = channelByOrigin(arrival);
  if (origin !== 'prompt') return origin;
  if (given.from.kind === 'file' || arrival.hops.some(({ message }) => message.startsWith('is written into')))
    return 'file';
  if (arrival.hops.some(({ message }) => message.includes('output'))) return 'output';
  if (arrival.hops.some(({ message }) => message.includes('variable') || message.includes('assigned')))
    return 'environment';
  if (given.from.kind === 'word' && arrival.expanded === 'before') return 'command-line';
  return 'prompt';
}

function channelByOrigin(arrival: Arrival): Channel {
  if (isPayload(arrival)) return 'tracker';
  switch (arrival.origin) {
    case 'fetched':
      return 'fetched';
    case 'log':
    case 'tracker':
    case 'web':
    case 'artifact':
    case 'agent':
      return arrival.origin;
    default:
      return 'prompt';
  }
}

function sourceOf(arrival: Arrival, channel: Channel, into: Place): Found {
  return {
    what: arrival.name,
    channel,
    kind: arrival.kind,
    fetched: arrival.origin === 'fetched',
    place: arrival.place,
    steps: [...arrival.hops, { place: into, message: 'reaches the agent' }],
  };
}

/** Variables with outsiders' text that the agent can read: told to in the prompt, or able to run `printenv`. */
function fromEnvironment(agent: LocatedAgent, said: string): readonly Found[] {
  return environmentOf(agent.scope)
    .filter(({ name }) => said.includes(name))
    .flatMap((entry) =>
      traceText(entry.value, agent.scope)
        .filter((arrival) => isUntrusted(arrival) && !isPromptSafe(arrival.kind))
        .map((arrival) => ({
          ...sourceOf(arrival, isPayload(arrival) ? 'tracker' : 'environment', agent.invocation.place),
          steps: [
            ...arrival.hops,
            { place: entry.keyPlace, message: `is put into the variable ${entry.name}, which the prompt names` },
          ],
        })),
    );
}

/** A program that starts the agent puts its prompt together where nobody here follows it: what it names, it may hand on. */
function programsAround({ step, command, invocation }: LocatedAgent): string {
  const inProgram = invocation.via === 'sdk' || (command !== undefined && PROGRAMS.has(command.script.language));
  return inProgram
    ? scriptsOf(step)
        .map(({ text }) => text.text)
        .join('\n')
    : '';
}

const PROGRAMS: ReadonlySet<string> = new Set(['python', 'javascript']);

/** Tag mode: the action builds the prompt from the event, comments of strangers included. */
function fromEvent({ invocation }: LocatedAgent, start: Start): readonly Found[] {
  const trigger = start.triggers.find(({ untrusted }) => untrusted);
  if (!invocation.promptFromEvent || !trigger) return [];
  return [
    {
      what: `the texts of the ${trigger.event} event`,
      channel: 'event',
      kind: 'text',
      place: trigger.place,
      steps: [{ place: invocation.place, message: 'the action puts issue, comments and diff into the prompt' }],
    },
  ];
}

/** "Read the event at $GITHUB_EVENT_PATH." */
function fromEventFile({ invocation }: LocatedAgent): readonly Found[] {
  const told = invocation.prompts.find(({ text }) => namesEventFile(text));
  if (told === undefined) return [];
  const { place } = told;
  const steps = [{ place, message: 'the agent is told where the file of the event lies' }];
  return [{ what: 'the event that started the run', channel: 'event', kind: 'text', place, steps }];
}

/** A program that starts the agent and fetches what others wrote: what it reads, it may hand on. */
function fromProgram({ step, command, invocation }: LocatedAgent): readonly Found[] {
  const script = command?.script ?? scriptsOf(step).find(({ text }) => text.place.file === invocation.place.file);
  if (script === undefined || !PROGRAMS.has(script.language)) return [];
  return step.effects.flatMap((effect): readonly Found[] => {
    const span = effect.kind === 'fetch-text' ? spanIn(script, effect.place) : undefined;
    if (effect.kind !== 'fetch-text' || span === undefined) return [];
    const { place } = effect;
    const channel = effect.what === 'tracker' ? 'tracker' : effect.what === 'run-log' ? 'log' : 'fetched';
    const what = script.text.text.slice(span.start, span.end);
    const steps = [{ place, message: 'the program that starts the agent reads it' }];
    return [{ what, channel, kind: 'text', fetched: channel === 'fetched', place, steps }];
  });
}

interface OrderRow {
  readonly channel: Channel;
  readonly what: string;
  readonly pattern: RegExp;
}

/** Orders in prompts and grants in allow-lists that make the agent fetch what others wrote. */
const ORDERS: readonly OrderRow[] = [
  {
    channel: 'log',
    what: 'logs of a pipeline run',
    pattern: /gh run (?:view|download|watch)|actions\/runs|--log(?:-failed)?\b|glab ci (?:view|trace)|get_job_logs/,
  },
  {
    channel: 'fetched',
    what: 'issues and pull requests',
    pattern:
      /\bgh (?:issue|pr|search|release) (?:view|list|diff|comments?|checks|status|\*|:)|\bgh (?:issue|pr):\*|\bgh api\b|\bglab (?:issue|mr|api)\b|mcp__github(?:_[a-z]+)?__(?:get|list|search|\*)|mcp__github\b|mcp__gitlab\b/,
  },
  {
    channel: 'tracker',
    what: 'texts of an external tracker or chat',
    pattern:
      /mcp__(?:linear|jira|atlassian|slack|sentry|notion|asana|zendesk|intercom|discord)|\b(?:sentry-cli|linear|jira) (?:issue|view|list)/i,
  },
  { channel: 'web', what: 'web pages', pattern: /\bWebFetch\b|\bWebSearch\b|web_fetch|google_web_search/ },
];

function fromOrders(
  agent: LocatedAgent,
  spoken: readonly SpokenText[],
  configurations: readonly AgentConfiguration[],
): readonly Found[] {
  const { invocation } = agent;
  const commands = slashCommandsOf(invocation, configurations).flatMap(({ files }) => files);
  const texts = [
    ...commands.flatMap(({ file, instructions, allow }) => [
      ...(instructions
        ? [
            wholeText(file.text.slice(instructions.span.start, instructions.span.end), {
              file: file.path,
              span: instructions.span,
            }),
          ]
        : []),
      ...allow.map(({ text, place }) => wholeText(text, place)),
    ]),
    ...invocation.prompts.map((given) => spokenAsGiven(given, agent)),
    ...[...invocation.allow, ...(invocation.restrictTo ?? [])].map(({ text, place }) => wholeText(text, place)),
    // What stands in the pipeline itself is the nearer place.
    ...spoken,
  ];
  return ORDERS.flatMap((row): Found[] => {
    const hit = texts.find(({ text }) => row.pattern.test(text));
    const match = hit && row.pattern.exec(hit.text);
    if (!hit || !match) return [];
    const place = hit.part(match.index, match.index + match[0].length);
    const message = `the agent is told or allowed to read ${row.what}`;
    return [
      {
        what: row.what,
        channel: row.channel,
        kind: 'text',
        fetched: row.channel === 'fetched',
        place,
        steps: [{ place, message }],
      },
    ];
  });
}

function wholeText(text: string, place: Place): SpokenText {
  return { text, place, part: () => place };
}

/** Expressions and variables with the number of what was opened or commented on. */
const NUMBER =
  /\bgithub\.event\.(?:issue\.|pull_request\.|discussion\.)?number\b|\b(?:CI_MERGE_REQUEST_IID|CHANGE_ID|ISSUE_NUMBER|PR_NUMBER|PULL_REQUEST_NUMBER)\b|\bSystem\.PullRequest\.PullRequest(?:Number|Id)\b/;

const WHOLE_GH = /\(gh(?::\*| \*)?\)$/;

/** "Fix issue 5" tells an agent that may run any command, or all of `gh`, to read issue 5 with whatever does that. */
function fromNumber(
  { invocation }: LocatedAgent,
  spoken: readonly SpokenText[],
  execute: AgentRun['capabilities']['execute'],
): readonly Found[] {
  const free = execute === 'any' || invocation.allow.some(({ text }) => WHOLE_GH.test(text));
  const told = free ? spoken.find(({ text }) => NUMBER.test(text)) : undefined;
  if (told === undefined) return [];
  const message = 'the agent is told the number of an issue or pull request, and may run what reads it';
  return [
    {
      what: 'issues and pull requests',
      channel: 'fetched',
      kind: 'text',
      fetched: true,
      place: told.place,
      steps: [{ place: told.place, message }],
    },
  ];
}

function fromTree(agent: LocatedAgent, tree: AgentRun['tree']): readonly Found[] {
  if (tree.provenance !== 'pull-request' || !tree.place) return [];
  const place = tree.place;
  const restored = agent.invocation.restores.some((path) => /CLAUDE\.md|AGENTS\.md/.test(path));
  const step = { place, message: 'the head of the pull request is checked out where the agent works' };
  const source = (what: string, channel: Channel): Found => ({ what, channel, kind: 'text', place, steps: [step] });
  return [
    source('the files of the pull request', 'tree'),
    ...(restored ? [] : [source('instruction files of the pull request', 'instructions')]),
  ];
}

function fromArtifacts(before: readonly Effect[]): readonly Found[] {
  return before.flatMap((effect): Found[] => {
    if (effect.kind !== 'artifact-download' || !effect.otherRun) return [];
    const message = 'an artifact of another run is unpacked where the agent works';
    return [
      {
        what: 'an artifact of another run',
        channel: 'artifact',
        kind: 'text',
        place: effect.place,
        steps: [{ place: effect.place, message }],
      },
    ];
  });
}

function deduplicate(sources: readonly UntrustedSource[]): readonly UntrustedSource[] {
  const kept = new Map<string, UntrustedSource>();
  for (const source of sources) {
    const key = `${source.channel} ${source.what} ${source.place.file} ${source.place.span.start}`;
    if (!kept.has(key)) kept.set(key, source);
  }
  return [...kept.values()];
}

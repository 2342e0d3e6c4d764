import type { Pipeline, Trigger } from '../../../pipelines/index.ts';
import {
  entriesOf,
  entryOf,
  type MapEntry,
  type Node,
  nodeAt,
  type Place,
  type Span,
  scalarAt,
  scalarsOf,
} from '../../../syntax/index.ts';

/** Something that the source of an agentic workflow says, and where. */
export interface Said {
  readonly what: string;
  readonly place: Place;
}

/** How outsiders come to steer the agent of a source. */
export interface Steering {
  /** Nobody with rights has to do anything. */
  readonly open: boolean;
  readonly trigger: Trigger;
}

/** Events whose text is that of whoever caused them, so that the check of roles vouches for it. */
const OWN_TEXT: Readonly<Record<string, readonly string[]>> = {
  issues: ['opened'],
  pull_request: ['opened'],
  discussion: ['created'],
};

/**
 * Who steers it: anybody where the check of roles is off; else whoever wrote the issue that a member has it work on, or
 * that the clock has it read. Undefined where only people with write access come near it, or where the GitHub tool keeps
 * the text of others away (`lockdown`, `min-integrity`).
 */
export function steeringOf({ triggers, jobs, root }: Pipeline): Steering | undefined {
  const gated = jobs.some(({ condition }) => condition?.gates.some(({ strength }) => strength >= 3) === true);
  const outside = triggers.filter(({ untrusted, privileged }) => untrusted && privileged);
  const first = outside.find(({ who }) => who === 'anyone');
  if (first && !gated) return { open: true, trigger: first };
  const github = nodeAt(root, 'tools', 'github');
  if (scalarAt(github, 'lockdown')?.value === true || entryOf(github, 'min-integrity') !== undefined) return undefined;
  const mediated = triggers.find((trigger) => trigger.who === 'schedule' || (trigger.untrusted && !isOwnText(trigger)));
  return mediated && { open: false, trigger: mediated };
}

function isOwnText({ event, types }: Trigger): boolean {
  const own = Object.hasOwn(OWN_TEXT, event) ? OWN_TEXT[event] : undefined;
  return own !== undefined && types.length > 0 && types.every(({ value }) => own.includes(value));
}

const OFF: readonly { readonly route: readonly string[]; readonly values: readonly string[] }[] = [
  { route: ['sandbox'], values: ['false', 'none'] },
  { route: ['sandbox', 'agent'], values: ['false', 'none'] },
  { route: ['network', 'firewall'], values: ['false', 'disable', 'disabled'] },
];

/** What opens every host to the agent: no sandbox, no firewall, or `*` among the allowed hosts. */
export function openNetwork({ root, file }: Pipeline): (Said & { readonly bare: boolean }) | undefined {
  for (const { route, values } of OFF) {
    const scalar = scalarAt(root, ...route);
    if (scalar && values.includes(scalar.text.toLowerCase()))
      return { what: `\`${route.join('.')}: ${scalar.text}\``, place: at(file.path, scalar.span), bare: true };
  }
  const any = scalarsOf(nodeAt(root, 'network', 'allowed')).find(({ text }) => text === '*');
  return any && { what: '`*` among the allowed hosts', place: at(file.path, any.span), bare: false };
}

/** Secrets in the agent's own environment; without a sandbox also the key of its engine. */
export function ownSecrets({ root, file }: Pipeline, bare: boolean): readonly Said[] {
  const named = [nodeAt(root, 'env'), nodeAt(root, 'engine', 'env')].flatMap(entriesOf).flatMap(({ key, value }) => {
    const secret = value.kind === 'scalar' ? secretIn(value.text) : undefined;
    return secret === undefined ? [] : [{ what: secret, place: at(file.path, { ...key.span, end: value.span.end }) }];
  });
  const engine = scalarAt(root, 'engine') ?? scalarAt(root, 'engine', 'id');
  const key = bare && engine ? [{ what: `the model key of ${engine.text}`, place: at(file.path, engine.span) }] : [];
  return [...named, ...key];
}

/** Tools with a token of their own, and whether they may write with it. */
export function toolTokens({
  root,
  file,
}: Pipeline): readonly (Said & { readonly tool: string; readonly writes: boolean })[] {
  const tools = ['tools', 'mcp-servers'].flatMap((part) => entriesOf(nodeAt(root, part)));
  return tools.flatMap((tool) => {
    const found = secretBelow(tool.value, 0);
    if (found === undefined) return [];
    const writes = tool.key.text !== 'github' || scalarAt(tool.value, 'read-only')?.value === false;
    return [{ ...found, place: at(file.path, found.span), tool: tool.key.text, writes }];
  });
}

/** Outputs that everybody who may see the repository can read. */
const PUBLISHING =
  /^(?:add-comment|create-issue|create-discussion|update-issue|create-pull-request-review-comment|create-pull-request|update-release|upload-assets?)$/;

/** The first output of the agent that is published as it is. */
export function publishedOutput({ root, file }: Pipeline): Said | undefined {
  const output = entriesOf(nodeAt(root, 'safe-outputs')).find(({ key }) => PUBLISHING.test(key.text));
  return output && { what: output.key.text, place: at(file.path, output.key.span) };
}

/** An output that becomes a part of the main branch without a person. */
export function mergedOutput({ root, file }: Pipeline): Said | undefined {
  for (const { key, value } of entriesOf(nodeAt(root, 'safe-outputs'))) {
    const merge = entryOf(value, 'auto-merge');
    if (merge && isTrue(merge)) return { what: `${key.text} with auto-merge`, place: at(file.path, merge.span) };
    if (key.text === 'merge-pull-request') return { what: key.text, place: at(file.path, key.span) };
  }
  return undefined;
}

/** Where the prompt puts in text of the event; else where it begins. */
export function steeringText({ jobs, file }: Pipeline): Said {
  const prompt = jobs[0]?.steps[0]?.inputs.find(({ name }) => name === 'prompt')?.value;
  const spoken = prompt?.interpolations.find(({ values }) => values.some(({ origin }) => origin === 'outsider'));
  if (spoken) return { what: spoken.source.trim(), place: spoken.place };
  const start = prompt?.place.span.start ?? 0;
  return { what: 'issues and pull requests, which its GitHub tool reads', place: at(file.path, { start, end: start }) };
}

function isTrue({ value }: MapEntry): boolean {
  return value.kind === 'scalar' && value.value === true;
}

function secretIn(text: string): string | undefined {
  const name = /(?<![\w.-])secrets\.([A-Za-z_]\w*)/.exec(text)?.[1];
  return name === undefined || name.toUpperCase() === 'GITHUB_TOKEN' ? undefined : name;
}

const MOST_LEVELS = 8;

function secretBelow(node: Node, depth: number): { readonly what: string; readonly span: Span } | undefined {
  if (node.kind === 'scalar') {
    const what = secretIn(node.text);
    return what === undefined ? undefined : { what, span: node.span };
  }
  if (depth > MOST_LEVELS) return undefined;
  const inner = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  for (const one of inner) {
    const found = secretBelow(one, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function at(file: string, { start, end }: Span): Place {
  return { file, span: { start, end } };
}

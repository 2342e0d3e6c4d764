import type { Place } from '../../syntax/index.ts';
import { type InlineSettings, readInlineSettings, readPermissionMap } from './inline-settings.ts';
import type { GivenEntry, GivenText, Invocation, PromptMode, WrittenEntry, WrittenRule } from './invocation.ts';
import { givenText } from './placed-text.ts';
import type { ProductRow } from './product.ts';
import { splitRules } from './rule-list.ts';
import type { Tag, Written } from './tag.ts';

/** Where and as what an agent was found. */
export interface Found {
  readonly via: Invocation['via'];
  readonly place: Place;
  readonly spelled: string;
  readonly version: GivenText | undefined;
}

type ModeFrom = Invocation['modeFrom'][number];

/** Modes that a tag stands for by itself. */
const TAG_MODES: { readonly [tag in Tag]?: PromptMode } = {
  bypass: 'bypass',
  'accept-edits': 'accept-edits',
  'read-only': 'read-only',
};

/** Puts everything that was said to an agent into the words that all products share. */
export function assemble(row: ProductRow, found: Found, written: readonly Written[]): Invocation {
  const settings = written.flatMap((entry) => inlineOf(row, entry));
  const all = [...written, ...settings.flatMap((setting) => setting.written)];
  const modeFrom = [...written.flatMap((entry) => modesOf(row, entry)), ...settings.flatMap(settingModes)];
  const restricts = all.filter(({ tag }) => tag === 'tools-restrict');
  const settingRestricts = settings.flatMap(({ restrict }) => (restrict === undefined ? [] : [restrict]));
  const restricted = restricts.length > 0 || settingRestricts.length > 0;
  return {
    product: row.id,
    ...found,
    mode: concludeMode(row, modeFrom),
    modeFrom,
    allow: [...rulesOf(all, 'tools-allow'), ...settings.flatMap(({ allow }) => allow)],
    deny: [...rulesOf(all, 'tools-deny'), ...settings.flatMap(({ deny }) => deny)],
    restrictTo: restricted ? [...rulesOf(all, 'tools-restrict'), ...settingRestricts.flat()] : undefined,
    prompts: [
      ...textsOf(all, 'prompt'),
      ...textsOf(all, 'headless'),
      ...filesOf(all, 'prompt-file'),
      ...textsOf(all, 'prompt').flatMap(mentions),
    ],
    systemPrompts: [...textsOf(all, 'system-prompt'), ...filesOf(all, 'system-prompt-file')],
    promptFromEvent: all.some(({ tag }) => tag === 'event-prompt'),
    settings: [...textsOf(all, 'settings'), ...textsOf(all, 'permission-map')],
    mcpConfigurations: textsOf(all, 'mcp'),
    strictMcp: all.some(({ tag }) => tag === 'mcp-strict'),
    settingSources: sourcesOf(all),
    bare: all.some(({ tag }) => tag === 'bare'),
    model: textsOf(all, 'model').at(-1),
    endpoint: textsOf(all, 'endpoint').at(-1),
    credentials: all.filter(({ tag }) => tag.startsWith('secret:')).flatMap(entryOf),
    sandbox: sandboxOf(row, all, settings),
    turnLimit: all.find(({ tag }) => tag === 'turns' || tag === 'budget' || tag === 'timeout')?.keyPlace,
    fullOutput: all.find(isFullOutput)?.keyPlace,
    deadInputs: [],
    builtInGate: { strength: 0, openedTo: [] },
    restores: [],
    written: all.map(taggedEntry),
  };
}

function inlineOf(row: ProductRow, { tag, value }: Written): readonly InlineSettings[] {
  if (value === undefined) return [];
  const read =
    tag === 'settings'
      ? readInlineSettings(row, value)
      : tag === 'permission-map'
        ? readPermissionMap(value)
        : undefined;
  return read === undefined ? [] : [read];
}

function modesOf(row: ProductRow, { tag, spelled, keyPlace, value, builtIn }: Written): readonly ModeFrom[] {
  const given = value?.text.trim() ?? '';
  const mode =
    TAG_MODES[tag] ?? (tag === 'mode' ? row.modes[given] : tag === 'sandbox' ? row.sandboxModes[given] : undefined);
  if (mode === undefined) return [];
  const shown = given === '' ? spelled : `${spelled} ${given}`;
  return [{ spelled: shown, place: value?.place ?? keyPlace, mode, builtIn }];
}

function settingModes({ modes }: InlineSettings): readonly ModeFrom[] {
  return modes.map(({ mode, spelled, place }) => ({ mode, spelled, place: place.place, builtIn: false }));
}

/** Whatever switches every prompt off wins; else the last word of the person, then that of the action. */
function concludeMode(row: ProductRow, from: readonly ModeFrom[]): PromptMode {
  if (from.some(({ mode }) => mode === 'bypass')) return 'bypass';
  const last = from.filter(({ builtIn }) => !builtIn).at(-1) ?? from.at(-1);
  return last?.mode ?? row.defaultMode;
}

function rulesOf(written: readonly Written[], tag: Tag): readonly WrittenRule[] {
  return written.flatMap((entry) => (entry.tag === tag && entry.value ? splitRules(entry.value) : []));
}

function textsOf(written: readonly Written[], tag: Tag): readonly GivenText[] {
  return written.flatMap((entry) => (entry.tag === tag && entry.value ? [givenText(entry.value)] : []));
}

function filesOf(written: readonly Written[], tag: Tag): readonly GivenText[] {
  return textsOf(written, tag).map((text) => ({ ...text, from: { kind: 'file', path: text.text.trim() } }));
}

/** Files that a prompt draws in with `@path`. */
function mentions(prompt: GivenText): readonly GivenText[] {
  const found = prompt.text.match(/(?:^|\s)@[\w./-]{1,200}/g) ?? [];
  return found
    .map((text) => text.trim().slice(1))
    .filter((path) => path.includes('.') && !path.endsWith('.'))
    .map((path) => ({ ...prompt, from: { kind: 'file', path } }));
}

function sourcesOf(written: readonly Written[]): readonly string[] | undefined {
  const last = written.findLast(({ tag }) => tag === 'sources');
  return last?.value?.text
    .split(',')
    .map((source) => source.trim())
    .filter((source) => source !== '');
}

function entryOf({ spelled, keyPlace, value }: Written): readonly GivenEntry[] {
  if (value === undefined) return [];
  return [{ name: spelled, text: value.text, keyPlace, place: value.place, node: undefined }];
}

function taggedEntry({ tag, spelled, keyPlace, value }: Written): WrittenEntry {
  return {
    name: tag === 'other' ? spelled : tag,
    spelled,
    text: value?.text ?? spelled,
    keyPlace,
    place: value?.place ?? keyPlace,
    node: undefined,
  };
}

function sandboxOf(
  row: ProductRow,
  written: readonly Written[],
  settings: readonly InlineSettings[],
): Invocation['sandbox'] {
  const bypass = written.find(({ tag, spelled }) => tag === 'bypass' && spelled.includes('sandbox'));
  const inline = settings.flatMap(({ sandbox }) =>
    sandbox ? [{ state: sandbox.state, place: sandbox.place.place }] : [],
  );
  const said = written.flatMap((entry) => sandboxSaid(row, entry));
  const worst = [...inline, ...said];
  if (bypass) worst.push({ state: 'off', place: bypass.keyPlace });
  const last =
    worst.find(({ state }) => state === 'off') ?? worst.find(({ state }) => state === 'weakened') ?? worst.at(-1);
  return last ?? { state: 'default', place: undefined };
}

function sandboxSaid(row: ProductRow, { tag, value, keyPlace }: Written) {
  if (tag !== 'sandbox' && tag !== 'safety') return [];
  const place = value?.place ?? keyPlace;
  if (value === undefined) return [{ state: 'on' as const, place }];
  const state = row.sandboxes[value.text.trim()];
  return state === undefined ? [] : [{ state, place }];
}

/** `--verbose` alone prints nothing of the transcript; a stream of events is all of it. An expression is no yes. */
function isFullOutput({ tag, spelled, value }: Written): boolean {
  if (tag === 'output-format') return value?.text.includes('stream') === true;
  if (tag !== 'full-output' || spelled === '--verbose') return false;
  return value === undefined || spelled.startsWith('-') || /^(?:true|1)$/.test(value.text.trim());
}

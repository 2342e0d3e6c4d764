import type { ActionRow, BuiltIn } from './actions/action.ts';
import { SECURITY_TAGS } from './actions/index.ts';
import { splitArguments } from './argument-text.ts';
import { assemble } from './assemble.ts';
import type { ActionUse, GivenEntry, Invocation } from './invocation.ts';
import { readOptions } from './options.ts';
import { type PlacedText, placedEntry } from './placed-text.ts';
import type { ProductRow } from './product.ts';
import { productRow } from './products/index.ts';
import { readEnvironment } from './recognise-command.ts';
import { type ResolvedAction, resolveAction, restoredPaths, tagOf } from './resolve-action.ts';
import type { Written } from './tag.ts';

/**
 * The agent that an action runs, or `undefined` when the action is none of the table. Inputs that the resolved major
 * does not have are dead: they count for nothing. A major that nobody read is read as the newest one and says so in
 * `written` (`schema: unknown`).
 */
export function recogniseAction(use: ActionUse, environment: readonly GivenEntry[]): Invocation | undefined {
  const inputs = use.inputs.map(({ name }) => name);
  const resolved = resolveAction(use, inputs);
  if (resolved === undefined) return undefined;
  const { row } = resolved;
  const product = productRow(row.product);
  const given = use.inputs.flatMap((entry) => inputWritten(row, product, entry));
  const written = [
    ...row.builtIn.filter((builtIn) => !isOverruled(builtIn, use)).map((builtIn) => builtInWritten(builtIn, use)),
    ...readEnvironment(product, environment),
    ...given,
    ...eventPrompt(row, use),
    schemaWritten(resolved, use),
  ];
  const version = given.find(({ tag, value }) => tag === 'version' && value?.text.trim() !== '')?.value;
  const invocation = assemble(
    product,
    {
      via: 'action',
      place: use.place,
      spelled: use.name,
      version: version && { text: version.text, place: version.place, from: version.from, complete: version.complete },
    },
    written,
  );
  return {
    ...invocation,
    deadInputs: deadInputs(resolved, use),
    builtInGate: { strength: row.gate, openedTo: given.flatMap(gateOpening) },
    restores: restoredPaths(resolved, use),
  };
}

/** An input as what it means; an input that is a command line as its options. */
function inputWritten(row: ActionRow, product: ProductRow, entry: GivenEntry): readonly Written[] {
  const tag = tagOf(row, entry.name);
  if (tag === undefined) return [];
  const value = placedEntry(entry, 'input');
  const written: Written = { tag, spelled: entry.name, keyPlace: entry.keyPlace, value, builtIn: false };
  if (tag === 'arguments') return [written, ...argumentOptions(product, value)];
  if (entry.text.trim() === '') return [];
  // `show_full_output: false` and the like say what is the default anyway.
  if (tag === 'event-prompt' && entry.text.trim() !== 'true') return [];
  return [written];
}

function argumentOptions(product: ProductRow, value: PlacedText): readonly Written[] {
  return readOptions(product, splitArguments(value), 0).written.map((entry) =>
    entry.value === undefined ? entry : { ...entry, value: { ...entry.value, from: value.from } },
  );
}

function isOverruled({ unless }: BuiltIn, use: ActionUse): boolean {
  return unless !== undefined && use.inputs.some(({ name, text }) => name === unless && text.trim() !== '');
}

function builtInWritten({ tag, spelled, text }: BuiltIn, use: ActionUse): Written {
  const { place } = use;
  const value: PlacedText | undefined =
    text === undefined
      ? undefined
      : { text, complete: true, place, from: { kind: 'word', index: 0 }, part: () => place };
  return { tag, spelled, keyPlace: place, value, builtIn: true };
}

function eventPrompt({ eventPrompt: when, inputs }: ActionRow, use: ActionUse): readonly Written[] {
  const names = inputs.prompt ?? [];
  const hasPrompt = use.inputs.some(({ name, text }) => names.includes(name) && text.trim() !== '');
  if (when === 'never' || (when === 'without-prompt' && hasPrompt)) return [];
  return [{ tag: 'event-prompt', spelled: use.name, keyPlace: use.place, value: undefined, builtIn: true }];
}

function schemaWritten({ row, certainty }: ResolvedAction, use: ActionUse): Written {
  const text = certainty === 'unknown' ? 'unknown' : `${row.major} (${row.read})`;
  const { place } = use;
  return {
    tag: 'schema',
    spelled: 'uses',
    keyPlace: place,
    value: { text, complete: true, place, from: { kind: 'word', index: 0 }, part: () => place },
    builtIn: true,
  };
}

function deadInputs({ row, certainty, majors }: ResolvedAction, use: ActionUse): Invocation['deadInputs'] {
  if (certainty === 'unknown' || row.open) return [];
  // A commit may be any major: only what none of them has is certainly dead.
  const rows = certainty === 'fitted' ? majors : [row];
  return use.inputs.flatMap(({ name, keyPlace }) => {
    if (rows.some((candidate) => tagOf(candidate, name) !== undefined)) return [];
    const otherTag = majors.map((candidate) => tagOf(candidate, name)).find((tag) => tag !== undefined);
    const respelled = respelling(row, name);
    const replacement = (Object.hasOwn(row.replaced, name) ? row.replaced[name] : undefined) ?? respelled;
    const tag = otherTag ?? (replacement === undefined ? undefined : tagOf(row, replacement));
    const security = tag !== undefined ? SECURITY_TAGS.has(tag) : soundsLikeSecurity(name);
    return [{ name, place: keyPlace, security, tag, replacement }];
  });
}

/** The input that was meant where only hyphens, underscores or case differ. */
function respelling(row: ActionRow, name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const names = Object.values(row.inputs).flat();
  return names.find((candidate) => plain(candidate) === plain(name));
}

/** A made-up input whose name promises a restriction. */
function soundsLikeSecurity(name: string): boolean {
  return /tool|allow|deny|permission|sandbox|restrict|readonly|read_only|token|key|secret|user/i.test(name);
}

function gateOpening({ tag, spelled, keyPlace, value }: Written): Invocation['builtInGate']['openedTo'] {
  if (tag !== 'gate:users' && tag !== 'gate:bots') return [];
  const text = value?.text.trim() ?? '';
  if (text === '' || text === 'false') return [];
  const bots = tag === 'gate:bots';
  const place = value?.place ?? keyPlace;
  return [{ what: `${spelled}: ${text}`, everybody: text === '*' || (bots && text === 'true'), bots, place }];
}

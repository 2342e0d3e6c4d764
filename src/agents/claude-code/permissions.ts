import type { CommandLine, WrittenFlag } from './command-line.ts';
import type { Treatment } from './flags.ts';

/** How the CLI's own permission check will stand: a second wall behind the tool-call firewall, never a wider one. */
export interface NativePermissions {
  readonly mode: 'dontAsk' | 'acceptEdits' | 'plan';
  /** Built-in tools the CLI offers at all. */
  readonly tools: readonly string[];
  /** Rules that pre-approve, in the CLI's grammar; the person's stand here as written. */
  readonly allow: readonly string[];
  readonly notes: readonly string[];
}

interface ModeRow {
  readonly mode: NativePermissions['mode'];
  /** Who pre-approves: the policy (all offered tools) or only what the person listed with `--allowedTools`. */
  readonly approves: 'policy' | 'person';
  readonly note?: string;
}

const NO_BYPASS =
  'the checks stay on: Sallyport approves every offered tool in advance, and the policy decides each call on the wire';

/** What becomes of the permission mode the person asked for. */
const MODES: ReadonlyMap<string, ModeRow> = new Map<string, ModeRow>([
  [
    'bypassPermissions',
    { mode: 'dontAsk', approves: 'policy', note: `bypassing permissions was replaced: ${NO_BYPASS}` },
  ],
  ['auto', { mode: 'dontAsk', approves: 'policy', note: `--permission-mode auto was replaced: ${NO_BYPASS}` }],
  ['acceptEdits', { mode: 'acceptEdits', approves: 'person' }],
  ['dontAsk', { mode: 'dontAsk', approves: 'person' }],
  ['default', { mode: 'dontAsk', approves: 'person' }],
  ['manual', { mode: 'dontAsk', approves: 'person' }],
  ['plan', { mode: 'plan', approves: 'person' }],
]);

/**
 * Works out the native permissions from the person's flags. With neither a mode nor a list the policy is the
 * permission; a list or a stricter mode narrows it; nothing widens it, for the policy decides every call again.
 */
export function planPermissions(
  line: CommandLine,
  settingsAllow: readonly string[],
  offered: readonly string[],
): NativePermissions {
  const listed = [...valuesOf(line.flags, 'allow'), ...settingsAllow];
  const bypass = line.flags.some((flag) => flag.row.treatment === 'bypass');
  const requested = bypass ? 'bypassPermissions' : valuesOf(line.flags, 'mode').at(-1);
  const row = requested === undefined ? undefined : MODES.get(requested);
  const notes = row?.note === undefined ? [] : [row.note];
  if (requested !== undefined && row === undefined)
    notes.push(`--permission-mode ${JSON.stringify(requested)} is unknown; only what --allowedTools names is approved`);
  const fallback: ModeRow = {
    mode: 'dontAsk',
    approves: requested === undefined && listed.length === 0 ? 'policy' : 'person',
  };
  const { mode, approves } = row ?? fallback;
  const tools = narrowTools(line.flags, offered);
  return { mode, tools, allow: approves === 'policy' ? [...new Set([...tools, ...listed])] : listed, notes };
}

function narrowTools(flags: readonly WrittenFlag[], offered: readonly string[]): readonly string[] {
  const written = flags.filter((flag) => flag.row.treatment === 'tools').at(-1);
  if (written === undefined) return offered;
  const wanted = written.values.flatMap((value) => value.split(/[\s,]+/));
  return wanted.includes('default') ? offered : offered.filter((name) => wanted.includes(name));
}

/** Every value of the flags with this treatment, in order. */
export function valuesOf(flags: readonly WrittenFlag[], treatment: Treatment): readonly string[] {
  return flags.filter((flag) => flag.row.treatment === treatment).flatMap((flag) => flag.values);
}

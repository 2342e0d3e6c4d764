import { isBelow } from '../claude-code/version-floors.ts';
import { type ActionRow, majorsOf } from './actions/index.ts';
import type { ActionUse } from './invocation.ts';
import type { Tag } from './tag.ts';

/** The declaration by which an action's inputs are read. */
export interface ResolvedAction {
  readonly row: ActionRow;
  /** `named`: by the ref, or by the comment behind a commit; `fitted`: by the inputs alone; `unknown`: a major nobody here read. */
  readonly certainty: 'named' | 'fitted' | 'unknown';
  readonly majors: readonly ActionRow[];
}

/** The declaration of an action at a ref; `undefined` for an action that runs no agent. */
export function resolveAction(
  { name, ref, comment }: Pick<ActionUse, 'name' | 'ref' | 'comment'>,
  inputs: readonly string[],
): ResolvedAction | undefined {
  const majors = majorsOf(name);
  const [newest] = majors;
  if (newest === undefined) return undefined;
  const named = majors.find((row) => ref !== undefined && isNamed(row, ref));
  if (named) return { row: named, certainty: 'named', majors };
  if (!isCommit(ref)) return { row: newest, certainty: 'unknown', majors };
  const said = majors.find((row) => isNamed(row, versionIn(comment) ?? ''));
  if (said) return { row: said, certainty: 'named', majors };
  const unknownInputs = (row: ActionRow) => inputs.filter((input) => tagOf(row, input) === undefined).length;
  const fitted = majors.reduce((best, row) => (unknownInputs(row) < unknownInputs(best) ? row : best), newest);
  return { row: fitted, certainty: 'fitted', majors };
}

function isCommit(ref: string | undefined): boolean {
  return ref !== undefined && /^[0-9a-f]{7,64}$/i.test(ref);
}

/** `v1.2.3`, `tag=v1.2.3`, `pin@v1`: what people and their bots write behind a commit. */
function versionIn(comment: string | undefined): string | undefined {
  return /^(?:[\w-]{1,20}[=:@]\s*)?(v?\d{1,4}(?:\.[\w-]{1,20}){0,3})(?:\s|$)/.exec(comment?.trim() ?? '')?.[1];
}

/** `v1`, `v1.2.3`, `1.2`, or a name of the row. */
function isNamed(row: ActionRow, ref: string): boolean {
  if (row.refs.names.includes(ref)) return true;
  const version = /^v?(\d{1,4})(?:\.[\w.-]+)?$/.exec(ref)?.[1];
  return version !== undefined && row.refs.versions.includes(version);
}

/** What an input means; `undefined` when this major does not have it. GitHub compares names without case. */
export function tagOf(row: ActionRow, input: string): Tag | undefined {
  const wanted = input.toLowerCase();
  for (const [tag, names] of inputsOf(row)) if (names.some((name) => name.toLowerCase() === wanted)) return tag;
  return undefined;
}

/** The table's entries with their key type. */
export function inputsOf(row: ActionRow): readonly (readonly [Tag, readonly string[]])[] {
  // The keys of a mapped type over Tag are Tags; the library's type forgets it.
  const keys = Object.keys(row.inputs) as Tag[];
  return keys.map((tag) => [tag, row.inputs[tag] ?? []] as const);
}

/** Paths that the action takes from the base branch at this ref. */
export function restoredPaths(
  { row, certainty }: ResolvedAction,
  { ref, comment }: Pick<ActionUse, 'ref' | 'comment'>,
): readonly string[] {
  const { paths, since } = row.restores;
  const said = isCommit(ref) ? versionIn(comment) : ref;
  const exact = /^v?(\d+\.\d+\.\d+)$/.exec(said ?? '')?.[1];
  if (certainty === 'unknown' || (since !== undefined && exact !== undefined && isBelow(exact, since))) return [];
  return paths;
}

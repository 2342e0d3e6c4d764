import type { Gap, Node, Readers, SourceFile, SourceTree } from '../../syntax/index.ts';
import type { Entry, Step, Trigger } from '../model.ts';
import type { WrittenScripts } from '../script/index.ts';
import type { TemplateText, ValueReference } from '../value.ts';
import type { PermissionChecks } from './permission-checks.ts';
import { readTemplate } from './template.ts';
import type { ValueScope } from './value-flow.ts';

/** What every part of a file needs while it is read. */
export interface Reading {
  readonly file: SourceFile;
  readonly tree: SourceTree;
  readonly readers: Readers;
  readonly scope: ValueScope;
  readonly checks: PermissionChecks;
  readonly triggers: readonly Trigger[];
  /** Environments around the part, innermost last. */
  readonly environments: readonly (readonly Entry[])[];
  /** Shell and directory of `run:` where a step says nothing. */
  readonly defaults: RunDefaults;
  /** Directory of the action that is read, for `github.action_path`; undefined in a workflow. */
  readonly actionDirectory: string | undefined;
  /** Local actions that are being read, outermost first: none is read inside itself. */
  readonly actionPath: readonly string[];
  readonly actions: LocalActions;
  /** Scripts that earlier steps of the job wrote. */
  readonly written: WrittenScripts;
  readonly gaps: Gap[];
}

/** Local actions that this workflow uses. Each is read once; what they unfold to is limited. */
export interface LocalActions {
  readonly read: Map<string, { readonly steps: readonly Step[]; readonly size: number }>;
  stepsLeft: number;
}

/** Steps of local actions that one workflow may unfold to. */
const MOST_UNFOLDED = 5000;

export function createLocalActions(): LocalActions {
  return { read: new Map(), stepsLeft: MOST_UNFOLDED };
}

export interface RunDefaults {
  readonly shell: string | undefined;
  readonly directory: string | undefined;
  readonly windows: boolean;
}

/** `./a//b/` as `a/b`. A `..` stays, for the caller to refuse. */
export function normalizeDirectory(path: string): string {
  return path
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
}

/** A scalar as template text; undefined for anything else. */
export function templateOf(node: Node | undefined, reading: Reading): TemplateText | undefined {
  return node?.kind === 'scalar' ? readTemplate(node, reading.file.path, reading.scope) : undefined;
}

/** Environment variables may name others; more than this many levels are not resolved. */
const MOST_ALIASES = 5;

/** Every value that a text can yield, with `env.X` replaced by what the file says X is. */
export function resolveText(
  text: TemplateText,
  environments: readonly (readonly Entry[])[],
): readonly ValueReference[] {
  return resolveValues(
    text.interpolations.flatMap((each) => each.values),
    environments,
    MOST_ALIASES,
  );
}

function resolveValues(
  values: readonly ValueReference[],
  environments: readonly (readonly Entry[])[],
  depth: number,
): readonly ValueReference[] {
  return values.flatMap((value) => {
    if (value.origin !== 'environment') return [value];
    const entry = environmentEntry(value.name.replace(/^env\./i, ''), environments);
    if (entry === undefined || depth === 0) return [value];
    if (entry.value.interpolations.length === 0) {
      return [{ name: value.name, kind: 'constant', origin: 'configuration' } as const];
    }
    return resolveValues(
      entry.value.interpolations.flatMap((each) => each.values),
      environments,
      depth - 1,
    );
  });
}

/** The innermost entry of a name. */
export function environmentEntry(name: string, environments: readonly (readonly Entry[])[]): Entry | undefined {
  for (const environment of environments.toReversed()) {
    const entry = environment.findLast((each) => each.name === name);
    if (entry) return entry;
  }
  return undefined;
}

import {
  argumentOf,
  type GroovyCall,
  type GroovyStatement,
  type Place,
  type Readers,
  type SourceTree,
  stringOf,
} from '../../syntax/index.ts';
import type { TreeProvenance } from '../effect.ts';
import type { Condition, Container, Entry, Gate, Job, Located, Reference, Runner, Step } from '../model.ts';
import { impliedText, placeIn } from '../text/template-text.ts';
import type { ValueReference } from '../value.ts';
import { callIn } from './agent.ts';

/** What a walk needs besides the file it reads. */
export interface WalkContext {
  readonly tree: SourceTree;
  readonly readers: Readers;
  readonly provenance: TreeProvenance;
  /** The steps of a file of `vars/`, called with these arguments; an argument without a name stands in its place. */
  library(path: string, given: readonly Entry[]): readonly Step[];
}

/** What holds for everything inside a block. */
export interface Surroundings {
  readonly job: JobDraft;
  readonly stage: { readonly name: string; readonly place: Place } | undefined;
  readonly environment: readonly Entry[];
  readonly directory: string;
  readonly condition: Condition | undefined;
  readonly ignoresFailure: Place | undefined;
  readonly timeout: Located<number> | undefined;
  readonly depth: number;
}

/** A job while its steps are collected. */
export interface JobDraft {
  readonly id: string;
  readonly place: Place;
  readonly body: Place;
  readonly runner: Runner;
  readonly container: Container | undefined;
  readonly condition: Condition | undefined;
  readonly environment: readonly Entry[];
  timeoutMinutes: Located<number> | undefined;
  readonly steps: Step[];
  readonly effects: Job['effects'][number][];
}

/** Parts of a stage that are read on their own. */
const STAGE_PARTS: ReadonlySet<string> = new Set([
  'agent',
  'environment',
  'when',
  'options',
  'tools',
  'input',
  'axes',
  'excludes',
  'triggers',
  'parameters',
]);

/** Whether a statement of a stage is read on its own. */
export function isStagePart({ value }: GroovyStatement): boolean {
  const only = value.parts[0];
  return value.parts.length === 1 && only?.kind === 'call' && STAGE_PARTS.has(only.name);
}

/** What an entry of an environment can hold. */
export function entryValues(entry: Entry): readonly ValueReference[] {
  const values = entry.value.interpolations.flatMap((one) => one.values);
  return values.length > 0 ? values : [{ name: `env.${entry.name}`, kind: 'constant', origin: 'configuration' }];
}

/** An inner condition holds together with the outer one. */
export function joinConditions(outer: Condition | undefined, inner: Condition | undefined): Condition | undefined {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  return { ...inner, gates: [...outer.gates, ...inner.gates], references: [...outer.references, ...inner.references] };
}

/** A condition with more gates. */
export function withGates(condition: Condition | undefined, gates: readonly Gate[], place: Place): Condition {
  const base: Condition = condition ?? {
    text: impliedText('', place),
    references: [],
    gates: [],
    alwaysTrue: false,
    runsAfterFailure: false,
  };
  return { ...base, gates: [...base.gates, ...gates] };
}

/** A folder in a folder; one whose name is known only when it runs changes nothing. */
export function joinPath(directory: string, inner: string | undefined): string {
  if (inner === undefined || inner.includes('$')) return directory;
  return directory === '' || inner.startsWith('/') ? inner : `${directory}/${inner}`;
}

const MINUTES: Readonly<Record<string, number>> = { SECONDS: 1 / 60, MINUTES: 1, HOURS: 60, DAYS: 1440 };

/** Minutes of `timeout(time: 1, unit: 'HOURS')`; minutes are the default unit. */
export function readTimeout(call: GroovyCall, file: string): Located<number> | undefined {
  const amount = (argumentOf(call, 'time') ?? argumentOf(call))?.parts[0];
  if (amount?.kind !== 'literal' || !/^\d{1,7}$/.test(amount.text)) return undefined;
  const unit = stringOf(argumentOf(call, 'unit'))?.text ?? 'MINUTES';
  return { value: Number(amount.text) * (MINUTES[unit] ?? 1), place: placeIn(file, call.span) };
}

/** The `timeout` among `options { … }`. */
export function timeoutOption(options: GroovyCall | undefined, file: string): Located<number> | undefined {
  const call = callIn(options?.body, 'timeout');
  return call && readTimeout(call, file);
}

/** The file of a step of the library. */
export function libraryReference(step: string, place: Place): Reference {
  const name = `vars/${step}.groovy`;
  return { kind: 'local', name, path: undefined, ref: undefined, refKind: 'none', comment: undefined, place };
}

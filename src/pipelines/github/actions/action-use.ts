import type { Place } from '../../../syntax/index.ts';
import type { CredentialClass, Effect } from '../../effect.ts';
import type { Entry, Reference, Trigger } from '../../model.ts';
import type { TemplateText, ValueReference } from '../../value.ts';

/** An effect without its place and certainty, as a table row gives it. */
export type EffectBody = Effect extends infer One
  ? One extends Effect
    ? Omit<One, 'place' | 'certainty'>
    : never
  : never;

/** One use of an action, with what its effects depend on. */
export interface ActionUse {
  readonly reference: Reference;
  /** Major version when the ref or its comment names one. */
  readonly major: number | undefined;
  readonly inputs: readonly Entry[];
  readonly triggers: readonly Trigger[];
  /** Every value that an input's template can yield, environment variables of the workflow resolved. */
  resolve(text: TemplateText): readonly ValueReference[];
  readonly place: Place;
}

/** What using an action does, as data: one row an action, later rows for the same name add to earlier ones. */
export interface ActionRow {
  /** In lower case: `owner/name` or `owner/name/path`. */
  readonly actions: readonly string[];
  effects(use: ActionUse): readonly EffectBody[];
}

/** The text of an input; action inputs are compared without regard to case. */
export function inputText(use: ActionUse, name: string): string | undefined {
  return inputEntry(use, name)?.value.text;
}

export function inputEntry(use: ActionUse, name: string): Entry | undefined {
  return use.inputs.find((entry) => entry.name.toLowerCase() === name);
}

/** Whether an input is set to something that is neither empty nor `false`. */
export function isOn(use: ActionUse, name: string): boolean {
  const text = inputText(use, name)?.trim().toLowerCase();
  return text !== undefined && text !== '' && text !== 'false';
}

export function isOff(use: ActionUse, name: string): boolean {
  return inputText(use, name)?.trim().toLowerCase() === 'false';
}

/** Non-empty lines or comma-separated parts of an input. */
export function listInput(use: ActionUse, name: string): readonly string[] {
  return (inputText(use, name) ?? '').split(/[\n,]/).flatMap((line) => line.trim() || []);
}

/** Name of the first secret in an input, for instance `RELEASE_TOKEN`. */
export function secretIn(use: ActionUse, name: string): string | undefined {
  const entry = inputEntry(use, name);
  if (entry === undefined) return undefined;
  const secret = use.resolve(entry.value).find((value) => value.origin === 'secret');
  if (secret === undefined || /^(github\.token|secrets\.github_token)$/i.test(secret.name)) return undefined;
  return secret.name.replace(/^secrets\./i, '');
}

/** A row for actions that log in somewhere. */
export function login(to: CredentialClass, keyless: boolean): EffectBody {
  return { kind: 'login', to, keyless };
}

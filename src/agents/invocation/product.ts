import type { Arity } from '../claude-code/flags.ts';
import type { ProductId, PromptMode } from './invocation.ts';
import type { Tag } from './tag.ts';

export interface OptionRow {
  readonly names: readonly string[];
  readonly arity: Arity;
  readonly tag: Tag;
}

/** A variable that changes what the product does. */
export interface VariableRow {
  readonly names: readonly string[];
  readonly tag: Tag;
  /** Values with which the variable has its meaning; any when left out. */
  readonly values?: readonly string[];
}

/** What the permission keys of a product's inline settings are called, outermost first. */
export interface SettingsKeys {
  readonly mode: readonly string[];
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly restrict: readonly string[];
  readonly model: readonly string[];
  readonly turns: readonly string[];
  readonly servers: readonly string[];
  /** Keys whose value `true` or `false` switches the product's own sandbox off or opens it. */
  readonly sandbox: readonly {
    readonly path: string;
    readonly value: string | boolean;
    readonly state: 'on' | 'off' | 'weakened';
  }[];
}

/** How one product is recognised on a command line, and what its words mean. Data from help texts and documentation. */
export interface ProductRow {
  readonly id: ProductId;
  /** Base names of its programs. */
  readonly programs: readonly string[];
  /** npm and PyPI packages that carry it. */
  readonly packages: readonly string[];
  /** Modules of `python -m`. */
  readonly modules: readonly string[];
  /**
   * What makes a command line a run: `any` unless it only shows or sets something; `subcommand` only behind one of
   * `runs`; `headless` only with an option of that tag.
   */
  readonly starts: 'any' | 'subcommand' | 'headless';
  readonly runs: readonly (readonly string[])[];
  /** First words that do something other than run a session. */
  readonly others: readonly string[];
  readonly options: readonly OptionRow[];
  /** Values of options and settings that name a mode. */
  readonly modes: { readonly [value: string]: PromptMode };
  /** Values of the sandbox option. */
  readonly sandboxes: { readonly [value: string]: 'on' | 'off' | 'weakened' };
  /** Modes that follow from a sandbox value. */
  readonly sandboxModes: { readonly [value: string]: PromptMode };
  /** Keys of `-c key=value`; `*` stands for the rest. */
  readonly configKeys: readonly {
    readonly key: string;
    readonly tag: Tag;
    /** What the value must contain for the key to mean that. */
    readonly holds?: RegExp;
  }[];
  /** What holds unattended when nothing is said. */
  readonly defaultMode: PromptMode;
  readonly variables: readonly VariableRow[];
  /** Variables that hold its keys. */
  readonly keys: readonly string[];
  /** Variables that name its endpoint. */
  readonly endpoints: readonly string[];
  readonly settings: SettingsKeys | undefined;
  /** Options that no other program has: enough to recognise it behind a variable. */
  readonly signatures: readonly string[];
}

/** A row of the option table. */
export function option(tag: Tag, arity: Arity, ...names: string[]): OptionRow {
  return { names, arity, tag };
}

/** A product of which only the essentials are known. */
export const PLAIN: Omit<ProductRow, 'id' | 'programs'> = {
  packages: [],
  modules: [],
  starts: 'any',
  runs: [],
  others: ['login', 'logout', 'auth', 'mcp', 'update', 'upgrade', 'help', 'version', 'config', 'completion', 'doctor'],
  options: [],
  modes: {},
  sandboxes: {},
  sandboxModes: {},
  configKeys: [],
  defaultMode: 'unknown',
  variables: [],
  keys: [],
  endpoints: [],
  settings: undefined,
  signatures: [],
};

/** What every command line has. */
export const SHOWS: readonly OptionRow[] = [option('no-run', 'none', '--version', '-v', '-V', '--help', '-h')];

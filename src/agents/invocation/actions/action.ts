import type { ProductId } from '../invocation.ts';
import type { Tag } from '../tag.ts';

/** Inputs by what they mean. */
export type InputTable = { readonly [tag in Tag]?: readonly string[] };

/** Something that the action says to the agent by itself. */
export interface BuiltIn {
  readonly tag: Tag;
  /** As the agent gets it. */
  readonly spelled: string;
  readonly text: string | undefined;
  /** Only when this input was not given. */
  readonly unless?: string;
}

/** One major version of one action, as its vendor's `action.yml` declares it. */
export interface ActionRow {
  /** `owner/name` or `owner/name/path`, lower case; former owners too. */
  readonly names: readonly string[];
  readonly product: ProductId;
  readonly major: string;
  /** The day on which the vendor's file was read, and its commit or release. */
  readonly read: string;
  readonly source: string;
  /** Refs that are this major: exact names, or a version whose first number this is. */
  readonly refs: { readonly names: readonly string[]; readonly versions: readonly string[] };
  readonly inputs: InputTable;
  readonly builtIn: readonly BuiltIn[];
  /** The action checks by itself that whoever started it may write to the repository. */
  readonly gate: 0 | 4;
  /** When the text of the event itself is the prompt. */
  readonly eventPrompt: 'always' | 'without-prompt' | 'never';
  readonly restores: { readonly paths: readonly string[]; readonly since: string | undefined };
  /** Outputs that are text of the model: whoever uses them uses what the model said. */
  readonly agentOutputs: readonly string[];
  /** What took the place of inputs that an older major had. */
  readonly replaced: { readonly [input: string]: string };
  /** Nothing is known about its inputs beyond those here: none is called dead. */
  readonly open?: boolean;
}

/** Inputs whose silent loss takes a restriction, a gate or a key away. */
export const SECURITY_TAGS: ReadonlySet<Tag> = new Set<Tag>([
  'tools-allow',
  'tools-deny',
  'tools-restrict',
  'permission-map',
  'mode',
  'sandbox',
  'safety',
  'hardening',
  'egress',
  'settings',
  'mcp',
  'arguments',
  'endpoint',
  'environment',
  'prompt',
  'secret:model',
  'secret:forge',
  'gate:users',
  'gate:bots',
  'gate:comments',
]);

export const NOTHING_RESTORED = { paths: [], since: undefined } as const;

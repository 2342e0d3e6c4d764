import type { Place } from '../../syntax/index.ts';
import type { PlacedText } from './placed-text.ts';

/**
 * What a flag, an input or a variable means, in one vocabulary for every product and form. `Invocation.written` holds
 * these as names.
 */
export type Tag =
  /** A word that names a permission mode; the product's table says which. */
  | 'mode'
  | 'bypass'
  | 'accept-edits'
  | 'read-only'
  /** A map or list of permissions in the product's own JSON. */
  | 'permission-map'
  /** The repository or its hooks are trusted without a question. */
  | 'trust'
  | 'tools-allow'
  | 'tools-deny'
  | 'tools-restrict'
  | 'prompt'
  | 'prompt-file'
  | 'system-prompt'
  | 'system-prompt-file'
  | 'settings'
  /** One `key=value` of a configuration file. */
  | 'config'
  | 'mcp'
  | 'mcp-strict'
  | 'sources'
  | 'bare'
  | 'sandbox'
  /** How far the action gives up privileges before it starts the agent. */
  | 'safety'
  | 'hardening'
  | 'egress'
  /** A command line inside an input. */
  | 'arguments'
  | 'model'
  | 'endpoint'
  | 'turns'
  | 'budget'
  | 'timeout'
  | 'full-output'
  | 'output-format'
  | 'output'
  | 'secret:model'
  | 'secret:forge'
  | 'secret:cloud'
  | 'secret:signing'
  | 'gate:users'
  | 'gate:bots'
  | 'gate:comments'
  | 'gate:trigger'
  | 'event-prompt'
  | 'version'
  | 'executable'
  | 'plugins'
  | 'agents'
  | 'environment'
  | 'directory'
  | 'headless'
  | 'publish'
  /** Started as root, in a container, or so that it outlives the step. */
  | 'root'
  | 'container'
  | 'detached'
  /** A sandbox that somebody else put around the agent. */
  | 'wrapper'
  /** Marks a command that only shows something or changes the installation. */
  | 'no-run'
  | 'schema'
  | 'other';

/** One thing that was said to an agent. */
export interface Written {
  readonly tag: Tag;
  /** Flag, input or variable as spelled. */
  readonly spelled: string;
  readonly keyPlace: Place;
  /** `undefined` for a flag without a value. */
  readonly value: PlacedText | undefined;
  /** Said by the action itself, not by whoever uses it. */
  readonly builtIn: boolean;
}

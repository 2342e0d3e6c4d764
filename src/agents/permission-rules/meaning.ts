/** How far a rule reaches, from everything to one command. `unknown`: nobody here knows the program or tool. */
export type Breadth =
  | 'everything'
  | 'interpreter'
  | 'runner'
  | 'package-manager'
  | 'git'
  | 'forge-cli'
  | 'network'
  | 'file-writer'
  | 'exact'
  | 'narrow'
  | 'unknown';

/** What a rule is about, whatever the product calls the tool. */
export type RuleTopic =
  | 'shell'
  | 'read'
  | 'write'
  | 'web'
  | 'search'
  | 'mcp'
  | 'agent'
  | 'skill'
  | 'everything'
  | 'other';

/** What whoever holds the rule can do with it. */
export type Grant =
  | 'execute'
  | 'execute-tree'
  | 'install'
  | 'network'
  | 'git-push'
  | 'git-write'
  | 'forge-write'
  | 'merge'
  | 'forge-read'
  | 'write'
  | 'read'
  | 'start-agent'
  | 'environment';

/** What a rule gives that lets any program run; reading the forge needs no word of its own beside the network. */
export const EVERY_GRANT: readonly Grant[] = [
  'execute',
  'execute-tree',
  'install',
  'network',
  'git-push',
  'git-write',
  'forge-write',
  'merge',
  'write',
  'read',
  'start-agent',
  'environment',
];

/** What a permission rule really means, next to what it seems to say. */
export interface RuleMeaning {
  readonly text: string;
  /** Tool as written; the whole text where it is no rule at all. */
  readonly tool: string;
  readonly spec: string | undefined;
  readonly topic: RuleTopic;
  /** Why it matches nothing in the versions that were measured. */
  readonly dead: string | undefined;
  /** Why it matches more than it seems to. */
  readonly loose: string | undefined;
  readonly breadth: Breadth;
  /** Base name of the program it lets run. */
  readonly program: string | undefined;
  /** Fixed words of the command, and whether anything may follow. */
  readonly command: { readonly words: readonly string[]; readonly open: boolean } | undefined;
  readonly grants: readonly Grant[];
  /** In words, for a message: `node with any code`. */
  readonly means: string;
  /** The rule that says what was meant. */
  readonly rewrite: string | undefined;
}

/** Something that a deny list leaves open. */
export interface DenyHole {
  /** The deny rule that can be got round. */
  readonly deny: string;
  /** What gets round it, as a command or call. */
  readonly example: string;
  /** The rule or default that lets it run. */
  readonly through: string;
  /** Deny rules that close it as far as rules can. */
  readonly add: readonly string[];
}

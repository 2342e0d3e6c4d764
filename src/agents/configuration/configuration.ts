import type { Gap, Node, Place, ScalarNode, SourceFile, Span } from '../../syntax/index.ts';
import type { ProductId, WrittenRule } from '../invocation/invocation.ts';
import type { RiskKind } from './command/command-risk.ts';

/** What a file of an agent's configuration is for. */
export type SurfaceKind =
  | 'settings'
  | 'hooks'
  | 'mcp'
  | 'instructions'
  | 'skill'
  | 'command'
  | 'subagent'
  | 'plugin'
  | 'rules'
  | 'environment'
  | 'ignore'
  | 'setup';

/** Who may have written it, and whether the product loads it in CI. `example`: below docs, templates, tests or vendored code. */
export type FileRole = 'active' | 'local' | 'managed' | 'plugin' | 'example';

/** What a command of the configuration can do; see `command/command-risk.ts`. */
export interface LocatedRisk {
  readonly kind: RiskKind;
  /** The rest of the sentence "this command …". */
  readonly what: string;
  readonly place: Place;
  /** The script of the tree in which it stands, when the command only starts that. */
  readonly via: string | undefined;
}

export interface HookCommand {
  readonly event: string;
  readonly matcher: { readonly text: string; readonly place: Place } | undefined;
  readonly type: 'command' | 'http' | 'prompt' | 'agent' | 'mcp-tool' | 'unknown';
  /** Command line or address. */
  readonly command: string;
  readonly place: Place;
  readonly timeoutSeconds: number | undefined;
  readonly background: boolean;
  /** The command as one value of the file; `undefined` where it is a list of words. */
  readonly scalar: ScalarNode | undefined;
  /** The entry of the hook, for whoever removes it. */
  readonly node: Node;
  /** Shell hooks only. */
  readonly risks: readonly LocatedRisk[];
}

/** What starting a server runs: the package or image it names, a file of the tree, or just a program. */
export interface ServerOrigin {
  readonly kind: 'package' | 'image' | 'repository' | 'local' | 'shell' | 'program' | 'remote' | 'unknown';
  /** Package, image, file or program; for `remote` the host. */
  readonly name: string;
  /** Version, tag or digest as written. */
  readonly version: string | undefined;
  /** Always the same code: an exact version, a digest, a full commit id. */
  readonly pinned: boolean;
  /** `npx`, `uvx`, `docker`; `undefined` without a package runner. */
  readonly runner: string | undefined;
}

export interface McpServer {
  readonly name: string;
  readonly origin: ServerOrigin;
  readonly transport: 'stdio' | 'http' | 'sse' | 'unknown';
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly url: string | undefined;
  readonly environment: readonly { readonly name: string; readonly value: string; readonly place: Place }[];
  readonly headers: readonly { readonly name: string; readonly value: string; readonly place: Place }[];
  /** The server's name. */
  readonly place: Place;
  readonly node: Node | undefined;
  /** Switched off in this file. */
  readonly disabled: boolean;
  readonly risks: readonly LocatedRisk[];
}

/** A key that runs a program: `apiKeyHelper`, `statusLine`, `notify`, `test-cmd`. */
export interface HelperCommand {
  readonly key: string;
  readonly command: string;
  readonly place: Place;
  /** Runs in an unattended run of a folder that nobody trusted, on the newest known version. */
  readonly unattended: boolean;
  readonly risks: readonly LocatedRisk[];
}

/** One configuration file of one product, in words that all products share. */
export interface AgentConfiguration {
  readonly product: ProductId | 'any';
  /** What a person calls this file: `project settings`, `skill`. */
  readonly label: string;
  readonly kind: SurfaceKind;
  readonly role: FileRole;
  readonly file: SourceFile;
  readonly root: Node | undefined;
  readonly allow: readonly WrittenRule[];
  readonly deny: readonly WrittenRule[];
  readonly ask: readonly WrittenRule[];
  /** Permission mode, sandbox and other keys, flattened: `permissions.defaultMode`, `sandbox.enabled`. */
  readonly keys: readonly {
    readonly path: string;
    readonly text: string;
    readonly place: Place;
    readonly node: Node;
  }[];
  readonly hooks: readonly HookCommand[];
  readonly servers: readonly McpServer[];
  readonly helpers: readonly HelperCommand[];
  /** Variables it sets for the agent. */
  readonly environment: readonly { readonly name: string; readonly value: string; readonly place: Place }[];
  /** Text that the model obeys: the body of an instruction file, skill, command or rule. */
  readonly instructions: { readonly span: Span } | undefined;
  /** Files and addresses that the text imports or orders to open (`@docs/rules.md`). */
  readonly imports: readonly { readonly target: string; readonly place: Place }[];
  /** Commands between `` !` `` and a backtick: they run when the text is loaded, before the model sees it. */
  readonly inlineCommands: readonly {
    readonly command: string;
    readonly place: Place;
    readonly risks: readonly LocatedRisk[];
  }[];
  /** What a skill, command or subagent gives the model to run: shell blocks of its text, shell scripts beside a skill. */
  readonly offeredScripts: readonly { readonly place: Place; readonly risks: readonly LocatedRisk[] }[];
  readonly gaps: readonly Gap[];
}

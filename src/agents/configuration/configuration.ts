import type { Gap, Node, Place, SourceFile, Span } from '../../syntax/index.ts';
import type { ProductId, WrittenRule } from '../invocation/invocation.ts';

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

export interface HookCommand {
  readonly event: string;
  readonly matcher: { readonly text: string; readonly place: Place } | undefined;
  readonly type: 'command' | 'http' | 'prompt' | 'agent' | 'mcp-tool' | 'unknown';
  /** Command line or address. */
  readonly command: string;
  readonly place: Place;
  readonly timeoutSeconds: number | undefined;
  readonly background: boolean;
}

export interface McpServer {
  readonly name: string;
  readonly transport: 'stdio' | 'http' | 'sse' | 'unknown';
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly url: string | undefined;
  readonly environment: readonly { readonly name: string; readonly value: string; readonly place: Place }[];
  readonly headers: readonly { readonly name: string; readonly value: string; readonly place: Place }[];
  readonly place: Place;
  readonly node: Node | undefined;
}

/** A key that runs a program: `apiKeyHelper`, `statusLine`, `notify`, `test-cmd`. */
export interface HelperCommand {
  readonly key: string;
  readonly command: string;
  readonly place: Place;
  /** Runs in an unattended run of a folder that nobody trusted, on the newest known version. */
  readonly unattended: boolean;
}

/** One configuration file of one product, in words that all products share. */
export interface AgentConfiguration {
  readonly product: ProductId | 'any';
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
  readonly gaps: readonly Gap[];
}

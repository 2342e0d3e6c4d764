import type { ProductId } from '../invocation/invocation.ts';

/** What one rule lets an agent do without asking. */
export interface Power {
  readonly read: boolean;
  readonly write: 'none' | 'tree' | 'everything';
  readonly execute: 'none' | 'listed' | 'any';
  readonly network: 'none' | 'listed' | 'any';
  readonly forgeWrite: boolean;
}

const NOTHING: Power = { read: false, write: 'none', execute: 'none', network: 'none', forgeWrite: false };

const READERS = new Set([
  'read',
  'glob',
  'grep',
  'ls',
  'notebookread',
  'read_file',
  'read_many_files',
  'glob_files',
  'list_directory',
  'search_file_content',
  'view',
  'list',
]);
const WRITERS = new Set([
  'write',
  'edit',
  'multiedit',
  'notebookedit',
  'write_file',
  'replace',
  'patch',
  'create',
  'update',
  'todowrite_file',
]);
const SHELLS = new Set([
  'bash',
  'shell',
  'run_shell_command',
  'shelltool',
  'powershell',
  'execute',
  'runcommands',
  'terminal',
  'runterminalcommand',
]);
const FETCHERS = new Set(['webfetch', 'websearch', 'web_fetch', 'google_web_search', 'url', 'fetch']);

/** Programs whose arguments can be any program or any code: a pattern with a star behind them is a whole shell. */
const UNBOUNDED = new Set([
  ...[
    'sh',
    'bash',
    'zsh',
    'dash',
    'eval',
    'env',
    'xargs',
    'sudo',
    'find',
    'timeout',
    'nohup',
    'watch',
    'ssh',
    'docker',
    'podman',
    'kubectl',
  ],
  ...[
    'node',
    'nodejs',
    'deno',
    'bun',
    'bunx',
    'python',
    'python3',
    'ruby',
    'perl',
    'php',
    'tsx',
    'ts-node',
    'npx',
    'npm',
    'pnpm',
    'yarn',
    'uv',
    'uvx',
    'pip',
    'pip3',
    'pipx',
  ],
  ...[
    'make',
    'just',
    'task',
    'cargo',
    'go',
    'mvn',
    'gradle',
    './gradlew',
    './mvnw',
    'dotnet',
    'swift',
    'rake',
    'bundle',
    'composer',
    'awk',
    'sed',
    'git',
    'vim',
    'tar',
  ],
]);
/** Programs that reach other hosts. */
const NETWORK = new Set([
  'curl',
  'wget',
  'nc',
  'ncat',
  'netcat',
  'socat',
  'ssh',
  'scp',
  'sftp',
  'rsync',
  'ftp',
  'telnet',
  'dig',
  'nslookup',
  'host',
  'ping',
  'aws',
  'gcloud',
  'az',
  'kubectl',
  'docker',
]);
const FORGES = new Set(['gh', 'glab', 'hub', 'az', 'tea']);
/** Second words of a forge program that only read. */
const FORGE_READS =
  /^(?:gh|glab|hub)\s{1,5}(?:(?:pr|issue|mr|repo|run|release|search|workflow|label)\s{1,5}(?:view|diff|list|status|checks|download|issues|prs|code|repos)|status|search)\b/;

/**
 * Products whose shell rules are beginnings of a command without saying so; `exact` are programs of which a rule names
 * the sub-command. Measured on Codex 0.169, Gemini CLI 0.61 and Copilot CLI 1.0.102.
 */
const PREFIXED: { readonly [product in ProductId]?: { readonly exact: readonly string[] } } = {
  codex: { exact: [] },
  gemini: { exact: [] },
  qwen: { exact: [] },
  copilot: { exact: ['git', 'gh'] },
};

/**
 * The power of a permission rule as written: `Bash(git log:*)`, `shell(npm)`, `run_shell_command(ls)`. Without a product
 * it is read as most products would: a pattern ends where it ends.
 */
export function powerOf(rule: string, product?: ProductId): Power {
  const open = rule.indexOf('(');
  const tool = (open < 0 ? rule : rule.slice(0, open)).trim();
  const inner = open < 0 ? undefined : rule.slice(open + 1, rule.endsWith(')') ? -1 : undefined).trim();
  const name = tool.toLowerCase();
  if (tool === '*') return { read: true, write: 'everything', execute: 'any', network: 'any', forgeWrite: true };
  if (SHELLS.has(name)) return shellPower(inner, product);
  if (WRITERS.has(name)) return { ...NOTHING, read: true, write: inner === undefined ? 'everything' : 'tree' };
  if (READERS.has(name)) return { ...NOTHING, read: true };
  if (FETCHERS.has(name))
    return { ...NOTHING, network: inner === undefined || inner === '' || inner === '*' ? 'any' : 'listed' };
  if (/^mcp(__|_)/.test(name)) return serverPower(name);
  // A bare word with blanks or a known program is a command prefix, as Codex and Amp write it.
  return /\s/.test(tool) || NETWORK.has(name) || UNBOUNDED.has(name) || FORGES.has(name) || product === 'codex'
    ? shellPower(tool, product)
    : NOTHING;
}

function shellPower(inner: string | undefined, product: ProductId | undefined): Power {
  const whole: Power = { read: true, write: 'everything', execute: 'any', network: 'any', forgeWrite: true };
  if (inner === undefined || /^(:?\*+|)$/.test(inner)) return whole;
  const words = inner.replace(/:?\*$/, '').trim().split(/\s+/);
  const program = (words[0] ?? '').slice((words[0] ?? '').lastIndexOf('/') + 1);
  if (program.includes('*')) return whole;
  const beginning = product === undefined ? undefined : PREFIXED[product];
  const open = /\*\s*$|:\*$/.test(inner) || beginning?.exact.includes(program) === false;
  const bound = words.length > 1 && program === 'git' ? gitPower(words) : undefined;
  if (bound !== undefined) return bound;
  const forge = FORGES.has(program) && !FORGE_READS.test(words.join(' '));
  if (open && UNBOUNDED.has(program) && isOpenProgram(words)) return { ...whole, forgeWrite: false };
  const network = NETWORK.has(program) ? (open ? 'any' : 'listed') : FORGES.has(program) ? 'listed' : 'none';
  return { read: true, write: 'none', execute: 'listed', network, forgeWrite: forge };
}

/** `npm run test:*` runs one script with arguments; `npm *` and `npm run *` run anything that the tree names. */
function isOpenProgram(words: readonly string[]): boolean {
  return (
    words.length < 2 ||
    (words.length === 2 && ['run', 'exec', 'x', '-c', '-e', 'install', 'i', 'dlx', 'tool'].includes(words[1] ?? ''))
  );
}

function gitPower(words: readonly string[]): Power {
  const push = words[1] === 'push';
  const remote = push || ['fetch', 'pull', 'clone', 'ls-remote', 'submodule'].includes(words[1] ?? '');
  const writes = [
    'add',
    'commit',
    'checkout',
    'switch',
    'restore',
    'reset',
    'rm',
    'mv',
    'merge',
    'rebase',
    'apply',
    'am',
    'config',
    'stash',
  ].includes(words[1] ?? '');
  return {
    read: true,
    write: writes ? 'tree' : 'none',
    execute: 'listed',
    network: remote ? 'listed' : 'none',
    forgeWrite: push,
  };
}

/** A server's tool is judged by its verb; a whole server can do whatever its worst tool does. */
function serverPower(name: string): Power {
  const [, server = '', tool] = name.split('__');
  const reads = tool !== undefined && /^(get|list|read|search|view|fetch|download|find|query|describe)/.test(tool);
  const forge = /github|gitlab|gitea|bitbucket|azure|forge/.test(server);
  return { ...NOTHING, read: true, network: 'listed', forgeWrite: forge && !reads };
}

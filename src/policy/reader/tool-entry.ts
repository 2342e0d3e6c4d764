import type { ToolSpec } from '../document.ts';
import { compileGlob } from '../glob.ts';
import { parseHostPattern } from '../host-pattern.ts';
import { EntryError } from './entry-error.ts';

/** Tools by what stands in their parentheses. Names are those of Claude Code and of other agents' shell tools. */
const SPEC_KINDS: readonly { readonly kind: ToolSpec['kind']; readonly tools: readonly string[] }[] = [
  {
    kind: 'command',
    tools: ['Bash', 'Shell', 'shell', 'local_shell', 'exec_command', 'run_shell_command', 'bash', 'Monitor'],
  },
  {
    kind: 'path',
    tools: [
      'Read',
      'Write',
      'Edit',
      'MultiEdit',
      'NotebookEdit',
      'NotebookRead',
      'Glob',
      'Grep',
      'LS',
      'read',
      'write',
      'edit',
      'read_file',
      'write_file',
      'apply_patch',
      'replace',
    ],
  },
  { kind: 'host', tools: ['WebFetch', 'webfetch', 'web_fetch'] },
];

/**
 * Read `Tool` or `Tool(spec)`. A form that would never match is an error, not a silent nothing: an unclosed
 * parenthesis, `Read(/etc/hosts)` for a path outside the workspace, `mcp__server(…)`, `WebFetch(host)`.
 * @throws EntryError
 */
export function readToolEntry(text: string): { readonly tool: string; readonly spec?: ToolSpec } {
  const match = /^([A-Za-z0-9_*.:-]+)(?:\(([\s\S]*)\))?$/.exec(text);
  const tool = match?.[1];
  if (match === null || tool === undefined) {
    throw new EntryError(`'${text}' is not a tool`, 'Write `Tool` or `Tool(spec)`, for example `Bash(npm test *)`.');
  }
  const inner = match[2];
  if (inner === undefined || inner === '*' || inner === '**') return { tool };
  if (inner.trim() === '') throw new EntryError(`'${text}' selects nothing`, `Write \`${tool}\` for every use of it.`);
  const kind = SPEC_KINDS.find(({ tools }) => tools.includes(tool))?.kind;
  if (kind === undefined) {
    throw new EntryError(
      `'${tool}' takes no parentheses`,
      'Commands, file tools and WebFetch do; for the rest use `when:`.',
    );
  }
  return { tool, spec: kind === 'command' ? commandSpec(inner) : kind === 'path' ? pathSpec(inner) : hostSpec(inner) };
}

/**
 * The same for an approval: who names no server approves the tools of any server that a repository brings along.
 * @throws EntryError
 */
export function readToolGrant(text: string): ReturnType<typeof readToolEntry> {
  const read = readToolEntry(text);
  const server = /^mcp__(.*?)(?:__|$)/s.exec(read.tool)?.[1];
  if (server !== undefined && (server === '' || server.includes('*'))) {
    throw new EntryError(
      `'${text}' approves servers that nobody named`,
      'Write `mcp__SERVER__*` for each server. Claude Code would take it, and with it the server that a change brings along.',
    );
  }
  return read;
}

function commandSpec(pattern: string): ToolSpec {
  const plain = pattern.trim();
  if (plain.includes(':*') && !plain.endsWith(':*')) {
    throw new EntryError('`:*` stands only at the end', 'Write ` *` for any arguments.');
  }
  if (/[\n\r\u0000]/.test(plain)) throw new EntryError('a command pattern is one line', undefined);
  if (/[|;&<>`]|\$\(/.test(plain)) {
    throw new EntryError(
      'a command pattern is one simple command',
      'Each part of a pipeline or list is judged on its own; name the parts in rules of their own.',
    );
  }
  if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(plain)) {
    throw new EntryError(
      'a command pattern begins with the program',
      'Variables in front are looked through by deny and ask; no narrow allow covers one that can change the program.',
    );
  }
  if (/^[A-Za-z_]+:(?!\*$)/.test(plain)) throw parameterError(plain);
  return { kind: 'command', pattern: plain };
}

/** Claude Code reads `Tool(parameter:value)` as a rule about that parameter; here it would be a program or file of that name. */
function parameterError(inner: string): EntryError {
  return new EntryError(
    `'${inner}' names no command or file`,
    'No rule is about a parameter of a tool; `when:` knows its command, the paths it reads and writes, and its addresses.',
  );
}

function pathSpec(glob: string): ToolSpec {
  if (/^[a-z_]+:/.test(glob)) throw parameterError(glob);
  const relative = glob.startsWith('./') ? glob.slice(2) : glob.replace(/^\/\//, '/');
  compileGlob(relative, { fold: false });
  return { kind: 'path', glob: relative };
}

function hostSpec(inner: string): ToolSpec {
  const host = inner.startsWith('domain:') ? parseHostPattern(inner.slice('domain:'.length)) : undefined;
  if (host === undefined)
    throw new EntryError(`'${inner}' is not a domain`, 'Write `WebFetch(domain:docs.example.org)`.');
  return { kind: 'host', pattern: host };
}

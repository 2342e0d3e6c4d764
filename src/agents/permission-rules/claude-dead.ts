import { CLAUDE_TOOLS } from './tool-names.ts';

/** How a rule is used: some forms match only where they refuse. */
export type RuleUse = 'allow' | 'deny';

export interface DeadRule {
  readonly why: string;
  readonly rewrite: string | undefined;
}

/** One form that matches nothing, as measured on Claude Code 2.1.197 and 2.1.329 (reference: agents §2.4.2 and §2.4.8). */
interface DeadForm {
  readonly tools: readonly string[];
  readonly use?: RuleUse;
  readonly spec: RegExp;
  readonly why: string;
  readonly rewrite?: (tool: string, spec: string) => string;
}

/** Variables that the CLI takes off a command before it compares: a rule that starts with one never matches. */
const SEEN_THROUGH =
  /^(?:GOEXPERIMENT|GOOS|GOARCH|CGO_ENABLED|GO111MODULE|RUST_BACKTRACE|RUST_LOG|NODE_ENV|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|PYTEST_DISABLE_PLUGIN_AUTOLOAD|PYTEST_DEBUG|ANTHROPIC_API_KEY|LANGUAGE|LC_TIME|CHARSET|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CLICOLOR|TZ|CI|COLUMNS|LINES|GIT_TERMINAL_PROMPT)=\S{0,200} /;

const PATH_TOOLS = ['Read', 'Edit'];
const ANY_COMMAND = /^[\s*]+$/;

const FORMS: readonly DeadForm[] = [
  { tools: ['*'], spec: /^$/, why: 'empty parentheses match nothing', rewrite: (tool) => tool },
  {
    tools: ['Bash'],
    spec: /^(?:command|description|timeout|run_in_background):/,
    why: 'a parameter of Bash cannot be compared in an allow rule, and its command in none',
    rewrite: (_, spec) => (spec.startsWith('command:') ? `Bash(${spec.slice('command:'.length).trim()})` : 'Bash'),
  },
  { tools: ['Bash'], spec: /^:\*$/, why: '`:*` needs a prefix in front of it', rewrite: () => 'Bash(PROGRAM *)' },
  {
    tools: ['Bash'],
    spec: /:\*./s,
    why: '`:*` works only at the end of a rule',
    rewrite: (_, spec) =>
      spec
        .split(',')
        .map(
          (part) =>
            `Bash(${part
              .trim()
              .replace(/^Bash\(/, '')
              .replace(/:\*(?=.)/gs, ' *')
              .replaceAll('* *', '*')})`,
        )
        .join(', '),
  },
  {
    tools: ['Bash'],
    spec: / :\*$/,
    why: 'the blank in front of `:*` is taken literally',
    rewrite: (_, spec) => `Bash(${spec.replace(/ +:\*$/, ':*')})`,
  },
  {
    tools: ['Bash'],
    spec: /^\s+\S|\S\s+$/,
    why: 'blanks inside the parentheses are taken literally',
    rewrite: (_, spec) => `Bash(${spec.trim()})`,
  },
  {
    tools: ['Bash'],
    spec: /\S {2,}\S/,
    why: 'commands are compared with single blanks',
    rewrite: (_, spec) => `Bash(${spec.replace(/ {2,}/g, ' ')})`,
  },
  {
    tools: ['Bash'],
    use: 'allow',
    spec: /(?:&&|\|\||;).*:\*$/,
    why: 'the parts of a compound command are compared one by one, so a prefix of the whole never matches',
    rewrite: (_, spec) =>
      spec
        .split(/&&|\|\||;/)
        .map((part) => `Bash(${part.trim()})`)
        .join(', '),
  },
  {
    tools: ['Bash'],
    use: 'allow',
    spec: /\$\(|\$\{|`|[<>]|\|(?!\|)/,
    why: 'a rule with a redirection, a pipe or a substitution never approves',
  },
  {
    tools: ['Bash'],
    use: 'allow',
    spec: SEEN_THROUGH,
    why: 'the CLI takes this variable off the command before it compares',
    rewrite: (_, spec) => `Bash(${spec.replace(/^\S+ /, '')})`,
  },
  {
    tools: ['Bash'],
    spec: /\/:\*$/,
    why: 'the word border behind the slash never comes',
    rewrite: (_, spec) => `Bash(${spec.slice(0, -2)}*)`,
  },
  {
    tools: ['Bash'],
    use: 'allow',
    spec: /\{[^}]{0,200},[^}]{0,200}\}|\[[^\]]{1,100}\]|\?$/,
    why: 'only `*` is a wildcard; `?`, `[ ]` and `{ }` are taken literally',
  },
  {
    tools: PATH_TOOLS,
    spec: /^\/(?:etc|home|usr|var|tmp|root|opt|proc|sys|dev|mnt|Users|private|bin|lib)(?:\/|$)/,
    why: 'one slash means the folder of the settings, not the root of the disk',
    rewrite: (tool, spec) => `${tool}(/${spec})`,
  },
  {
    tools: PATH_TOOLS,
    spec: /^\.\.(?:\/|$)/,
    why: 'a path cannot leave the folder it starts in',
    rewrite: (tool) => `${tool}(//ABSOLUTE/PATH/**)`,
  },
  { tools: PATH_TOOLS, spec: /^(?:\/)?\.\.\/|^\/\.\.\//, why: 'a path cannot leave the folder it starts in' },
  {
    tools: PATH_TOOLS,
    spec: /\{[^}]{0,200},[^}]{0,200}\}/,
    why: 'braces are taken literally: one rule for each path',
    rewrite: expandBraces,
  },
  {
    tools: PATH_TOOLS,
    spec: /\$(?:HOME|\{HOME\})/,
    why: 'variables are not replaced',
    rewrite: (tool, spec) => `${tool}(${spec.replace(/\$(?:HOME|\{HOME\})/, '~')})`,
  },
  {
    tools: PATH_TOOLS,
    spec: /^(?:\.|~|\.\/)$/,
    why: 'a folder alone matches nothing',
    rewrite: (tool, spec) => `${tool}(${spec.replace(/\/$/, '')}/**)`,
  },
  { tools: PATH_TOOLS, spec: /^!/, why: 'a rule cannot be negated' },
  {
    tools: PATH_TOOLS,
    spec: /^(?:domain|file_path|path|command):/,
    why: 'paths are written without a name in front',
    rewrite: (tool, spec) => `${tool}(${spec.replace(/^[a-z_]+:/, '')})`,
  },
  {
    tools: PATH_TOOLS,
    spec: /^\s|\s$/,
    why: 'blanks inside the parentheses are taken literally',
    rewrite: (tool, spec) => `${tool}(${spec.trim()})`,
  },
  {
    tools: ['Write', 'NotebookEdit', 'MultiEdit'],
    spec: /^(?!\*+$)/,
    why: 'only `Edit(path)` is consulted for what is written',
    rewrite: (_, spec) => `Edit(${spec})`,
  },
  {
    tools: ['Glob', 'Grep', 'LS'],
    spec: /^(?!\*+$)/,
    why: 'only `Read(path)` is consulted for what is read',
    rewrite: (_, spec) => `Read(${spec})`,
  },
  {
    tools: ['WebFetch'],
    spec: /^domain:https?:\/\//,
    why: 'a domain has no scheme',
    rewrite: (_, spec) => `WebFetch(domain:${hostOf(spec.slice('domain:'.length))})`,
  },
  {
    tools: ['WebFetch'],
    spec: /^domain:[^/]{1,300}\//,
    why: 'a domain has no path',
    rewrite: (_, spec) => `WebFetch(${spec.split('/', 1)[0]})`,
  },
  { tools: ['WebFetch'], spec: /^domain:$/, why: 'the domain is empty' },
  {
    tools: ['WebFetch'],
    spec: /^(?!domain:|\*$)/,
    why: 'an address is compared only as `domain:HOST`',
    rewrite: (_, spec) => `WebFetch(domain:${hostOf(spec.replace(/^url:/, ''))})`,
  },
  {
    tools: ['Agent', 'Task'],
    spec: /,/,
    why: 'one rule for each kind of agent',
    rewrite: (tool, spec) =>
      spec
        .split(',')
        .map((kind) => `${tool}(${kind.trim()})`)
        .join(', '),
  },
];

/** Why this rule matches nothing; `undefined` when it does match something. */
export function deadInClaude(tool: string, spec: string | undefined, use: RuleUse): DeadRule | undefined {
  const byName = deadName(tool, spec, use);
  if (byName || spec === undefined) return byName;
  if (tool === 'Bash' && spec !== '' && ANY_COMMAND.test(spec)) return undefined;
  const form = FORMS.find(
    ({ tools, use: only, spec: pattern }) =>
      (tools.includes(tool) || tools[0] === '*') && (only === undefined || only === use) && pattern.test(spec),
  );
  if (form) return { why: form.why, rewrite: form.rewrite?.(tool, spec) };
  const parameter = use === 'allow' && tool !== 'Bash' && tool !== 'WebFetch' && /^[a-z_]{2,40}:[^/]/.test(spec);
  return parameter ? { why: 'a parameter is compared only where a rule refuses or asks', rewrite: tool } : undefined;
}

function deadName(tool: string, spec: string | undefined, use: RuleUse): DeadRule | undefined {
  if (tool.startsWith('mcp__')) return deadServer(tool, spec, use);
  if (/[?[\]]/.test(tool)) return { why: 'only `*` is a wildcard in the name of a tool', rewrite: undefined };
  if (use === 'allow' && tool.includes('*'))
    return { why: 'a wildcard in the name of a tool never approves', rewrite: undefined };
  if (CLAUDE_TOOLS.has(tool)) return undefined;
  const cased = [...CLAUDE_TOOLS].find((name) => name.toLowerCase() === tool.toLowerCase());
  if (cased === undefined) return undefined;
  return { why: 'names of tools are compared with case', rewrite: spec === undefined ? cased : `${cased}(${spec})` };
}

function deadServer(tool: string, spec: string | undefined, use: RuleUse): DeadRule | undefined {
  if (spec !== undefined) return { why: 'MCP tools are named without parentheses', rewrite: tool };
  const [, server = '', name] = tool.split('__');
  if (tool.endsWith('__')) return { why: 'the name of the tool is missing', rewrite: tool.slice(0, -2) };
  if (use === 'allow' && (server === '' || server.includes('*')))
    return {
      why: 'a rule that approves needs the literal name of the server',
      rewrite: `mcp__SERVER${name ? `__${name}` : ''}`,
    };
  return undefined;
}

function expandBraces(tool: string, spec: string): string {
  const match = /^([^{]*)\{([^}]*)\}([\s\S]*)$/.exec(spec);
  if (match === null) return `${tool}(${spec})`;
  return (match[2] ?? '')
    .split(',')
    .map((part) => `${tool}(${match[1]}${part}${match[3]})`)
    .join(', ');
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, '').split(/[/?#]/, 1)[0] ?? '';
}

import type { CodeLanguage } from '../../../src/code/index.ts';

/** Names that a language or browser has without an import, and those that rows take at their usual spelling. */
const GLOBALS: ReadonlySet<string> = new Set([
  ...[
    'window',
    'document',
    'location',
    'self',
    'top',
    'parent',
    'console',
    'process',
    'global',
    'globalThis',
    'navigator',
  ],
  ...['Object', 'JSON', 'Math', 'Number', 'Date', 'String', 'RegExp', 'Response', 'Request', 'Function', 'Deno', 'Bun'],
  ...['URLSearchParams', 'URL', 'DOMParser', 'XMLHttpRequest', 'MessageEvent', 'module', 'WebSocket', 'React', 'Vue'],
  ...['$', 'jQuery', '_', '$sce', '$sceProvider', 'Handlebars', 'Mustache', 'DOMPurify', 'Prisma', 'Sequelize', 'User'],
  ...[
    'app',
    'router',
    'server',
    'api',
    'routes',
    'ctx',
    'c',
    'req',
    'request',
    'db',
    'database',
    'page',
    'client',
    'pool',
  ],
  ...[
    'session',
    'transporter',
    'logger',
    'log',
    'LOG',
    'connection',
    'conn',
    'ldap_conn',
    'sql',
    'trx',
    'tx',
    'ldapClient',
  ],
  ...['socket', 'io', 'jwt', '__builtins__'],
]);

/** A row's name as a program writes it: what it imports, and the expression that has the name. */
export interface SpelledName {
  readonly imports: readonly string[];
  readonly expression: string;
}

/** `*.execute` is `thing.execute`; a last `*` is `member`. */
export function spellName(match: string, language: CodeLanguage): SpelledName {
  const segments = match.split('.');
  if (segments[0] === '*') segments[0] = 'thing';
  if (segments.at(-1) === '*') segments[segments.length - 1] = 'member';
  const [root = '', ...rest] = segments;
  const bare = root.replaceAll('()', '');
  const calls = root.slice(bare.length);
  if (bare === 'thing' || GLOBALS.has(bare) || (rest.length === 0 && isPlain(bare) && language === 'python'))
    return { imports: [], expression: [root, ...rest].join('.') };
  if (language === 'python') return { imports: [`import ${bare}`], expression: [root, ...rest].join('.') };
  if (rest.length === 0 && BUILT_IN.has(bare)) return { imports: [], expression: root };
  return { imports: [`const library = require('${bare}');`], expression: [`library${calls}`, ...rest].join('.') };
}

/** Functions of JavaScript and browsers that stand by themselves. */
const BUILT_IN: ReadonlySet<string> = new Set([
  ...[
    'eval',
    'execScript',
    'Function',
    'AsyncFunction',
    'GeneratorFunction',
    'setTimeout',
    'setInterval',
    'setImmediate',
  ],
  ...[
    'require',
    'import',
    'fetch',
    'Worker',
    'SharedWorker',
    'importScripts',
    'addEventListener',
    'open',
    'EventSource',
  ],
  ...['encodeURIComponent', 'encodeURI', 'escape', 'parseInt', 'parseFloat', 'Boolean', 'BigInt', 'isNaN', '$fetch'],
  ...[
    'structuredClone',
    'RegExp',
    'getQuery',
    'readBody',
    'getRouterParam',
    'getRouterParams',
    'sendRedirect',
    'serve',
  ],
  ...['AsyncFunction', 'prompt'],
]);

function isPlain(name: string): boolean {
  return /^\w+$/.test(name);
}

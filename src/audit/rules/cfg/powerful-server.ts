import type { McpServer } from '../../../agents/index.ts';
import type { Severity } from '../../../findings/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { json } from './examples.ts';
import { withReach } from './reach.ts';

/** What makes a server too strong: its package or program, and something in its arguments. */
interface ServerRow {
  readonly name: RegExp;
  readonly argument: RegExp;
  /** It is fine when this stands in the arguments. */
  readonly unless: RegExp | undefined;
  readonly what: string;
  readonly severity: Severity;
}

const ANY = /^/;
const WHOLE_DISK = /(^|[\s:=])(\/|~\/?|\$\{?HOME\}?\/?|\/(home|Users|root|etc|var)\/?|[A-Z]:\\?)(\s|:|$)/;
const READ_ONLY = /read-?_?only|--readonly|access-mode[= ]restricted|--mode[= ]ro\b/i;

const ROWS: readonly ServerRow[] = [
  {
    name: /filesystem|\bfs\b|files?-server|desktop-commander/i,
    argument: WHOLE_DISK,
    unless: undefined,
    what: 'reaches the whole disk or home directory',
    severity: 'high',
  },
  {
    name: /(^|[/-])(shell|terminal|bash|commands?|exec|run-command|iterm|cli-exec|desktop-commander|ssh)([-_]?(mcp|server|runner|executor))?(-|$)|mcp-server-commands|mcp-shell|shell-mcp/i,
    argument: ANY,
    unless: undefined,
    what: 'runs any command, past every permission rule for the shell',
    severity: 'high',
  },
  {
    name: ANY,
    argument:
      /docker\.sock|--privileged|--pid[= ]host|--net(work)?[= ]host|(-v|--volume|src=|source=)[= ]?(\/:|~|\$HOME|\/(home|root|etc)(:|\/))/,
    unless: undefined,
    what: 'gets the container engine or a folder of the host',
    severity: 'high',
  },
  {
    name: /docker|kubernetes|kubectl|k8s/i,
    argument: ANY,
    unless: READ_ONLY,
    what: 'steers containers or a cluster',
    severity: 'high',
  },
  {
    name: /postgres|mysql|mariadb|mongo|redis|clickhouse|snowflake|bigquery|supabase|dbhub|sqlite/i,
    argument: ANY,
    unless: READ_ONLY,
    what: 'writes to a database',
    severity: 'medium',
  },
  {
    name: /playwright|puppeteer|browser|chrome-devtools|selenium/i,
    argument: /--extension|--user-data-dir|--browser-?url|--cdp-endpoint|--profile/i,
    unless: undefined,
    what: "drives a browser with somebody's sessions",
    severity: 'high',
  },
];
/** Everybody on the machine may write there. */
const SHARED_FOLDER = /^["']?(\/tmp|\/var\/tmp|\/dev\/shm)\//;

/** CFG010: a server that can do more than any permission rule allows the agent itself. */
export const powerfulServer = configurationRule(
  {
    id: 'CFG010',
    name: 'mcp-server-too-powerful',
    title: 'An MCP server can do more than the agent may',
    what: 'A local MCP server reaches the whole disk, runs any command, steers containers or clusters, writes a database, drives a browser with a profile, or is a program in a folder that everybody can write.',
    why: 'Rules for the shell do not bind a server: an agent without Bash still has a shell when a server gives it one.',
    sources: ['CVE-2025-53109', 'CVE-2025-53110', 'Model Context Protocol, security best practices'],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    fix: 'none',
    advice:
      'Confine the server to the work tree, give it read-only access, or leave it out of unattended runs with --strict-mcp-config.',
    tags: ['CWE-250', 'CWE-653'],
    attack: [
      json('.mcp.json', {
        mcpServers: { files: { command: 'npx', args: ['@modelcontextprotocol/server-filesystem@2025.8.21', '/'] } },
      }),
    ],
    benign: [
      json('.mcp.json', {
        mcpServers: {
          files: { command: 'npx', args: ['@modelcontextprotocol/server-filesystem@2025.8.21', './docs'] },
        },
      }),
    ],
  },
  function* (configuration, facts) {
    for (const server of configuration.servers) {
      if (server.command.length === 0 || server.disabled) continue;
      const found = judge(server);
      if (found === undefined) continue;
      yield {
        place: server.place,
        message: `The MCP server ${server.name} ${found.what}`,
        subject: `mcp ${server.name}`,
        severity: found.severity,
        ...withReach(server.place, facts),
      };
    }
  },
);

function judge(server: McpServer): { readonly what: string; readonly severity: Severity } | undefined {
  const shared = server.command.slice(0, 3).find((word) => SHARED_FOLDER.test(word));
  if (shared !== undefined)
    return { what: `is the program ${shared}, in a folder that everybody on the machine can write`, severity: 'high' };
  const words = server.command.join(' ').slice(0, 4000);
  const name = server.origin.name === '' ? (server.command[0] ?? '') : server.origin.name;
  return ROWS.find((row) => row.name.test(name) && row.argument.test(words) && row.unless?.test(words) !== true);
}

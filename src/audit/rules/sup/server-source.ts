import {
  type AgentConfiguration,
  isExact,
  type McpServer,
  originOf,
  type ServerOrigin,
} from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Severity } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { json } from '../cfg/examples.ts';
import { SUP } from './examples.ts';
import { knownPackages } from './known-packages.ts';
import { distinct } from './mutable-reference.ts';

/** A server and where it is named, in a file of the repository or on the command line of an agent. */
interface NamedServer {
  readonly name: string;
  readonly origin: ServerOrigin;
  readonly place: Place;
  /** Agents that start it. */
  readonly loaded: readonly AgentRun[];
}

/** Local servers that some agent would start. */
function startedServers(facts: Facts): readonly NamedServer[] {
  const committed = facts.configurations
    .filter(({ role }) => role !== 'example' && role !== 'managed')
    .flatMap((configuration) =>
      configuration.servers.filter(({ disabled }) => !disabled).map((server) => inFile(facts, configuration, server)),
    );
  return [...committed, ...facts.runs.flatMap(inline)];
}

function inFile(facts: Facts, { file }: AgentConfiguration, { name, origin, place }: McpServer): NamedServer {
  const loaded = facts.runs.filter((run) =>
    run.effective.some(
      (fact) =>
        fact.kind === 'mcp' &&
        fact.inForce !== 'no' &&
        fact.place.file === file.path &&
        fact.place.span.start === place.span.start,
    ),
  );
  return { name, origin, place, loaded };
}

/** Servers in the JSON of `--mcp-config` or of an input. */
function inline(run: AgentRun): readonly NamedServer[] {
  return run.invocation.mcpConfigurations.flatMap(({ text, place }) =>
    serversIn(text).map(({ name, command }) => ({ name, origin: originOf(command, undefined), place, loaded: [run] })),
  );
}

function serversIn(text: string): readonly { readonly name: string; readonly command: readonly string[] }[] {
  if (!text.trimStart().startsWith('{')) return [];
  const servers = fieldsOf(fieldOf(parsed(text), 'mcpServers'));
  return servers.flatMap(([name, server]) => {
    const command = fieldOf(server, 'command');
    const args = fieldOf(server, 'args');
    if (typeof command !== 'string') return [];
    const words = Array.isArray(args) ? args.filter((one): one is string => typeof one === 'string') : [];
    return [{ name, command: [command, ...words] }];
  });
}

/** AGT012 reports what does not parse. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function fieldOf(value: unknown, key: string): unknown {
  return fieldsOf(value).find(([name]) => name === key)?.[1];
}

function byLoading(severity: Severity, { loaded }: NamedServer): Severity {
  return loaded.length > 0 ? severity : 'medium';
}

function loadedBy({ loaded }: NamedServer): Pick<FindingDraft, 'related'> {
  const related = loaded.slice(0, 3).map((run) => ({ place: run.invocation.place, message: `started by ${run.id}` }));
  return related.length > 0 ? { related } : {};
}

/** SUP006 */
export const unpinnedServer: Rule = {
  ...SUP,
  id: 'SUP006',
  name: 'mcp-server-without-version',
  title: 'An MCP server is fetched without a version each time it starts',
  what: 'A server is started by `npx`, `uvx` or an image without an exact version or digest, and no lock file of the repository holds it.',
  why: 'The newest release of the package runs at each start, with the environment of the agent and every tool argument. A server that was harmless for fifteen versions sent mail away in the sixteenth.',
  sources: ['postmark-mcp 1.0.16, September 2025', 'Measured: 20 of 25 committed servers'],
  severity: 'high',
  confidence: 'high',
  fix: 'none',
  advice: 'Name an exact version (`npx -y name@1.2.3`) or make it a locked dependency.',
  tags: ['CWE-829', 'CWE-1357', 'OWASP-CICD-SEC-3'],
  attack: [json('.mcp.json', { mcpServers: { notes: { command: 'npx', args: ['-y', '@acme/notes-mcp'] } } })],
  benign: [json('.mcp.json', { mcpServers: { notes: { command: 'npx', args: ['-y', '@acme/notes-mcp@1.4.2'] } } })],
  check: (facts) =>
    distinct(
      startedServers(facts).flatMap((server): readonly FindingDraft[] => {
        const { origin, name, place } = server;
        if (origin.pinned || (origin.kind !== 'package' && origin.kind !== 'image')) return [];
        const locked = origin.kind === 'package' && knownPackages(facts).has(origin.name);
        const tagged = origin.kind === 'image' && origin.version !== undefined && isExact(origin.version);
        const how =
          origin.version === undefined
            ? 'without a version'
            : tagged
              ? `by the tag ${origin.version}, not by a digest`
              : `as \`${origin.version}\`, which moves`;
        return [
          {
            rule: 'SUP006',
            message: `The MCP server ${name} runs ${origin.name} ${how}${locked ? '; the repository has it as a dependency' : ''}`,
            detail:
              'Whoever publishes the next release runs code with the environment of the agent. That a person approved the server says nothing about that release.',
            severity: locked ? 'low' : byLoading(tagged ? 'medium' : 'high', server),
            confidence: 'high',
            place,
            subject: `${place.file} ${name} ${origin.name}`,
            ...loadedBy(server),
          },
        ];
      }),
    ),
};

/** SUP007 */
export const serverFromRepository: Rule = {
  ...SUP,
  id: 'SUP007',
  name: 'mcp-server-from-branch-or-address',
  title: 'An MCP server or plugin comes from a branch or an address',
  what: 'A server is started from a git repository or a URL without naming a full commit.',
  why: 'Whoever can push there runs code at the next start. A name of forty hexadecimal letters can be a branch, too; only what git itself checks is a commit.',
  sources: ['Plugin4Shell, September 2026: a plugin `ref` that looks like a commit', 'CWE-829'],
  severity: 'high',
  confidence: 'high',
  fix: 'none',
  advice: 'Name the full commit, or use a released, pinned package.',
  tags: ['CWE-829', 'CWE-494', 'OWASP-CICD-SEC-3'],
  attack: [
    json('.mcp.json', {
      mcpServers: { notes: { command: 'uvx', args: ['--from', 'git+https://git.example.test/acme/notes', 'notes'] } },
    }),
  ],
  benign: [
    json('.mcp.json', {
      mcpServers: {
        notes: {
          command: 'uvx',
          args: ['--from', 'git+https://git.example.test/acme/notes@0123456789abcdef0123456789abcdef01234567', 'notes'],
        },
      },
    }),
  ],
  check: (facts) =>
    distinct(
      startedServers(facts).flatMap((server): readonly FindingDraft[] => {
        const { origin, name, place } = server;
        if (origin.kind !== 'repository' || origin.pinned) return [];
        return [
          {
            rule: 'SUP007',
            message: `The MCP server ${name} runs what lies in ${origin.name}${origin.version === undefined ? '' : ` at ${origin.version}`} on the day`,
            severity: byLoading('high', server),
            confidence: 'high',
            place,
            subject: `${place.file} ${name} ${origin.name}`,
            ...loadedBy(server),
          },
        ];
      }),
    ),
};

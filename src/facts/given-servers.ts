import { originOf, type ServerOrigin } from '../agents/index.ts';
import type { AgentRun, Facts } from './model.ts';

/** A server as far as its entry says; values of variables and headers are not kept. */
export interface GivenServer {
  readonly origin: ServerOrigin;
  readonly url: string | undefined;
  readonly hasSecrets: boolean;
}

/** Nobody passes more than this on a command line. */
const MOST_CHARACTERS = 100_000;

/** Servers that the command line gives, as JSON or as a file of the repository (`--mcp-config`); by name. */
export function givenServers(run: AgentRun, facts: Facts): ReadonlyMap<string, GivenServer> {
  const servers = new Map<string, GivenServer>();
  for (const { text } of run.invocation.mcpConfigurations) {
    const written = text.trim().startsWith('{') ? text : facts.source(text.trim().replace(/^\.\//, ''))?.text;
    const listed = fieldsOf(fieldsOf(parse(written ?? ''))['mcpServers']);
    for (const [name, entry] of Object.entries(listed)) servers.set(name, describe(fieldsOf(entry)));
  }
  return servers;
}

function describe({ command, args, url, env, headers }: { readonly [name: string]: unknown }): GivenServer {
  const address = typeof url === 'string' ? url : undefined;
  const words = typeof command === 'string' ? [command, ...listOf(args)] : [];
  const secrets = Object.keys(fieldsOf(env)).length + Object.keys(fieldsOf(headers)).length;
  return { origin: originOf(words, address), url: address, hasSecrets: secrets > 0 };
}

/** What is no JSON (a template that is filled in later) names no server. */
function parse(text: string): unknown {
  if (text.length > MOST_CHARACTERS) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

import type { McpServer } from '../../../agents/index.ts';
import type { Facts } from '../../../facts/index.ts';
import type { Severity } from '../../../findings/index.ts';
import { isPlaceholder } from '../../../text/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { json } from './examples.ts';
import { reachOf, withReach } from './reach.ts';

const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|0\.0\.0\.0)(:\d{1,5})?$/i;
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?$/;
/** Hosts that hand anybody's machine a public name. */
const TUNNELS =
  /(^|\.)(ngrok(-free)?\.(io|app|dev)|trycloudflare\.com|loca\.lt|localtunnel\.me|serveo\.net|pagekite\.me|localhost\.run|lhr\.life|bore\.pub|webhook\.site|requestbin\.\w{2,10}|pipedream\.net|interact\.sh|oast\.\w{2,10})(:\d{1,5})?$/i;

/** CFG009: tool calls, and what is in them, go to a server elsewhere. */
export const remoteServer = configurationRule(
  {
    id: 'CFG009',
    name: 'remote-mcp-server',
    title: 'A remote MCP server outside every policy',
    what: 'A configuration names an MCP server at another host: in clear text, at a bare address or a tunnel, with a secret in its headers or address, or simply somewhere that no policy names.',
    why: 'The server sees every argument of its tools and answers with text that the model obeys. Without encryption or behind a tunnel, so does anybody on the way or whoever gets the name next.',
    sources: [
      'CVE-2025-6514',
      'postmark-mcp, September 2025',
      'agent configuration of public repositories: 11 remote servers in 15 files',
    ],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'none',
    advice:
      'Name the host in the policy, use https and a header that the job fills in, and run what you can as a pinned local server.',
    tags: ['CWE-319', 'CWE-441'],
    attack: [json('.mcp.json', { mcpServers: { notes: { type: 'http', url: 'http://notes.example.test/mcp' } } })],
    benign: [json('.mcp.json', { mcpServers: { notes: { type: 'http', url: 'http://127.0.0.1:8811/mcp' } } })],
  },
  function* (configuration, facts) {
    for (const server of configuration.servers) {
      const verdict = server.url === undefined || server.disabled ? undefined : judge(server, server.url, facts);
      if (verdict === undefined) continue;
      yield {
        place: server.place,
        message: `The MCP server ${server.name} ${verdict.what}`,
        subject: `mcp ${server.name}`,
        severity: verdict.severity,
        ...withReach(server.place, facts),
      };
    }
  },
);

function judge(
  server: McpServer,
  url: string,
  facts: Facts,
): { readonly what: string; readonly severity: Severity } | undefined {
  const { name: host } = server.origin.kind === 'remote' ? server.origin : { name: hostOf(url) };
  if (LOOPBACK.test(host)) return undefined;
  if (/^[a-z+]{2,8}:\/\/[^/?#]{0,200}@/i.test(url))
    return { what: `has a user or password in its address (${host})`, severity: 'high' };
  // A name without a dot is known only inside one network, as services of a compose file are.
  if (/^(http|ws):/i.test(url) && /^[\w-]+(:\d{1,5})?$/.test(host))
    return { what: `is another service of the same network (${host})`, severity: 'low' };
  if (/^(http|ws):/i.test(url)) return { what: `is reached without encryption (${host})`, severity: 'high' };
  if (TUNNELS.test(host)) return { what: `is behind a tunnel or collecting service (${host})`, severity: 'high' };
  if (ADDRESS.test(host)) return { what: `is a bare address (${host})`, severity: 'high' };
  if (/^\$/.test(url)) return { what: 'has an address that a variable decides', severity: 'medium' };
  const parameter = secretParameter(url);
  if (parameter !== undefined)
    return isReference(parameter.value)
      ? {
          what: `gets a secret in its address, as ${parameter.name} (${host}): logs keep addresses`,
          severity: 'medium',
        }
      : { what: `has a secret written into its address, as ${parameter.name} (${host})`, severity: 'high' };
  const secret = server.headers.find(
    ({ name, value }) => /auth|key|token|secret/i.test(name) && value !== '' && !isReference(value),
  );
  if (secret !== undefined)
    return { what: `gets the header ${secret.name} and every tool argument (${host})`, severity: 'medium' };
  const loaded = reachOf(server.place, facts).some(({ fact }) => fact.inForce === 'yes');
  return { what: `sends every tool argument to ${host}`, severity: loaded ? 'medium' : 'low' };
}

/** A variable that whoever starts the agent fills in. */
function isReference(value: string): boolean {
  return /\$\{[^}]{1,200}\}|\$[A-Za-z_]|\{env:|\{\{|^<[^>]{1,80}>$|%[A-Z_]{1,60}%/.test(value);
}

/** `?api_key=…`: a parameter by whose name it is a credential, with a value that is not obviously none. */
function secretParameter(url: string): { readonly name: string; readonly value: string } | undefined {
  const query = url.slice(0, 4000).split('?').slice(1).join('?').split('#')[0] ?? '';
  for (const pair of query.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    const value = rest.join('=');
    const isSecret = /(?:^|[_.-])(?:api[_-]?key|key|token|secret|password|access[_-]?token|auth)$/i.test(name);
    if (isSecret && (isReference(value) || (value.length >= 8 && !isPlaceholder(value)))) return { name, value };
  }
  return undefined;
}

function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]{0,20}:\/\/([^/?#]{1,255})/i.exec(url)?.[1] ?? url.slice(0, 255);
}

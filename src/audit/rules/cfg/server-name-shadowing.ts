import type { WrittenRule } from '../../../agents/index.ts';
import type { AgentRun } from '../../../facts/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { json, reviewOfHead } from './examples.ts';

const SERVER = json('.mcp.json', { mcpServers: { github: { command: './tools/github-server' } } });

/** CFG028: a server of the repository bears the name of a trusted one. */
export const serverNameShadowing = configurationRule(
  {
    id: 'CFG028',
    name: 'mcp-server-name-shadowing',
    title: 'A server of the repository inherits the rules of a trusted one',
    what: 'The repository names an MCP server like one whose tools the pipeline allows by name, or with letters that look like others.',
    why: "Rules for MCP tools go by name only: the repository's own program gets the permissions that were meant for another.",
    sources: ['MCPoison, CVE-2025-54136: trust bound to a name'],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    fix: 'none',
    advice: 'Give the job its own servers with --mcp-config and --strict-mcp-config.',
    tags: ['CWE-290', 'CWE-1007'],
    attack: [SERVER, reviewOfHead('--allowedTools "mcp__github__create_issue"')],
    benign: [
      SERVER,
      reviewOfHead('--allowedTools "mcp__github__create_issue" --strict-mcp-config --mcp-config ci/servers.json'),
    ],
  },
  function* (configuration, facts) {
    for (const server of configuration.servers) {
      if (/[^\p{ASCII}]/u.test(server.name)) {
        yield {
          place: server.place,
          message: `The server name ${JSON.stringify(server.name)} has letters that can pass for others`,
          subject: 'confusable name',
          severity: 'high',
        };
      }
      for (const run of facts.runs) {
        const rule = allowedBy(run, server.name);
        const loaded = run.effective.some(
          (fact) => fact.kind === 'mcp' && fact.inForce === 'yes' && fact.fromTree && fact.place === server.place,
        );
        if (rule === undefined || !loaded) continue;
        yield {
          place: server.place,
          message: `The server ${server.name} of the repository gets the rule ${rule.text} of ${run.id}`,
          subject: `${server.name} ${run.id}`,
          severity: run.tree.provenance === 'pull-request' ? 'high' : 'medium',
          related: [{ place: rule.place, message: 'allowed by name here' }],
        };
      }
    }
  },
);

function allowedBy({ invocation }: AgentRun, server: string): WrittenRule | undefined {
  return invocation.allow.find(({ text }) => text === `mcp__${server}` || text.startsWith(`mcp__${server}__`));
}

import { entryOf } from '../../../syntax/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { replaceAt } from './edits.ts';
import { settings } from './examples.ts';
import { withReach } from './reach.ts';

/** CFG012: the repository approves its own MCP servers. */
export const allServersEnabled = configurationRule(
  {
    id: 'CFG012',
    name: 'project-mcp-servers-enabled',
    title: 'The repository approves its own MCP servers',
    what: 'enableAllProjectMcpServers is true in a committed settings file.',
    why: 'Two files of one change, one that names a program and one that approves it, start the program without a question as soon as somebody trusts the folder.',
    sources: ['CVE-2026-47751', 'TrustFall, May 2026'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'safe',
    advice: 'List the servers that people agreed on under enabledMcpjsonServers, in local or user settings.',
    tags: ['CWE-862', 'CWE-829'],
    attack: [settings({ enableAllProjectMcpServers: true })],
    benign: [settings({ enabledMcpjsonServers: ['notes'] })],
  },
  function* (configuration, facts) {
    const key = configuration.keys.find((one) => one.path === 'enableAllProjectMcpServers' && one.text === 'true');
    const entry = entryOf(configuration.root, 'enableAllProjectMcpServers');
    if (key === undefined || entry === undefined || configuration.product !== 'claude-code') return;
    const names = facts.configurations
      .filter((one) => one.file.path === '.mcp.json')
      .flatMap((one) => one.servers.map(({ name }) => name));
    const list = `"enabledMcpjsonServers": ${JSON.stringify(names)}`;
    yield {
      place: key.place,
      message:
        names.length === 0
          ? 'Every MCP server that .mcp.json will ever name is approved in advance'
          : `Every MCP server of .mcp.json is approved in advance (today ${names.join(', ')})`,
      subject: 'enableAllProjectMcpServers',
      ...withReach(key.place, facts),
      fixes: [replaceAt('List the servers of today by name', { file: key.place.file, span: entry.span }, list, 'safe')],
    };
  },
);

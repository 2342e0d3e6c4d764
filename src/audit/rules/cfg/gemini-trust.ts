import { type AgentConfiguration, powerOf } from '../../../agents/index.ts';
import { nodeAt, scalarAt, scalarsOf } from '../../../syntax/index.ts';
import { configurationRule, type Report } from './configuration-rule.ts';
import { replaceAt } from './edits.ts';
import { json } from './examples.ts';
import { withReach } from './reach.ts';

/** CFG019: Gemini and Qwen: trust and tool lists that do not mean what they say. */
export const geminiTrust = configurationRule(
  {
    id: 'CFG019',
    name: 'gemini-trust',
    title: 'Gemini or Qwen settings trust servers or rely on a list of exclusions',
    what: 'A server has trust: true, folder trust is switched off, the whole shell is among the core tools, or single commands are excluded from the shell tool as if that were a limit.',
    why: 'A trusted server runs its tools without asking. An exclusion compares the text of a command: any other spelling passes.',
    sources: ['Gemini CLI documentation, tools.exclude', 'CVE-2026-12537'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'unsafe',
    advice: 'Drop trust: true, list the commands that may run under tools.core, and keep folder trust on.',
    tags: ['CWE-184', 'CWE-862'],
    attack: [json('.gemini/settings.json', { mcpServers: { notes: { command: 'notes-server', trust: true } } })],
    benign: [
      json('.gemini/settings.json', {
        tools: { core: ['read_file', 'run_shell_command(git status)'] },
        mcpServers: { notes: { command: 'notes-server', trust: false } },
      }),
    ],
  },
  function* (configuration, facts) {
    if (configuration.product !== 'gemini' && configuration.product !== 'qwen') return;
    for (const server of configuration.servers) {
      const trust = scalarAt(server.node, 'trust');
      if (trust?.value !== true) continue;
      const place = { file: configuration.file.path, span: trust.span };
      yield {
        place,
        message: `The server ${server.name} is trusted: its tools never ask`,
        subject: `trust ${server.name}`,
        ...withReach(server.place, facts),
        fixes: [replaceAt('Ask before its tools run', place, 'false', 'unsafe')],
      };
    }
    yield* toolLists(configuration);
    const folder = configuration.keys.find(
      (key) => key.path === 'security.folderTrust.enabled' && key.text === 'false',
    );
    if (folder !== undefined) {
      yield {
        place: folder.place,
        message: 'Folder trust is switched off for everybody who opens this repository',
        subject: folder.path,
        fixes: [replaceAt('Keep folder trust on', folder.place, 'true', 'unsafe')],
      };
    }
  },
);

function* toolLists({ root, file, deny }: AgentConfiguration): Iterable<Report> {
  const core = [...scalarsOf(nodeAt(root, 'tools', 'core')), ...scalarsOf(nodeAt(root, 'coreTools'))];
  for (const tool of core.filter(({ text }) => powerOf(text).execute === 'any')) {
    yield {
      place: { file: file.path, span: tool.span },
      message: `The core tool ${tool.text} is the whole shell`,
      subject: `core ${tool.text}`,
    };
  }
  for (const rule of deny.filter(({ text }) => /^(run_shell_command|ShellTool)\(.+\)$/.test(text))) {
    yield {
      place: rule.place,
      message: `Excluding ${rule.text} compares text only: another spelling of the command passes`,
      subject: `exclude ${rule.text}`,
    };
  }
}

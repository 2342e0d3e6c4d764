import { type AgentConfiguration, type McpServer, powerOf } from '../../agents/index.ts';
import type { Severity } from '../../findings/index.ts';
import { SWITCHES } from './agent-switches.ts';
import type { SheetBuilder } from './sheet.ts';

/** What one configuration file of an agent lets it do. Examples and documents configure nothing. */
export function addAgentConfiguration(configuration: AgentConfiguration, sheet: SheetBuilder): void {
  if (configuration.role === 'example') return;
  addRules(configuration, sheet);
  addSwitches(configuration, sheet);
  for (const { event, matcher, command, place } of configuration.hooks) {
    const subject = `${event} ${matcher?.text ?? '*'}`;
    if (GUARDING.test(event))
      sheet.add({
        control: 'agent-guard-hook-removed',
        standing: true,
        scope: '',
        subject,
        weight: -1,
        shown: command,
        value: '',
        place,
      });
    sheet.add({
      control: 'agent-hook-added',
      scope: '',
      subject: `${event} ${command}`,
      weight: 1,
      shown: `${event}: ${command}`,
      value: '',
      place,
    });
  }
  for (const server of configuration.servers) addServer(server, sheet);
  for (const { key, command, place } of configuration.helpers)
    sheet.add({ control: 'agent-helper-added', scope: '', subject: key, weight: 1, shown: command, place });
  for (const { name, value, place } of configuration.environment)
    sheet.add({
      control: 'agent-environment-set',
      scope: '',
      subject: name,
      weight: 1,
      shown: name,
      value,
      place,
      severity: ROUTING.test(name) ? 'high' : 'medium',
    });
  addInstructions(configuration, sheet);
}

/** Hooks that can refuse what the agent wants to do. */
const GUARDING =
  /^(?:PreToolUse|UserPromptSubmit|PermissionRequest|BeforeTool|beforeShellExecution|beforeMCPExecution|beforeReadFile)$/i;
/** Where the agent's traffic goes, and what its processes load. */
const ROUTING =
  /BASE_URL|PROXY|NODE_OPTIONS|LD_PRELOAD|DYLD_|^PATH$|PYTHONPATH|ENDPOINT|API_KEY|AUTH_TOKEN|CERT|TLS|UNSAFE|BYPASS/i;

function addRules({ allow, deny, ask }: AgentConfiguration, sheet: SheetBuilder): void {
  for (const { text, place } of allow)
    sheet.add({
      control: 'agent-permission-allowed',
      scope: '',
      subject: `allow ${text}`,
      weight: 1,
      shown: text,
      place,
      severity: severityOf(text),
    });
  for (const { text, place } of deny)
    sheet.add({
      control: 'agent-permission-denied',
      standing: true,
      scope: '',
      subject: `deny ${text}`,
      weight: -2,
      shown: `deny ${text}`,
      place,
    });
  for (const { text, place } of ask)
    sheet.add({
      control: 'agent-permission-denied',
      standing: true,
      scope: '',
      subject: `deny ${text}`,
      weight: -1,
      shown: `ask ${text}`,
      place,
      severity: 'medium',
    });
}

function severityOf(rule: string): Severity {
  const { execute, network, write, forgeWrite } = powerOf(rule);
  if (execute === 'any' || network === 'any' || write === 'everything' || forgeWrite) return 'high';
  return execute === 'listed' || network === 'listed' || write === 'tree' ? 'medium' : 'low';
}

function addSwitches({ keys }: AgentConfiguration, sheet: SheetBuilder): void {
  for (const { path, text, place } of keys) {
    const key = path.split('.').slice(-2).join('.');
    const row = SWITCHES.find(({ names }) => names.test(path) || names.test(key));
    if (row === undefined) continue;
    const weight = row.weigh(text);
    if (weight !== 0)
      sheet.add({
        control: 'agent-switch-loosened',
        scope: '',
        subject: path,
        weight,
        shown: `${path} = ${text}`,
        value: '',
        place,
      });
  }
}

function addServer(server: McpServer, sheet: SheetBuilder): void {
  const { name, command, url, origin, place, disabled, environment, headers } = server;
  if (disabled) return;
  const shown = url ?? command.join(' ');
  const value = JSON.stringify([
    shown,
    environment.map((one) => `${one.name}=${one.value}`).sort(),
    headers.map((one) => one.name).sort(),
  ]);
  sheet.add({ control: 'agent-server-added', scope: '', subject: `server ${name}`, weight: 1, shown, value, place });
  if (origin.kind === 'package' && !origin.pinned)
    sheet.add({
      control: 'agent-server-unpinned',
      scope: '',
      subject: `server ${name}`,
      weight: 1,
      shown,
      value: '',
      place,
    });
}

function addInstructions({ instructions, file, label }: AgentConfiguration, sheet: SheetBuilder): void {
  if (instructions === undefined) return;
  const text = file.text.slice(instructions.span.start, instructions.span.end).replace(/\s+/g, ' ').trim();
  const place = { file: file.path, span: firstLine(file.text, instructions.span.start) };
  sheet.add({
    control: 'agent-instructions-changed',
    scope: '',
    subject: 'instructions',
    weight: 1,
    shown: label,
    value: text,
    place,
  });
}

function firstLine(text: string, from: number): { readonly start: number; readonly end: number } {
  const end = text.indexOf('\n', from);
  return { start: from, end: end < 0 ? text.length : end };
}

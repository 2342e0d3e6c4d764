import { type AgentConfiguration, faultyKeyOf } from '../../../agents/index.ts';
import { entryOf, type MapEntry, type Node } from '../../../syntax/index.ts';
import { configurationRule, type Report } from './configuration-rule.ts';
import { file } from './examples.ts';

/** Files that a product drops as a whole when they do not parse. */
const DROPPED = new Set(['settings', 'hooks', 'mcp', 'rules']);

/** CFG029: a settings file that does not parse, or holds a key that cannot be read, and so does not count. */
export const brokenSettings = configurationRule(
  {
    id: 'CFG029',
    name: 'broken-agent-settings',
    title: 'A settings file of an agent does not count',
    what: 'A settings, hooks, MCP or rule file of an agent is not valid in its format, or settings of Claude Code give a known key a value of another type.',
    why: 'Claude Code drops such a file as a whole and says nothing in an unattended run: a typo in a file of deny rules removes every one of them. So does `"deny": "Bash(curl *)"` without the list around it.',
    sources: ['Claude Code help text of -p', 'Measured'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'none',
    advice: 'Mend the file, and check it where it is changed.',
    tags: ['CWE-755', 'CWE-636'],
    attack: [file('.claude/settings.json', '{\n  "permissions": {\n    "deny": ["Bash(curl *)"\n  }\n}\n')],
    benign: [file('.claude/settings.json', '{\n  "permissions": {\n    "deny": ["Bash(curl *)"]\n  }\n}\n')],
  },
  function* (configuration) {
    if (!DROPPED.has(configuration.kind)) return;
    const fault = configuration.gaps.find((gap) => gap.kind === 'syntax');
    if (fault === undefined) yield* faultyKey(configuration);
    else {
      const what = `${configuration.file.path} does not parse (${fault.message})`;
      yield { place: fault.place, ...weighed(what, configuration), subject: 'syntax' };
    }
  },
);

/** Parses, and is left out all the same. */
function* faultyKey(configuration: AgentConfiguration): Iterable<Report> {
  const { product, kind, file: source, root } = configuration;
  if (product !== 'claude-code' || kind !== 'settings') return;
  const fault = faultyKeyOf(source.text);
  if (fault === undefined) return;
  const entry = entryAt(root, fault.key.split('.'));
  const versions = fault.leftOut === 'yes' ? '' : ' in some versions';
  const what = `Claude Code leaves ${source.path} out as a whole${versions}: \`${fault.key}\` holds what it cannot read`;
  const place = { file: source.path, span: entry?.span ?? { start: 0, end: 0 } };
  yield { place, ...weighed(what, configuration), subject: `key ${fault.key}` };
}

function weighed(what: string, { file: { text } }: AgentConfiguration): Pick<Report, 'message' | 'severity'> {
  const guards = /"(deny|ask|hooks|disableBypassPermissionsMode)"|forbidden/.test(text);
  return guards
    ? { message: `${what}: its rules and hooks do not count`, severity: 'medium' }
    : { message: what, severity: 'low' };
}

function entryAt(node: Node | undefined, path: readonly string[]): MapEntry | undefined {
  const [head = '', ...rest] = path;
  const entry = entryOf(node, head);
  return rest.length === 0 ? entry : entryAt(entry?.value, rest);
}

import { configurationRule } from './configuration-rule.ts';
import { file } from './examples.ts';

/** Files that a product drops as a whole when they do not parse. */
const DROPPED = new Set(['settings', 'hooks', 'mcp', 'rules']);

/** CFG029: a settings file that does not parse, and so does not count. */
export const brokenSettings = configurationRule(
  {
    id: 'CFG029',
    name: 'broken-agent-settings',
    title: 'A settings file of an agent does not parse',
    what: 'A settings, hooks, MCP or rule file of an agent is not valid in its format.',
    why: 'Claude Code drops such a file as a whole and says nothing in an unattended run: a typo in a file of deny rules removes every one of them.',
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
    const fault = configuration.gaps.find((gap) => gap.kind === 'syntax');
    if (fault === undefined || !DROPPED.has(configuration.kind)) return;
    const guards = /"(deny|ask|hooks|disableBypassPermissionsMode)"|forbidden/.test(configuration.file.text);
    yield {
      place: fault.place,
      message: `${configuration.file.path} does not parse (${fault.message})${guards ? ': its rules and hooks do not count' : ''}`,
      subject: 'syntax',
      severity: guards ? 'medium' : 'low',
    };
  },
);

import { type AgentConfiguration, powerOf, type WrittenRule } from '../../../agents/index.ts';
import type { Severity } from '../../../findings/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { removeItem } from './edits.ts';
import { settings } from './examples.ts';
import { withReach } from './reach.ts';

/** CFG002: an allow rule of the repository that grants nearly everything. */
export const broadAllowCommitted = configurationRule(
  {
    id: 'CFG002',
    name: 'broad-allow-committed',
    title: 'The repository grants an agent nearly everything',
    what: 'An allow rule in a committed settings file approves any command, any write, or an interpreter or task runner with free arguments.',
    why: 'On every machine where somebody trusted the folder, text that the agent reads can run commands without a question. `claude -p` ignores these rules in a folder that nobody trusted, so they protect nothing in CI either.',
    sources: ['Claude Code documentation, "What runs before you trust a folder"'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'unsafe',
    advice: 'Name the exact commands; give CI its own list with --settings or --allowedTools.',
    tags: ['CWE-250', 'CWE-732'],
    attack: [settings({ permissions: { allow: ['Bash(npm test)', 'Bash(*)'] } })],
    benign: [settings({ permissions: { allow: ['Bash(npm test)', 'Bash(git status)', 'Read(src/**)'] } })],
  },
  function* (configuration, facts) {
    if (configuration.kind !== 'settings' && configuration.kind !== 'rules') return;
    for (const rule of configuration.allow) {
      const breadth = breadthOf(rule, configuration);
      if (breadth === undefined) continue;
      yield {
        place: rule.place,
        message: `The allow rule ${rule.text} ${breadth.what}`,
        severity: breadth.severity,
        subject: `allow ${rule.text}`,
        ...withReach(rule.place, facts),
        fixes:
          configuration.product === 'claude-code'
            ? [removeItem('Remove the rule', configuration.file, rule.place.span, 'unsafe')]
            : [],
      };
    }
  },
);

interface Breadth {
  readonly what: string;
  readonly severity: Severity;
}

function breadthOf(rule: WrittenRule, { product }: AgentConfiguration): Breadth | undefined {
  // Whole maps that allow everything are CFG001's.
  if (product === 'opencode' && /^(\*|bash(\(\*\))?)$/.test(rule.text)) return undefined;
  const power = powerOf(rule.text);
  if (power.execute === 'any') return { what: 'lets the agent run whatever it likes', severity: 'medium' };
  if (power.write === 'everything' && rule.text !== 'Edit')
    return { what: 'lets the agent write outside the work tree', severity: 'low' };
  return power.network === 'any' ? { what: 'lets the agent reach any host', severity: 'low' } : undefined;
}

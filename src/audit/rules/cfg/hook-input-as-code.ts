import type { LocatedRisk } from '../../../agents/index.ts';
import { configurationRule, type Report } from './configuration-rule.ts';
import { hook } from './examples.ts';
import { withReach } from './reach.ts';

/** CFG007: words of the model become code of the hook's shell. */
export const hookInputAsCode = configurationRule(
  {
    id: 'CFG007',
    name: 'hook-runs-tool-input',
    title: 'A hook runs what the model wrote as shell code',
    what: 'A hook or inline command uses a value that the model writes (tool input, file name, prompt, arguments) without quotes, evaluates it, or pipes it into a shell.',
    why: 'The hook runs outside every permission rule. Text that steers the model into a file name such as `$(…)` runs commands that no rule was asked about.',
    sources: ['Claude Code documentation, hooks: security considerations'],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    fix: 'none',
    advice: 'Read the value with jq into a quoted variable and pass it as one argument behind `--`.',
    tags: ['CWE-78', 'CWE-88'],
    attack: [hook('PostToolUse', 'eslint --fix $CLAUDE_FILE_PATHS', 'Edit|Write')],
    benign: [hook('PostToolUse', 'eslint --fix -- "$CLAUDE_FILE_PATHS"', 'Edit|Write')],
  },
  function* (configuration, facts) {
    const commands = [
      ...configuration.hooks.map((one) => ({ name: `The hook of ${one.event}`, ...one })),
      ...configuration.inlineCommands.map((one) => ({ name: 'The inline command', ...one })),
    ];
    for (const command of commands) {
      for (const risk of command.risks.filter(isInput)) {
        const where = risk.via === undefined ? '' : ` (in ${risk.via})`;
        yield {
          place: risk.place,
          message: `${command.name} ${risk.what}${where}`,
          subject: `${command.name} ${risk.kind}${where}`,
          ...withReach(command.place, facts),
        } satisfies Report;
      }
    }
  },
);

function isInput({ kind }: LocatedRisk): boolean {
  return kind === 'unquoted-input' || kind === 'input-to-shell';
}

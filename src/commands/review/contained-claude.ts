import type { ClaudeCliOptions } from '../../review/index.ts';
import { runAside } from '../run-aside.ts';

/**
 * Starts Claude Code in the sandbox of `sallyport run`, in an empty folder: nothing of the repository is there to obey.
 * The key stays outside; the model's address is the only way out.
 *
 * @param program path or name of `claude`
 */
export function containedClaude(program: string, environment: NodeJS.ProcessEnv): ClaudeCliOptions['execute'] {
  return async (args, input) => {
    try {
      const command = [program, ...args] as const;
      const { report, output } = await runAside({ command, workspace: undefined, input, environment });
      const { end, exitCode } = report;
      if (end.kind !== 'completed') return { kind: 'stopped', reason: 'reason' in end ? end.reason : end.kind };
      return { kind: 'ended', exitCode, output };
    } catch (error) {
      return { kind: 'stopped', reason: error instanceof Error ? error.message : String(error) };
    }
  };
}

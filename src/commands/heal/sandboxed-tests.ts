import { renderPatch } from '../../findings/index.ts';
import type { RunTests } from '../../review/index.ts';
import type { RunReport } from '../../run/index.ts';
import { runAside } from '../run-aside.ts';

/** Applies what comes on standard input to the private copy, then runs the tests as a shell would. */
const WITH_PATCH = 'git apply --whitespace=nowarn - || exit 125; exec sh -c "$0"';
const ALONE = 'exec sh -c "$0"';
/** The patch does not fit the files as they are. */
const NO_FIT = 125;

/**
 * Runs a project's tests with a patch, in a private copy inside the sandbox of `sallyport run`: no key, no network that
 * the policy does not name. Tests that fail without the patch, too, say nothing about it.
 *
 * @param command as typed, for a shell
 */
export function testsInSandbox(root: string, command: string, environment: NodeJS.ProcessEnv): RunTests {
  return async (files) => {
    const patched = await runContained(root, [WITH_PATCH, command], renderPatch(files), environment);
    if (patched.end.kind !== 'completed')
      return { outcome: 'open', reason: `the tests did not come to an end: ${patched.end.kind}` };
    if (patched.exitCode === 0) return { outcome: 'passed', reason: 'the tests pass' };
    if (patched.exitCode === NO_FIT)
      return { outcome: 'open', reason: 'the working tree differs from the commit: the tests were not run' };
    const alone = await runContained(root, [ALONE, command], '', environment);
    if (alone.end.kind === 'completed' && alone.exitCode === 0)
      return {
        outcome: 'failed',
        reason: `the tests end with ${patched.exitCode} with the patch, and pass without it`,
      };
    return { outcome: 'open', reason: 'the tests fail without the patch, too' };
  };
}

async function runContained(
  workspace: string,
  [script, command]: readonly [string, string],
  input: string,
  environment: NodeJS.ProcessEnv,
): Promise<RunReport> {
  const { report } = await runAside({ command: ['/bin/sh', '-c', script, command], workspace, input, environment });
  return report;
}

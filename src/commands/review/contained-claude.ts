import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { ClaudeCliOptions } from '../../review/index.ts';
import { run } from '../../run/index.ts';
import { removeOnSignal } from '../../system/index.ts';

/** An honest answer is far shorter. */
const MOST_OUTPUT = 4 * 1024 * 1024;

/**
 * Starts Claude Code in the sandbox of `sallyport run`, in an empty folder: nothing of the repository is there to obey.
 * The key stays outside; the model's address is the only way out.
 *
 * @param program path or name of `claude`
 */
export function containedClaude(program: string, environment: NodeJS.ProcessEnv): ClaudeCliOptions['execute'] {
  return async (args, input) => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-claude-'));
    using _guard = removeOnSignal(folder);
    try {
      const workspace = join(folder, 'empty');
      await mkdir(workspace);
      const kept: Buffer[] = [];
      const report = await run(
        {
          command: [program, ...args],
          workspace,
          base: undefined,
          policyFile: undefined,
          organisationFile: undefined,
          out: join(folder, 'out'),
          apply: false,
          allowVulnerableAgent: false,
          environment,
        },
        {
          stdout: keep(kept),
          stderr: keep([]),
          stdin: Readable.from([input]),
          progress: undefined,
          cancelled: new Promise<string>(() => undefined),
        },
      );
      if (report.end.kind !== 'completed') return { kind: 'stopped', reason: reasonOf(report.end) };
      return { kind: 'ended', exitCode: report.exitCode, output: Buffer.concat(kept).toString('utf8') };
    } catch (error) {
      return { kind: 'stopped', reason: error instanceof Error ? error.message : String(error) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

function reasonOf(end: { readonly kind: string; readonly reason?: string }): string {
  return end.reason ?? end.kind;
}

function keep(chunks: Buffer[]): Writable {
  let length = 0;
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      length += chunk.length;
      if (length <= MOST_OUTPUT) chunks.push(chunk);
      done();
    },
  });
}

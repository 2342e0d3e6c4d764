import { tmpdir } from 'node:os';
import { relative, resolve } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { OuterSandbox } from '../sandbox/index.ts';
import { removeTree } from '../system/index.ts';
import { agentIdentity, brokerIdentity } from './identity.ts';
import { airlockProgram } from './processes.ts';
import type { RunRequest } from './request.ts';
import { createRunDirectory, type RunDirectory } from './run-directory.ts';

/** @throws SallyportError SP1202 when temporary files go into the workspace: it would be staged into itself. */
function temporaryRoot(workspace: string): string {
  const root = resolve(tmpdir());
  if (!relative(workspace, root).startsWith('..'))
    throw new SallyportError('SP1202', `the temporary directory ${root} lies in the workspace`, {
      advice: 'Set TMPDIR to a directory outside of it.',
    });
  return root;
}

/**
 * What a run stands on whatever its policy says: its private directory, and the outer sandbox in which the airlock
 * boots. Both are laid before the scene is set, and told nothing until it is.
 */
export class Groundwork implements AsyncDisposable {
  #directory: RunDirectory | undefined;
  readonly #outer: Promise<OuterSandbox>;

  private constructor(request: RunRequest, runId: string) {
    this.#outer = this.#lay(request, runId);
  }

  static begin(request: RunRequest, runId: string): Groundwork {
    return new Groundwork(request, runId);
  }

  /** Resolves when the airlock boots. Never rejects: a mistake in the request is told before what `ready` throws. */
  async begun(): Promise<void> {
    await Promise.allSettled([this.#outer]);
  }

  /** @throws SallyportError SP1202 when the outer sandbox cannot be started. */
  async ready(): Promise<{ readonly directory: RunDirectory; readonly outer: OuterSandbox }> {
    const outer = await this.#outer;
    if (this.#directory === undefined) throw new TypeError('an outer sandbox without a directory');
    return { directory: this.#directory, outer };
  }

  async #lay(request: RunRequest, runId: string): Promise<OuterSandbox> {
    const identity = agentIdentity(request.workspace, request.environment);
    this.#directory = createRunDirectory(temporaryRoot(request.workspace), identity, brokerIdentity());
    return OuterSandbox.start({ runId, runDirectory: this.#directory.path, identity }, { airlock: airlockProgram() });
  }

  /** Does nothing more where the sandbox was taken down already and proved it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const [outer] = await Promise.allSettled([this.#outer]);
    if (outer.status === 'fulfilled') await outer.value[Symbol.asyncDispose]();
    if (this.#directory) await removeTree(this.#directory.path);
  }
}

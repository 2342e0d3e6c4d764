import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { findInstallation } from '../../src/agents/claude-code/installation.ts';
import { adapterFor, resolveCommand } from '../../src/agents/index.ts';
import { defaultPolicy, type Policy } from '../../src/policy/index.ts';

/** An unprivileged identity that exists everywhere, for when the tests run as root. */
const NOBODY = 65534;
const KEY = 'sk-ant-api03-scripted-key-000000000000000000000000';

/** The CLIs under test: each path in SALLYPORT_TEST_CLAUDE (colon-separated), else the repository's own. */
export function findClaudes(): readonly string[] {
  const named = (process.env['SALLYPORT_TEST_CLAUDE'] ?? '').split(':').filter((path) => path !== '');
  const own = resolve(import.meta.dirname, '../../node_modules/.bin/claude');
  const found = named.length > 0 ? named : [own];
  for (const path of found)
    if (!existsSync(path))
      throw new Error(`no Claude Code CLI at ${path}: run \`npm install\`, or set SALLYPORT_TEST_CLAUDE to its path`);
  return found;
}

export interface Finished {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A workspace and an empty home that belong to a normal user. */
export class Stage implements AsyncDisposable {
  readonly root: string;
  readonly workspace: string;
  readonly home: string;

  private constructor(root: string) {
    this.root = root;
    this.workspace = join(root, 'workspace');
    this.home = join(root, 'home');
  }

  static async create(files: { readonly [path: string]: string }): Promise<Stage> {
    const stage = new Stage(await mkdtemp(join(tmpdir(), 'sallyport-agents-')));
    await chmod(stage.root, 0o755);
    for (const directory of [stage.workspace, stage.home]) await mkdir(directory);
    for (const [path, content] of Object.entries(files)) await stage.write(join(stage.workspace, path), content, 0o644);
    await give(stage.workspace);
    await give(stage.home);
    return stage;
  }

  async write(path: string, content: string, mode: number): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode });
    for (let entry = path; entry !== this.root; entry = dirname(entry)) await give(entry);
  }

  /** Runs the CLI the way the adapter says, but without a sandbox around it. */
  async runSafely(
    claude: string,
    baseUrl: string,
    args: readonly string[],
    policy: Policy = defaultPolicy('claude-code'),
  ): Promise<Finished> {
    const command = resolveCommand([claude, ...args], { path: process.env['PATH'] ?? '', directory: this.workspace });
    const adapter = adapterFor(command);
    const version = await adapter.installedVersion(command[0]);
    const launch = adapter.launch(
      {
        command,
        policy,
        workspace: this.workspace,
        home: this.home,
        baseUrl,
        placeholderKey: KEY,
        allowKnownVulnerable: false,
      },
      version,
    );
    for (const file of launch.files) await this.write(file.path, file.content, file.mode);
    return this.#spawn(launch.command, launch.environment);
  }

  /** Runs the CLI as an unprotected job would. */
  async runBare(claude: string, baseUrl: string, args: readonly string[]): Promise<Finished> {
    return this.#spawn([findInstallation(claude).binary, ...args], {
      ANTHROPIC_BASE_URL: baseUrl,
      ANTHROPIC_API_KEY: KEY,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    });
  }

  async #spawn(command: readonly string[], environment: { readonly [name: string]: string }): Promise<Finished> {
    const [program = '', ...args] = command;
    const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const env = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: this.home,
      LANG: 'C.UTF-8',
      TMPDIR: this.home,
      ...environment,
    };
    return new Promise((settle) => {
      const child = execFile(
        program,
        args,
        { cwd: this.workspace, env, timeout: 45_000, killSignal: 'SIGKILL', ...identity },
        (error, stdout, stderr) =>
          settle({ exit: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
      );
      child.stdin?.end();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

async function give(path: string): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, NOBODY, NOBODY);
}

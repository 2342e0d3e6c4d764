import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compilePolicy, defaultPolicy, INITIAL_STATE, type Policy, parsePolicy } from '../../src/policy/index.ts';
import {
  type Change,
  type CollectRequest,
  collectChange,
  type Stage,
  type StageRequest,
  stageWorkspace,
  type WriteDecider,
} from '../../src/workspace/index.ts';

/** A temporary directory that is gone at the end of the scope, also when it holds locked directories. */
export class Scratch implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'workspace-test-'));

  /** An empty directory with a name of its own. */
  directory(name: string): string {
    const path = mkdtempSync(join(this.path, `${name}-`));
    chmodSync(path, 0o755);
    return path;
  }

  [Symbol.dispose](): void {
    execFileSync('chmod', ['-R', 'u+rwX', this.path], { stdio: 'ignore' });
    execFileSync('rm', ['-rf', this.path]);
  }
}

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_AUTHOR_DATE: '@1700000000 +0000',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
  GIT_COMMITTER_DATE: '@1700000000 +0000',
};

/** Real git, as a developer would run it. */
export function git(directory: string, ...args: string[]): string {
  const options: ExecFileSyncOptionsWithStringEncoding = {
    encoding: 'utf8',
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  return execFileSync('git', ['-C', directory, '-c', 'protocol.file.allow=always', ...args], options).trim();
}

export type Files = { readonly [path: string]: string | Uint8Array };

export function writeFiles(directory: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

/** A repository with these files in one commit on `main`. */
export function makeRepository(directory: string, files: Files): string {
  git(directory, 'init', '-q', '-b', 'main');
  writeFiles(directory, files);
  commit(directory, 'one');
  return directory;
}

export function commit(directory: string, message: string): string {
  git(directory, 'add', '-A', '-f');
  git(directory, 'commit', '-q', '--allow-empty', '-m', message);
  return git(directory, 'rev-parse', 'HEAD');
}

export function stageOf(scratch: Scratch, source: string, options: Partial<StageRequest> = {}): Promise<Stage> {
  return stageWorkspace({
    source,
    destination: scratch.directory('stage'),
    base: undefined,
    hide: [['.env', '*.pem']],
    hidden: 'empty',
    provided: [],
    owner: undefined,
    sentinel: undefined,
    random: randomBytes,
    ...options,
  });
}

/** What the agent works in: a copy of the staged tree, as the overlay would show it. */
export function mergedOf(scratch: Scratch, stage: Stage): string {
  const merged = join(scratch.directory('merged'), 'tree');
  execFileSync('cp', ['-a', stage.lower, merged]);
  return merged;
}

export function collectFrom(
  scratch: Scratch,
  stage: Stage,
  workspace: string,
  options: Partial<CollectRequest> = {},
): Promise<Change> {
  return collectChange({
    workspace,
    lower: stage.lower,
    baseline: stage.baseline,
    output: scratch.directory('output'),
    limits: { files: 1000, bytes: 16 * 1024 * 1024 },
    decide: decider(defaultPolicy('generic')),
    sentinel: undefined,
    ...options,
  });
}

function decider(policy: Policy): WriteDecider {
  return (write) => policy.decide({ plane: 'file', ...write }, INITIAL_STATE);
}

/** The file plane of a policy file with this text. */
export async function policyOf(text: string): Promise<WriteDecider> {
  return decider(await compilePolicy({ repository: await parsePolicy(`version: 1\n${text}`, 'sallyport.yaml') }));
}

/** The reasons for which paths were withheld, by path. */
export function rulesOf(change: Change): Record<string, string> {
  return Object.fromEntries(change.withheld.map(({ path, rule }) => [path, rule]));
}

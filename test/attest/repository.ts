import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  bundleFile,
  EVIDENCE_REF,
  type GateSummary,
  policyDigestOf,
  readChangeContent,
  type Seal,
  summaryStatement,
} from '../../src/attest/index.ts';
import { addToRef, openObjectStore } from '../../src/workspace/index.ts';
import { GATE } from './scene.ts';

export const REPOSITORY = 'git+https://forge.example.test/acme/app';
export const TARGET = 'refs/heads/main';

/** A real repository in a folder of its own. */
export class Repository implements Disposable {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'sallyport-repository-'));
    this.git('init', '-q', '-b', 'main', '.');
    this.git('remote', 'add', 'origin', 'https://forge.example.test/acme/app.git');
  }

  git(...args: readonly string[]): string {
    const person = { NAME: 'Dana', EMAIL: 'dana@example.test' };
    const env = Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) =>
        Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value]),
      ),
    );
    const environment = {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      ...env,
    };
    return execFileSync('git', args, { cwd: this.path, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
      .toString()
      .trim();
  }

  write(files: { readonly [path: string]: string }): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, path)), { recursive: true });
      writeFileSync(join(this.path, path), content);
    }
  }

  /** Writes files and commits them; returns the commit. */
  commit(files: { readonly [path: string]: string }, message = 'change'): string {
    this.write(files);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** On a branch from a commit. */
  branch(name: string, from: string): void {
    this.git('checkout', '-q', '-B', name, from);
  }

  /** Stores the gate's signed pass for a change. */
  async attest(
    seal: Seal,
    base: string,
    head: string,
    options: { readonly policy?: string; readonly target?: string } = {},
    verdict: Partial<GateSummary> = {},
  ): Promise<void> {
    const store = openObjectStore(this.path);
    const targetRef = options.target ?? TARGET;
    const { identity } = await readChangeContent(store, { repository: REPOSITORY, targetRef, base, head });
    const policy = { uri: 'sallyport.yaml', sha256: policyDigestOf(options.policy) };
    const bundle = await seal(summaryStatement(identity, { ...GATE, policy, ...verdict }));
    await addToRef(store, EVIDENCE_REF, [bundleFile(identity, 'summary', bundle)], 0);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

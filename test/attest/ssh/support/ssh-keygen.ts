import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with keys, and the real `ssh-keygen` to use them. */
export interface Workshop extends Disposable {
  readonly folder: string;
  /** Makes a key pair; the answer is the public line. */
  makeKey(name: string, ...options: readonly string[]): string;
  sign(name: string, message: Uint8Array, namespace: string, ...options: readonly string[]): string;
  /** What `ssh-keygen -Y verify` says of a signature; `allowed` is the text of `allowed_signers`. */
  verifies(signature: string, message: Uint8Array, namespace: string, allowed: string): boolean;
}

export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-workshop-'));
  const path = (name: string): string => join(folder, name);
  return {
    folder,
    makeKey(name, ...options) {
      execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'somebody', '-f', path(name), ...options]);
      return readFileSync(path(`${name}.pub`), 'utf8');
    },
    sign(name, message, namespace, ...options) {
      const args = ['-q', '-Y', 'sign', '-n', namespace, '-f', path(name), ...options];
      return execFileSync('ssh-keygen', args, { input: message, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
    },
    verifies(signature, message, namespace, allowed) {
      writeFileSync(path('signature'), signature);
      writeFileSync(path('allowed_signers'), allowed);
      const args = [
        '-Y',
        'verify',
        '-n',
        namespace,
        '-I',
        'alice',
        '-f',
        path('allowed_signers'),
        '-s',
        path('signature'),
      ];
      return spawnSync('ssh-keygen', args, { input: message }).status === 0;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

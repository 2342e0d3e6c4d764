import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The programs beside this one: bundles in a built installation, sources in a checkout. */
function entry(name: string): string {
  const bundled = join(import.meta.dirname, `${name}.cjs`);
  return existsSync(bundled) ? bundled : join(import.meta.dirname, `${name}.ts`);
}

export function brokerProgram(): string {
  return entry('broker-process');
}

/** Program and arguments of the airlock, run inside the outer sandbox under the agent's identity. */
export function airlockProgram(): readonly [string, ...string[]] {
  return [process.execPath, '--disable-warning=ExperimentalWarning', entry('airlock-process')];
}

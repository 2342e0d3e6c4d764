import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { VerifiedPlan } from '../../audit/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { FileChange } from '../../findings/index.ts';
import { describeFileError, errorCode, readFileNoFollow, writeFileExclusive } from '../../system/index.ts';
import { escapeTerminal } from '../../text/index.ts';

/**
 * Writes a plan of fixes into the work tree: nothing when a file differs from what was audited; else each file is
 * replaced in one step, after a second look.
 * @throws SallyportError SP2103 when a file changed meanwhile or cannot be written. After a failed write the files
 * before it stay written.
 */
export async function writeFixes(root: string, files: readonly FileChange[]): Promise<void> {
  for (const change of files) await refuseChanged(root, change);
  for (const change of files) await writeFix(root, change);
}

async function refuseChanged(root: string, { path, before }: FileChange): Promise<void> {
  const target = join(root, path);
  const now = await readFileNoFollow(target).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw new SallyportError('SP2103', `${path}: it cannot be read`, { cause });
  });
  if (now?.toString('utf8') === before) return;
  throw new SallyportError('SP2103', `${path}: the file differs from what was audited`, {
    advice: 'Nothing was written. Run the audit again.',
  });
}

async function writeFix(root: string, { path, before, after }: FileChange): Promise<void> {
  const target = join(root, path);
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(target), { recursive: true });
    const mode = before === undefined ? 0o644 : (await lstat(target)).mode & 0o777;
    if (before !== undefined && (await readFileNoFollow(target)).toString('utf8') !== before) {
      throw new Error('the file changed after it was audited');
    }
    await writeFileExclusive(temporary, after, mode);
    await chmod(temporary, mode);
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new SallyportError('SP2103', `${path}: ${describeFileError(cause)}`, { cause });
  }
}

/** A patch must hold every byte as it is, unless its reader is a person's terminal. */
export function patchForReader(patch: string, isTerminal: boolean): string {
  if (!isTerminal) return patch;
  return patch
    .split('\n')
    .map((line) => escapeTerminal(line))
    .join('\n');
}

/** What was done and what was not, for the person. */
export function formatPlan(plan: VerifiedPlan): string {
  const applied = plan.applied.map(
    ({ finding, fix }) => `fixed    ${finding.rule} ${finding.place.file}: ${fix.title}`,
  );
  const dropped = plan.dropped.map(
    ({ finding, fix, why }) => `dropped  ${finding.rule} ${finding.place.file}: ${fix.title} (${why})`,
  );
  const skipped = plan.skipped.map(
    ({ finding, message }) => `left     ${finding.rule} ${finding.place.file}: ${message}`,
  );
  const lines = [...applied, ...dropped, ...skipped].map((line) => escapeTerminal(line));
  return lines.length === 0 ? 'There is nothing that a fix could mend.\n' : `${lines.join('\n')}\n`;
}

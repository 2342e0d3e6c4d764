import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { VerifiedPlan } from '../../audit/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { FileChange } from '../../findings/index.ts';
import { readFileNoFollow, writeFileExclusive } from '../../system/index.ts';
import { escapeTerminal } from '../../text/index.ts';

/**
 * Writes a plan of fixes into the work tree: each file is replaced in one step, and only when it still holds what was
 * audited.
 * @throws SallyportError SP2103 when a file changed meanwhile or cannot be written; files before it stay written.
 */
export async function writeFixes(root: string, plan: VerifiedPlan): Promise<void> {
  for (const change of plan.files) await writeFix(root, change);
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
    throw new SallyportError('SP2103', `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
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

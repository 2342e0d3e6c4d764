import type { Limits } from '../policy.ts';
import { EntryError } from './entry-error.ts';
import { parseSize } from './quantity.ts';
import type { LimitsInput } from './schema.ts';

const MEBIBYTE = 2 ** 20;

/** The `limits` section in the units of `Limits`. @throws EntryError for a size that cannot be read */
export function readLimits(input: LimitsInput): Partial<Limits> {
  const entries: [keyof Limits, number | undefined][] = [
    ['processes', input.processes],
    ['memoryMiB', mebibytes(input.memory, 'memory')],
    ['diskMiB', mebibytes(input.disk, 'disk')],
    ['inodes', input.inodes],
    ['openFiles', input.openFiles],
    ['outputMiB', mebibytes(input.output, 'output')],
    ['seconds', input.minutes === undefined ? undefined : Math.max(1, Math.round(input.minutes * 60))],
    ['patchFiles', input.patchFiles],
    ['patchMiB', mebibytes(input.patch, 'patch')],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Rounded down, because a limit that is larger than written would be looser; at least one. */
function mebibytes(size: string | number | undefined, name: string): number | undefined {
  if (size === undefined) return undefined;
  const bytes = parseSize(size);
  if (bytes === undefined) throw new EntryError(`limits.${name}: '${size}' is not a size`, 'Write `512MiB` or `4GiB`.');
  if (bytes < MEBIBYTE) throw new EntryError(`limits.${name}: less than 1MiB`, 'The smallest size is `1MiB`.');
  return Math.floor(bytes / MEBIBYTE);
}

import type { RandomBytes } from '../system/index.ts';
import { type KnownSecret, lookAlike } from '../text/index.ts';

/** A value that stands where a secret stood. Seen anywhere outside, it names the file that was read (T18). */
export interface Decoy extends KnownSecret {
  /** The hidden file whose place it takes. */
  readonly path: string;
}

/** Values shorter than this are settings (`true`, `8080`, `info`), and too common to search for. */
const MIN_VALUE = 12;
const LINE = /^(\s*(?:export\s+)?)([A-Za-z_][A-Za-z0-9_.-]*)(\s*=\s*)(["']?)([^\r\n]*?)(\4)[ \t]*$/;

/**
 * The file with every longer value replaced by a look-alike. Only `KEY=value` files have a decoy; undefined for anything
 * else.
 */
export function createDecoys(
  path: string,
  content: Buffer,
  random: RandomBytes,
): { readonly content: Buffer; readonly decoys: readonly Decoy[] } | undefined {
  const decoys: Decoy[] = [];
  const lines = content
    .toString('latin1')
    .split('\n')
    .map((line) => {
      if (/^\s*(?:#|$)/.test(line)) return '';
      const parts = LINE.exec(line);
      if (!parts) return undefined;
      const [, lead = '', key = '', equals = '=', quote = '', value = ''] = parts;
      const replaced = value.length < MIN_VALUE ? '' : lookAlike(value, random);
      if (replaced !== '') decoys.push({ name: `decoy ${key} of ${path}`, value: replaced, path });
      return `${lead}${key}${equals}${quote}${replaced}${quote}`;
    });
  // One line of another kind means that we do not know the format, and could leave a secret in it.
  if (decoys.length === 0 || lines.includes(undefined)) return undefined;
  return { content: Buffer.from(lines.join('\n'), 'latin1'), decoys };
}

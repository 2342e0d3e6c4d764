import type { RandomBytes } from '../system/index.ts';

const ALPHABETS = {
  digit: '0123456789',
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
} as const;

/**
 * Prefixes by which clients and scanners recognise a vendor's key; kept, because some clients check the shape before
 * they send anything. Longest first.
 */
const VENDOR_PREFIXES = [
  'sk-ant-api03-',
  'sk-ant-oat01-',
  'sk-ant-',
  'sk-proj-',
  'github_pat_',
  'glpat-',
  'xoxb-',
  'npm_',
  'ghp_',
  'gho_',
  'ghs_',
  'ghu_',
  'AKIA',
  'ASIA',
  'sk-',
] as const;

/** The shape of a key of the Anthropic API, for runs whose real key is not of it (a gateway's own token). */
const ANTHROPIC_SHAPE = `sk-ant-api03-${'a'.repeat(93)}AA`;

/**
 * A value of the same shape as a credential that works nowhere: same length, same character classes, same vendor
 * prefix, random otherwise. It differs from the real value in every position that is not part of the prefix or
 * punctuation with overwhelming probability.
 */
export function placeholderFor(real: string, random: RandomBytes): string {
  const prefix = VENDOR_PREFIXES.find((candidate) => real.startsWith(candidate)) ?? '';
  const body = real.slice(prefix.length);
  const noise = random(body.length * 2);
  let result = prefix;
  for (let index = 0; index < body.length; index++)
    result += replaceCharacter(body.charAt(index), noise.readUInt16LE(index * 2));
  return result;
}

/** The placeholder of the model key. It always has the vendor's shape, also when no real key was given. */
export function modelPlaceholder(real: string | undefined, random: RandomBytes): string {
  return placeholderFor(real?.startsWith('sk-ant-') === true ? real : ANTHROPIC_SHAPE, random);
}

function replaceCharacter(character: string, noise: number): string {
  for (const alphabet of Object.values(ALPHABETS)) {
    if (alphabet.includes(character)) return alphabet.charAt(noise % alphabet.length);
  }
  return character;
}

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Marks by which the parts of a key are set apart; clients look for them too. */
const SEPARATORS = '-_.:/+=~@';

/**
 * Prefixes by which clients and scanners recognise a vendor's key; kept, because some clients check the shape before
 * they send anything. A longer one stands before its own beginning.
 */
const VENDOR_PREFIXES: readonly string[] = [
  ...['sk-ant-api03-', 'sk-ant-oat01-', 'sk-ant-', 'sk-proj-', 'sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk-'],
  ...['pk_live_', 'pk_test_', 'whsec_', 'github_pat_', 'ghp_', 'gho_', 'ghs_', 'ghu_', 'ghr_', 'glpat-', 'gldt-'],
  ...['xoxb-', 'xoxp-', 'xapp-', 'npm_', 'pypi-', 'dckr_pat_', 'hf_', 'AIza', 'AKIA', 'ASIA', 'SG.'],
];

/**
 * A value of the same shape as a secret that works nowhere: same length, same vendor prefix, the same separators in the
 * same places, letters for letters and digits for digits, random otherwise. Any other character becomes a letter: what
 * is not replaced would be the secret itself.
 *
 * @param random gives so many unpredictable bytes
 */
export function lookAlike(secret: string, random: (length: number) => Buffer): string {
  const prefix = VENDOR_PREFIXES.find((candidate) => secret.startsWith(candidate)) ?? '';
  const body = secret.slice(prefix.length);
  const noise = random(body.length * 2);
  const isAllSeparators = [...body].every((character) => SEPARATORS.includes(character));
  let result = prefix;
  for (let index = 0; index < body.length; index++) {
    const character = isAllSeparators ? 'a' : body.charAt(index);
    result += replaceCharacter(character, noise.readUInt16LE(index * 2));
  }
  return result;
}

function replaceCharacter(character: string, noise: number): string {
  if (SEPARATORS.includes(character)) return character;
  const alphabet = [DIGITS, UPPER].find((letters) => letters.includes(character)) ?? LOWER;
  return alphabet.charAt(noise % alphabet.length);
}

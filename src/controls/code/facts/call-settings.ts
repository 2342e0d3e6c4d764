import { argumentsOf, namesOf, partOf, type Term } from '../terms/index.ts';

/** What a setting is called when it is given by its place. */
interface PlacedSetting {
  /** The last one or two names of the callee. */
  readonly callee: RegExp;
  /** Names of the arguments; empty: of no concern. */
  readonly names: readonly string[];
}

/** Functions of well-known libraries whose settings stand at fixed places. */
const PLACED: readonly PlacedSetting[] = [
  { callee: /^(?:crypto\.)?pbkdf2(?:Sync)?$/, names: ['', '', 'iterations', 'keyLength', 'digest'] },
  { callee: /^(?:hashlib\.)?pbkdf2_hmac$/, names: ['hashName', '', '', 'iterations'] },
  { callee: /^pbkdf2\.Key$/, names: ['', '', 'iterations', 'keyLength', 'digest'] },
  { callee: /^argon2\.(?:IDKey|Key)$/, names: ['', '', 'timeCost', 'memoryCost'] },
  { callee: /^scrypt\.Key$/, names: ['', '', 'cost', '', '', 'keyLength'] },
  { callee: /^PBEKeySpec$/, names: ['', '', 'iterations', 'keyLength'] },
  { callee: /^bcrypt\.GenerateFromPassword$/, names: ['', 'cost'] },
  { callee: /^bcrypt(?:js)?\.hash(?:Sync)?$/i, names: ['', 'saltRounds'] },
  { callee: /^(?:bcrypt(?:js)?\.)?gen_?salt(?:Sync)?$/i, names: ['saltRounds'] },
  { callee: /^BCryptPasswordEncoder$/, names: ['cost'] },
  { callee: /^Pbkdf2PasswordEncoder$/, names: ['', 'saltLength', 'iterations', 'keyLength'] },
  { callee: /^(?:crypto\.)?create(?:Hash|Sign|Verify|Hmac)$/, names: ['hash'] },
  { callee: /^(?:crypto\.)?create(?:Cipher|Decipher)iv$/, names: ['cipher'] },
  { callee: /^(?:MessageDigest|Mac|Signature)\.getInstance$/, names: ['hash'] },
  { callee: /^Cipher\.getInstance$/, names: ['cipher'] },
  { callee: /^hashlib\.new$/, names: ['hash'] },
  { callee: /^(?:crypto\.)?randomBytes$/, names: ['entropy'] },
  { callee: /^secrets\.token_(?:hex|bytes|urlsafe)$/, names: ['entropy'] },
];

/** The settings that a call names by their places, as name and value. */
export function placedSettings(call: Term): readonly (readonly [name: string, value: Term])[] {
  const callee = partOf(call, 'callee');
  if (callee === undefined) return [];
  const names = namesOf(callee);
  const [last = '', two] = [names.at(-1), names.slice(-2).join('.')];
  const row = PLACED.find((placed) => placed.callee.test(two) || placed.callee.test(last));
  if (row === undefined) return [];
  const args = argumentsOf(call);
  return row.names.flatMap((name, index) => {
    const value = args[index];
    return name === '' || value === undefined || value.kind === 'pair' ? [] : [[name, value] as const];
  });
}

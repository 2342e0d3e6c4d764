import { type AddedCode, type Call, calledName, literalText } from './added-code.ts';
import { codeOf, namesIn, type Placed, partsBelow } from './spot.ts';
import { UNFORESEEN } from './strong-counterpart.ts';

const PASSWORD = /pass(?:word|wd|phrase|code)?$|pwd$/i;
/** Made to be fast: whoever has the digest tries billions a second (OWASP Password Storage Cheat Sheet). */
const FAST =
  /^(?:md5|sha1|sha224|sha256|sha384|sha512|sha3_\d+|blake2[bs]|Sum|Sum224|Sum256|Sum384|Sum512|createHash|digest|update|new|hash|sha256Hex|sha512Hex|md5Hex)$/;
const NAMED_FAST = /\b(?:md5|sha-?(?:1|224|256|384|512)|sha3|blake2)/i;
const SLOW = /bcrypt|scrypt|argon2?|pbkdf2|PBEKey|iterations|checkpw|hash_password|make_password/i;

/** A password that was digested fast and is again, only by another name. */
export function fastPasswordDigest({ before, after, calls }: AddedCode): Placed | undefined {
  if (SLOW.test(after.file.text) || !NAMED_FAST.test(before.file.text)) return undefined;
  return calls.find((call) => {
    const text = codeOf(call, after.file);
    const takesPassword = [...namesIn(call.arguments.map(({ value }) => value))].some((name) => PASSWORD.test(name));
    return FAST.test(calledName(call) ?? '') && takesPassword && NAMED_FAST.test(text);
  });
}

const RANDOM = /random|\brand\b|mt_rand/i;
/** The time and the number of the process say themselves what they are. */
const FORESEEN = /^(?:uuid1|v1|getpid|currentTimeMillis|nanoTime|UnixNano|UnixMilli|Unix|hrtime|time_ns|getTime)$/;
const CLOCKS = /^(?:Date\.now|time\.time|performance\.now|datetime\.now|time\.Now)\(/;

/** A value by chance that is worked out from the clock instead, in whatever digest. */
export function foreseenValue({ before, after, calls }: AddedCode): Placed | undefined {
  if (calls.some((call) => UNFORESEEN.test(calledName(call) ?? ''))) return undefined;
  const had = partsBelow(before.body).filter((part) => isRandom(part, before));
  const has = partsBelow(after.body).filter((part) => isRandom(part, after));
  if (has.length >= had.length) return undefined;
  return calls.find((call) => FORESEEN.test(calledName(call) ?? '') || CLOCKS.test(codeOf(call, after.file)));
}

function isRandom(part: Placed, { file }: AddedCode['after']): boolean {
  return part.kind === 'call' && RANDOM.test(codeOf(part, file).split('(')[0] ?? '');
}

/** `Access-Control-Allow-Origin: null`: pages in a sandboxed frame, of any site, have that origin (CWE-942). */
export function nullOrigin({ calls }: AddedCode): Call | undefined {
  return calls.find(({ arguments: [name, value] }) => {
    const header = literalText(name?.value) ?? '';
    return /^access-control-allow-origin$/i.test(header) && literalText(value?.value) === 'null';
  });
}

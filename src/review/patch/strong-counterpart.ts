import type { FileChange } from '../../findings/index.ts';
import { addedCode, type Call, calledName, literalText } from './added-code.ts';
import type { ReadCode } from './residue.ts';
import { partsBelow, writtenText } from './spot.ts';

/** Fewer bytes than this can be guessed (OWASP Session Management Cheat Sheet: 64 bits of entropy). */
const FEWEST_BYTES = 8;

/** Sources of numbers that nobody foresees, as Node, the browser, Python, Go and Java have them. */
export const UNFORESEEN =
  /^(?:randomBytes|randomUUID|getRandomValues|randomInt|token_hex|token_urlsafe|token_bytes|randbelow|SystemRandom|urandom|uuid4|SecureRandom|nanoid)$/;
/** Functions of which one gives the value only when the signature is right. */
const VERIFYING = /^(?:verify|jwtVerify|verifyAsync|verifyIdToken|compactVerify)$/;

/** By the rule whose warning is gone: the call that does what the old one only seemed to. */
const COUNTERPARTS: ReadonlyMap<string, (call: Call) => boolean> = new Map([
  ['CODE41', (call) => UNFORESEEN.test(calledName(call) ?? '') && isLongEnough(call)],
  ['CODE54', (call) => VERIFYING.test(calledName(call) ?? '') && call.arguments.length > 1 && !admitsUnsigned(call)],
]);

/** Whether a patch calls, in the place of what the warning was about, that which is made for it. */
export function putsCounterpart(rule: string, files: readonly FileChange[], read: ReadCode): boolean {
  const isCounterpart = COUNTERPARTS.get(rule);
  return isCounterpart !== undefined && addedCode(files, read).some(({ calls }) => calls.some(isCounterpart));
}

function isLongEnough({ arguments: given }: Call): boolean {
  const [size] = given.map(({ value }) => value);
  return size?.kind !== 'literal' || typeof size.value !== 'number' || size.value >= FEWEST_BYTES;
}

/** No key, or an algorithm that signs nothing (RFC 8725, 3.1). */
function admitsUnsigned(call: Call): boolean {
  const [, key] = call.arguments.map(({ value }) => value);
  const noKey = key?.kind === 'literal' && (key.value === null || literalText(key) === '');
  return noKey || partsBelow([call]).some((part) => /^none$/i.test(writtenText(part) ?? ''));
}

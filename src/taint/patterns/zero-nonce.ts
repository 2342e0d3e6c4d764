import type { Expression, FunctionNode } from '../../code/index.ts';
import { callsBelow, functionsBelow, mentions, ownName } from './functions.ts';
import { partsBelow } from './traversal.ts';
import { type FindWeaknesses, maySpell, weakness } from './weakness.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** Where a cipher takes its first value: the name of the call, and the place or the name of the argument. */
const NONCES: readonly { readonly name: RegExp; readonly position: number }[] = [
  { name: /^create(?:Cipher|Decipher)iv$/, position: 2 },
  { name: /^New(?:CTR|OFB|CBCEncrypter|CFBEncrypter)$/, position: 1 },
  { name: /^Seal$/, position: 1 },
  { name: /^IvParameterSpec$/, position: 0 },
  { name: /^GCMParameterSpec$/, position: 1 },
  { name: /^(?:CBC|CTR|GCM|OFB|CFB|CFB8)$/, position: 0 },
];
const NONCE_NAME = /^(?:iv|nonce|initial_value)$/;

/** Calls that read bytes and leave them as they are. */
const READERS = /^(?:concat|append|len|toString|hex|encode\w*|Encode\w*|equals?|Equal|slice|subarray|log|print\w*)$/;

/** CODE44: a cipher begins with an array of zeros that nobody has filled: `Buffer.alloc(16)`, `new byte[16]`. */
export const findZeroNonce: FindWeaknesses = ({ module }) => {
  if (!maySpell(module, /createCipheriv|New(?:CTR|OFB|CBC|CFB)|\bSeal\(|ParameterSpec|modes\.|\b(?:iv|nonce)\s*=/))
    return [];
  const found = new Map<number, ReturnType<typeof weakness>>();
  for (const { body } of functionsBelow(module.body))
    for (const call of callsBelow(body)) {
      const nonce = nonceOf(call);
      if (nonce === undefined || !isZeros(nonce, body)) continue;
      const message = 'The cipher begins with zeros each time';
      const place = call.place;
      found.set(place.span.start, weakness('CODE44', { message, place, subject: `zeros ${ownName(call.callee)}` }));
    }
  return [...found.values()];
};

function nonceOf({ callee, arguments: given }: Call): Expression | undefined {
  const name = ownName(callee);
  const row = NONCES.find((candidate) => candidate.name.test(name));
  if (row) return given[row.position]?.value;
  return name === 'new' ? given.find((argument) => NONCE_NAME.test(argument.name ?? ''))?.value : undefined;
}

function isZeros(nonce: Expression, body: FunctionNode['body']): boolean {
  if (nonce.kind !== 'name') return isZeroArray(nonce);
  const { name } = nonce;
  let made = 0;
  for (const part of partsBelow(body)) {
    if (part.kind === 'statement' && part.statement.kind === 'assign') {
      const { target, value } = part.statement;
      if (target.kind === 'name' && target.name === name) {
        if (!isZeroArray(value)) return false;
        made++;
      } else if (target.kind === 'index' && mentions(target.object, name)) return false;
    }
    if (part.kind === 'expression' && part.expression.kind === 'call' && fills(part.expression, name)) return false;
  }
  return made === 1;
}

/** Whether a call may write into the array: nearly every one may but ciphers and readers. */
function fills({ callee, arguments: given }: Call, name: string): boolean {
  const own = ownName(callee);
  if (READERS.test(own) || own === 'new' || NONCES.some((row) => row.name.test(own))) return false;
  return (
    given.some(({ value }) => mentions(value, name)) || (callee.kind === 'member' && mentions(callee.object, name))
  );
}

function isZeroArray(value: Expression): boolean {
  if (value.kind === 'list') return value.items.length === 0;
  if (value.kind !== 'call') return false;
  const [size, fill, ...others] = value.arguments.map((argument) => argument.value);
  const isNumber =
    size?.kind === 'literal' ? typeof size.value === 'number' : size?.kind === 'name' || size?.kind === 'member';
  if (!isNumber || others.length > 0) return false;
  const name = ownName(value.callee);
  if (name === 'alloc') return fill === undefined || (fill.kind === 'literal' && fill.value === 0);
  return (
    fill === undefined &&
    (name === 'Uint8Array' || (name === 'bytes' && size?.kind === 'literal') || name === 'bytearray')
  );
}

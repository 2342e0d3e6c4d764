import { createHash } from 'node:crypto';
import { allExpressionsOf } from '../code-walk.ts';
import { type AddedCode, literalText } from './added-code.ts';
import { type Placed, partsBelow, writtenText } from './spot.ts';

const SHORTEST = 6;
/** A longer one may have been cut to fit a line. */
const LONGEST = 60;
const MOST_TEXTS = 200;

/**
 * A text that a patch took away and that comes back in another spelling: in pieces, turned round, encoded, or as its plain
 * digest. Whoever knew it opens the same door (CWE-656, CWE-836); what was seen once has to be replaced.
 */
export function hiddenText(code: AddedCode): Placed | undefined {
  const gone = textsTakenAway(code);
  if (gone.length === 0) return undefined;
  const hidden = new Set(gone.flatMap(spellingsOf));
  const texts = new Set(gone);
  const written = partsBelow(code.after.body).filter((part) => code.isNew(part.place));
  const encoded = written.find((part) => hidden.has(writtenText(part) ?? ''));
  if (encoded) return encoded;
  return allExpressionsOf(code.after).find((value) => {
    if (!code.isNew(value.place)) return false;
    const pieces = piecesOf(value);
    return pieces !== undefined && pieces.length > 1 && texts.has(pieces.join(''));
  });
}

/** Texts of one word that the old file has and the new one has not. */
function textsTakenAway({ before, after }: AddedCode): readonly string[] {
  const left = new Set(partsBelow(after.body).map(writtenText));
  const had = partsBelow(before.body).flatMap((part) => writtenText(part) ?? []);
  return [...new Set(had)]
    .filter((text) => text.length >= SHORTEST && text.length <= LONGEST && !/\s/.test(text) && !left.has(text))
    .slice(0, MOST_TEXTS);
}

const DIGESTS = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];

function spellingsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const base64 = bytes.toString('base64');
  const digests = DIGESTS.flatMap((name) => {
    const digest = createHash(name).update(text).digest();
    return [digest.toString('hex'), digest.toString('hex').toUpperCase(), digest.toString('base64')];
  });
  const turned = [...text].reverse().join('');
  return [base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex'), ...digests].concat(
    turned === text ? [] : [turned],
  );
}

/** The texts that are put together here, in order: with `+`, `join('')`, or as numbers of characters. */
function piecesOf(value: ReturnType<typeof allExpressionsOf>[number]): readonly string[] | undefined {
  if (value.kind === 'binary' && value.operator === '+') {
    const sides = [value.left, value.right].map((side) => piecesOf(side) ?? [literalText(side)]);
    return allTexts(sides.flat());
  }
  if (value.kind === 'text') return allTexts(value.parts.map(literalText));
  if (value.kind !== 'call' || value.callee.kind !== 'member') return undefined;
  const { object, name } = value.callee;
  if (name === 'join' && object.kind === 'list') return allTexts(object.items.map(literalText));
  if (name === 'concat')
    return allTexts([literalText(object), ...value.arguments.map((one) => literalText(one.value))]);
  if (name !== 'fromCharCode' && name !== 'fromCodePoint') return undefined;
  return allTexts(
    value.arguments.map(({ value: one }) =>
      one.kind === 'literal' && typeof one.value === 'number' && one.value > 0 && one.value < 0x11_00_00
        ? String.fromCodePoint(Math.floor(one.value))
        : undefined,
    ),
  );
}

function allTexts(pieces: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = pieces.filter((piece) => piece !== undefined);
  return known.length === pieces.length ? known : undefined;
}

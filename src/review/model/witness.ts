import type { Claim, Verification } from './answers.ts';
import type { Slice } from './slices.ts';

/** Why a claim is not borne out by the bytes; undefined when it is. */
export function witnessFault(claim: Claim, slice: Slice): string | undefined {
  if (!isShownAs(claim.line, claim.quote, slice)) return 'the quoted line does not stand there';
  const wrong = claim.steps.find(({ line, quote }) => !isShownAs(line, quote, slice));
  return wrong && `a step quotes a line ${wrong.line} that does not stand there`;
}

/** A guard must stand where the verifier says, and in front of what it guards. */
export function isGuard({ guardLine, guardQuote }: Verification, claim: Pick<Claim, 'line'>, slice: Slice): boolean {
  return guardLine > 0 && guardLine < claim.line && isShownAs(guardLine, guardQuote, slice);
}

/** Blanks at the ends and between words are no part of a quotation; an empty one proves nothing. */
function isShownAs(number: number, quote: string, { lines }: Slice): boolean {
  const line = lines.find((one) => one.number === number);
  const wanted = squeeze(quote);
  return line !== undefined && wanted !== '' && squeeze(line.text).includes(wanted);
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '');
}

import { createLocator } from '../../findings/index.ts';
import type { Place, SourceFile } from '../../syntax/index.ts';
import type { GateReason, GateResult } from '../model.ts';

/**
 * The verdict for people: a line of evidence that begins with its file says the line and the column, too, so that a
 * terminal or an editor can open it.
 *
 * @param source A file of the change's result, as it was read.
 */
export function locateEvidence(result: GateResult, source: (path: string) => SourceFile | undefined): GateResult {
  const locator = createLocator({ source });
  const located = (text: string, place: Place | undefined): string => {
    // A place without extent is the file as a whole.
    if (place === undefined || place.span.end === 0 || !text.startsWith(place.file)) return text;
    const rest = text.slice(place.file.length);
    const region = locator.region(place);
    if (region === undefined || !/^(?:: | in )/.test(rest)) return text;
    return `${place.file}:${region.startLine}:${region.startColumn}${rest}`;
  };
  const locate = (reason: GateReason): GateReason => ({
    ...reason,
    evidence: reason.evidence.map((text, index) => located(text, reason.places[index])),
  });
  return { ...result, reasons: result.reasons.map(locate), lifted: result.lifted.map(locate) };
}

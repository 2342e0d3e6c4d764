import type { PlacedRemark } from '../diff/placement.ts';
import { FORGE_LIMITS } from '../limits.ts';
import { remarkMarker } from '../markup/marker.ts';
import { renderSuggestion } from '../markup/suggestion.ts';
import type { ForgeName } from '../model.ts';

/** The text of a remark as a forge gets it; the mark is its last line. */
export function remarkBody({ remark, startLine, endLine, suggestion }: PlacedRemark, forge: ForgeName): string {
  const block = suggestion === undefined ? undefined : renderSuggestion(suggestion, endLine - startLine + 1, forge);
  const marker = remarkMarker(remark.fingerprint);
  const whole = [remark.markdown, ...(block === undefined ? [] : [block]), marker].join('\n\n');
  if (Buffer.byteLength(whole) <= FORGE_LIMITS[forge].comment) return whole;
  // Cut Markdown could leave a block open; the summary has the finding with a cut text.
  return `The text of this remark is too long for the forge; the report has it.\n\n${marker}`;
}

import { imageNameInFull } from '../../pipelines/index.ts';
import { couldMatch, type Pieces } from '../../policy/index.ts';

/** What is known only when a job runs: `${{ … }}`, `${NAME}`, `$(name)`, `$NAME`. */
const VARIABLE = /\$(?:\{\{[^}]*\}\}|\{[^}]*\}|\([^)]*\)|\w+)/;

/** No runtime takes so long a name (255 characters in Docker), expressions of a pipeline included. */
const LONGEST_NAME = 1024;

/**
 * Whether a demand of the policy is about an image. Names are compared as they are written and in full, so that another
 * spelling of a registry is no way around it; a variable could be anything, and so is a name too long to compare.
 * @param pattern of the policy, with `*`
 * @param written name of the image, without tag and digest
 */
export function isDemanded(pattern: string, written: string): boolean {
  if (written.length > LONGEST_NAME) return true;
  const names = [written, imageNameInFull(written)].map(piecesOf);
  return [pattern, imageNameInFull(pattern)].some((one) => names.some((name) => couldMatch(one, name)));
}

function piecesOf(name: string): Pieces {
  return name.split(VARIABLE).flatMap((piece, at) => (at === 0 ? [piece] : [undefined, piece]));
}

import type { ShellWord } from '../../../syntax/index.ts';
import type { PredictionPlace } from './decision.ts';
import { absolutePath, isInsideOf } from './place.ts';

const REMOVERS = /^(?:\/(?:usr\/)?bin\/)?(?:rm|rmdir)$/;
/** `$DIR/`, `"$DIR"/*`: everything, should the variable be empty. */
const PERHAPS_EMPTY = /^"?\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})"?\/"?\*?$/;

/**
 * The target that makes a removal critical: the root, what lies directly in it, home, the working directory and what is
 * above it, all that is in one of them (reference: agents §2.4.7). Asks even where everything is allowed.
 */
export function criticalTarget([program, ...args]: readonly ShellWord[], place: PredictionPlace): string | undefined {
  if (program?.literal === undefined || !REMOVERS.test(program.literal)) return undefined;
  const operands = args.filter(({ literal }) => !literal?.startsWith('-'));
  return operands.find((word) => isCritical(word, place))?.source;
}

function isCritical({ source, literal }: ShellWord, place: PredictionPlace): boolean {
  if (PERHAPS_EMPTY.test(source) && !/^"?\$HOME/.test(source)) return true;
  const text = literal ?? source.replace(/["']/g, '').replace(/^\$HOME(?=\/|$)/, '~');
  if (literal !== undefined && /^["']/.test(source) && literal.startsWith('~')) return false;
  if (/[$`?[{]/.test(text)) return false;
  const folder = text.replace(/\/?\*$/, '');
  if (/^\/\*?$/.test(text) || (folder === '' && text === '*')) return true;
  if (folder.includes('*')) return false;
  const path = absolutePath(folder === '' ? '.' : folder, place);
  return path.split('/').length <= 2 || path === place.home || isInsideOf(place.directory, path);
}

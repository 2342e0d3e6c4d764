import type { RandomBytes } from '../system/index.ts';
import { lookAlike } from '../text/index.ts';

/** The shape of a key of the Anthropic API, for runs whose real key is not of it (a gateway's own token). */
const ANTHROPIC_SHAPE = `sk-ant-api03-${'a'.repeat(93)}AA`;

/** The placeholder of the model key. It always has the vendor's shape, also when no real key was given. */
export function modelPlaceholder(real: string | undefined, random: RandomBytes): string {
  return lookAlike(real?.startsWith('sk-ant-') === true ? real : ANTHROPIC_SHAPE, random);
}

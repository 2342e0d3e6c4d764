import { createLineIndex } from '../../src/syntax/index.ts';
import type { Laboratory } from './analysed.ts';

/**
 * A program whose lines say what is expected of them: `// BAD` a flow ends here, `// GOOD` none does; `// WEAK` one does,
 * but so that only the profile `all` shows it.
 */
export interface MarkedProgram {
  readonly title: string;
  readonly path: string;
  readonly library: boolean;
  readonly lines: readonly string[];
}

/** The lines at which a flow is missing (`// BAD`) or reported although there is none (`// GOOD`). */
export async function misjudgedLines(
  { path, library, lines }: MarkedProgram,
  laboratory: Laboratory,
): Promise<readonly string[]> {
  const text = lines.join('\n');
  const { findings } = await laboratory.analyse({ [path]: text }, { library });
  const index = createLineIndex(text);
  const reached = new Set(
    findings.filter(({ flow }) => flow).map(({ place }) => index.position(place.span.start).line),
  );
  return lines.filter((line, at) => {
    if (line.includes('// BAD')) return !reached.has(at + 1);
    return line.includes('// GOOD') && reached.has(at + 1);
  });
}

/** The lines on whose flow too much or too little is given: weak where it is not, or shown to everybody where it is. */
export async function misweighedLines(
  { path, library, lines }: MarkedProgram,
  laboratory: Laboratory,
): Promise<readonly string[]> {
  const text = lines.join('\n');
  const { findings } = await laboratory.analyse({ [path]: text }, { library });
  const index = createLineIndex(text);
  const tiers = new Map<number, Set<string>>();
  for (const { flow, place, tier = 'regular' } of findings) {
    const { line } = index.position(place.span.start);
    if (flow) tiers.set(line, (tiers.get(line) ?? new Set()).add(tier));
  }
  return lines.filter((line, at) => {
    const isShown = tiers.get(at + 1)?.has('regular') ?? false;
    if (line.includes('// WEAK')) return isShown || !tiers.has(at + 1);
    return line.includes('// BAD') ? !isShown : line.includes('// GOOD') && tiers.has(at + 1);
  });
}

import { createLineIndex } from '../../src/syntax/index.ts';
import type { Laboratory } from './analysed.ts';

/** A program whose lines say what is expected of them: `// BAD` a flow ends here, `// GOOD` none does. */
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

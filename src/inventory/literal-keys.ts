import type { Facts } from '../facts/index.ts';
import type { Place } from '../syntax/index.ts';
import { findLiteralKeys, type LiteralKey } from '../text/index.ts';

export interface FoundKey {
  readonly kind: string;
  readonly confidence: LiteralKey['confidence'];
  readonly place: Place;
}

/** Keys that stand in pipelines and in the configuration of agents. The audit looks at every other file. */
export function findKeysInFiles(facts: Facts): readonly FoundKey[] {
  const files = new Map([...facts.pipelines, ...facts.configurations].map(({ file }) => [file.path, file]));
  return [...files.values()].flatMap(({ path, text }) =>
    findLiteralKeys(text)
      .filter(({ confidence }) => confidence !== 'low')
      .map(({ name, confidence, start, end }) => ({
        kind: name,
        confidence,
        place: { file: path, span: { start, end } },
      })),
  );
}

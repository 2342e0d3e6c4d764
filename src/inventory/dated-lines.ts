import type { Facts } from '../facts/index.ts';
import { findKeysInFiles } from './literal-keys.ts';
import { createPlaces, lineKey } from './places.ts';

/** A line whose age says how old a credential is. `text` lets whoever asks git see whether it is still the same line. */
export interface DatedLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Every line that names a credential of an agent or holds a key, each once: what to ask the history about. */
export function credentialLines(facts: Facts): readonly DatedLine[] {
  const places = createPlaces(facts, new Map(), '');
  const found = new Map<string, DatedLine>();
  const lines = new Map<string, readonly string[]>();
  const wanted = [
    ...facts.runs.flatMap(({ credentials }) => credentials.map(({ place }) => place)),
    ...findKeysInFiles(facts).map(({ place }) => place),
  ];
  for (const place of wanted) {
    const { file, line } = places.at(place);
    if (line === undefined || found.has(lineKey(file, line))) continue;
    if (!lines.has(file)) lines.set(file, (facts.source(file)?.text ?? '').split('\n'));
    found.set(lineKey(file, line), { path: file, line, text: lines.get(file)?.[line - 1] ?? '' });
  }
  return [...found.values()];
}

import { z } from 'zod';
import type { YamlPath } from '../../syntax/index.ts';
import { documentSchema } from './schema.ts';

/** The keys that the policy's schema knows at a place, of every alternative that can stand there. */
export function knownKeys(path: YamlPath): readonly string[] {
  let places = alternatives(documentSchema);
  for (const step of path) {
    places = places.flatMap((place) => {
      const below = childAt(place, step);
      return below === undefined ? [] : alternatives(below);
    });
  }
  const keys = places.flatMap((place) => (place instanceof z.ZodObject ? Object.keys(place.shape) : []));
  return [...new Set(keys)];
}

function childAt(place: unknown, step: string | number): unknown {
  if (place instanceof z.ZodArray) return typeof step === 'number' ? place.element : undefined;
  return place instanceof z.ZodObject && Object.hasOwn(place.shape, step) ? place.shape[step] : undefined;
}

/** What can stand where a schema stands: itself, or what is behind `optional` and `union`. */
function alternatives(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodOptional) return alternatives(schema.unwrap());
  return schema instanceof z.ZodUnion ? schema.options.flatMap(alternatives) : [schema];
}

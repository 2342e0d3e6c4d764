import type { SourceLocation } from '../errors/index.ts';

/** Plain data: what JSON can hold. */
export type YamlValue = null | boolean | number | string | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** A route into a document: keys and list positions from the root. */
export type YamlPath = readonly (string | number)[];

/** A YAML file as plain data that remembers where everything stood. */
export interface YamlFile {
  readonly value: YamlValue;
  /** Where the key at `path` is written (a list item or the root: the value); the nearest ancestor when absent. */
  locate(path: YamlPath): SourceLocation;
}

/** Caps for a file that a person writes by hand. The alias count stops an exponential expansion (billion laughs). */
export const YAML_LIMITS = { bytes: 256 * 1024, depth: 32, aliases: 50 } as const;

import type { Reading } from '../formula.ts';

/** What is known about the place where a term stands. */
export interface Surroundings {
  readonly scope: string;
  readonly under: readonly string[];
  /** Inside a goroutine or a thread. */
  readonly spawned: boolean;
  /** Names of what holds a setting: the call it is given to, the variable, the outer keys. */
  readonly holder: string;
  /** Path and middleware of the groups of routes around. */
  readonly group: { readonly path: string; readonly chain: readonly string[] };
  readonly rendering: Reading;
}

export const TOP: Surroundings = {
  scope: '',
  under: [],
  spawned: false,
  holder: '',
  group: { path: '', chain: [] },
  rendering: {},
};

import {
  type PermissionMode,
  type PredictedCall,
  type PredictedDecision,
  type PredictionInput,
  predictDecision,
} from '../../../src/agents/index.ts';
import { loadShellGrammar } from '../../../src/syntax/index.ts';
import type { JsonObject } from '../../../src/system/index.ts';

export const DIRECTORY = '/srv/acme/app';
export const NEWER = '2.1.329';
export const OLDER = '2.1.197';

const LINKS: ReadonlyMap<string, string> = new Map([
  [`${DIRECTORY}/away`, '/srv/other'],
  [`${DIRECTORY}/pointer.ts`, `${DIRECTORY}/src/a.ts`],
]);

export const PLACE: PredictionInput['place'] = {
  directory: DIRECTORY,
  home: '/home/runner',
  resolve: (path) => {
    const link = [...LINKS.keys()].find((name) => path === name || path.startsWith(`${name}/`));
    return link === undefined ? path : `${LINKS.get(link)}${path.slice(link.length)}`;
  },
  exists: (path) => path.startsWith('/usr/bin/'),
};

export interface Situation {
  readonly allow?: readonly string[];
  readonly ask?: readonly string[];
  readonly deny?: readonly string[];
  readonly mode?: PermissionMode;
  readonly version?: string;
  /** Further keys of the settings. */
  readonly more?: JsonObject;
}

/** One call under settings of a file in the working directory, named with `--settings`. */
export async function createPredictor(): Promise<(call: PredictedCall, situation?: Situation) => PredictedDecision> {
  const grammar = await loadShellGrammar();
  return (call, { allow = [], ask = [], deny = [], mode, version = NEWER, more = {} } = {}) => {
    const settings = { flag: { ...more, permissions: { allow, ask, deny } } };
    const input = { settings, flagDirectory: DIRECTORY, version, place: PLACE };
    return predictDecision({ ...input, ...(mode === undefined ? {} : { mode }) }, call, grammar);
  };
}

export function bash(command: string): PredictedCall {
  return { tool: 'Bash', input: { command } };
}

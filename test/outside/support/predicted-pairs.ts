import { createHash } from 'node:crypto';
import {
  type PermissionMode,
  type PredictionInput,
  predictDecision,
  type SettingsSource,
} from '../../../src/agents/index.ts';
import { loadShellGrammar, type ShellGrammar } from '../../../src/syntax/index.ts';
import type { JsonObject } from '../../../src/system/index.ts';

/** One row of the recorded pairs, both versions. */
export interface RecordedPair {
  readonly settings: string;
  readonly tool: string;
  readonly input: string;
  readonly decisions: { readonly [version: string]: string };
  readonly mode: string;
  readonly source: string;
  readonly extra: string;
  readonly reasonType: string;
  readonly group: string;
}

export interface Score {
  rows: number;
  right: number;
  /** Predicted to be allowed, and the CLI asked or refused. */
  unsafe: number;
}

type Half = 'tuning' | 'held out';

/** Where the runs were: a tree on the machine that made them. */
const PARENT = '/runs/one';
const PROJECT = `${PARENT}/proj`;
const HOME = `${PARENT}/home`;

const LINKS: ReadonlyMap<string, string> = new Map([
  [`${PROJECT}/keylink`, `${HOME}/.ssh/id_rsa`],
  [`${PROJECT}/outlink`, `${PARENT}/outside`],
  [`${PROJECT}/inlink.ts`, `${PROJECT}/src/app.ts`],
]);

const PLACE = {
  directory: PROJECT,
  home: HOME,
  resolve: (path: string): string => {
    const link = [...LINKS.keys()].find((name) => path === name || path.startsWith(`${name}/`));
    return link === undefined ? path : `${LINKS.get(link)}${path.slice(link.length)}`;
  },
  exists: (path: string): boolean => !path.startsWith('/nonexistent/'),
};

export function readPair(line: string): RecordedPair {
  const [
    settings = 'null',
    tool = '',
    input = '{}',
    newer = '',
    older = '',
    mode = '',
    source = '',
    extra = '{}',
    reasonType = '',
    ,
    group = '',
  ] = line.split('\t');
  return {
    settings,
    tool,
    input,
    decisions: { '2.1.197': older, '2.1.329': newer },
    mode,
    source,
    extra,
    reasonType,
    group,
  };
}

/** Rule sets are kept together; which half one belongs to depends on nothing but its text. */
export function halfOf({ settings, mode, source, extra }: RecordedPair): Half {
  const digest = createHash('sha256').update([settings, mode, source, extra].join('\t')).digest();
  return (digest[0] ?? 0) % 2 === 0 ? 'tuning' : 'held out';
}

/** What the CLI did, in the predictor's words; undefined where it is not known. */
function recorded({ decisions, reasonType }: RecordedPair, version: string): string | undefined {
  const label = decisions[version];
  if (label === undefined || label === '') return undefined;
  // The older version shows a hook's refusal as the reason only, which was labelled a question.
  if (label === 'ask' && reasonType === 'hook' && decisions['2.1.329'] === 'deny') return 'deny';
  return label === 'allow' || label === 'ask' ? label : 'deny';
}

export async function loadPredictor(): Promise<(pair: RecordedPair, version: string) => string> {
  const grammar = await loadShellGrammar();
  return (pair, version) => predict(pair, version, grammar);
}

function predict(pair: RecordedPair, version: string, grammar: ShellGrammar): string {
  return predictDecision(inputOf(pair, version), { tool: pair.tool, input: parse(pair.input) ?? {} }, grammar).verdict;
}

/** A file that its own tree has: its placeholders replaced. */
function parse(text: string): JsonObject | undefined {
  const placed = text.replaceAll('@PROJ@', PROJECT).replaceAll('@HOME@', HOME).replaceAll('@DIR@', PARENT);
  return JSON.parse(placed.replaceAll('$' + '{WORKSPACE}', '/elsewhere')) ?? undefined;
}

function inputOf(pair: RecordedPair, version: string): PredictionInput {
  const extra = parse(pair.extra) ?? {};
  const settings: { [source in SettingsSource]?: JsonObject } = {};
  const put = (source: SettingsSource, value: unknown) => {
    if (typeof value === 'object' && value !== null) settings[source] = value as JsonObject; // parsed JSON, no list
  };
  put('user', extra['userSettings']);
  put('project', extra['projectSettings']);
  put('local', extra['localSettings']);
  put(sourceOf(pair.source), parse(pair.settings));
  const args = Array.isArray(extra['args']) ? extra['args'].map(String) : [];
  const setsMode = /"defaultMode"/.test(pair.settings + pair.extra);
  const flag = args.includes('--dangerously-skip-permissions')
    ? 'bypassPermissions'
    : wordBehind(args, '--permission-mode');
  const mode = flag ?? (setsMode ? undefined : pair.mode);
  return {
    settings,
    flagDirectory: pair.source === 'inline' ? undefined : PROJECT,
    allowed: listOf(args, '--allowedTools'),
    disallowed: listOf(args, '--disallowedTools'),
    directories: listOf(args, '--add-dir'),
    ...(mode === undefined ? {} : { mode: mode as PermissionMode }), // one of the CLI's own names
    trusted: extra['trust'] === true,
    version,
    place: PLACE,
  };
}

function sourceOf(source: string): SettingsSource {
  return source === 'user' || source === 'project' || source === 'local' || source === 'managed' ? source : 'flag';
}

function wordBehind(args: readonly string[], flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : args[at + 1];
}

/** Every word behind the flag up to the next one. */
function listOf(args: readonly string[], flag: string): readonly string[] {
  const at = args.indexOf(flag);
  if (at < 0) return [];
  const end = args.findIndex((arg, index) => index > at && arg.startsWith('--'));
  return args.slice(at + 1, end < 0 ? undefined : end);
}

/** Count right and unsafe answers by half, version and family. */
export function scorePairs(
  pairs: readonly RecordedPair[],
  answer: (pair: RecordedPair, version: string) => string,
  miss: (pair: RecordedPair, version: string, predicted: string, wanted: string) => void,
): ReadonlyMap<string, Score> {
  const scores = new Map<string, Score>();
  for (const pair of pairs) {
    for (const version of Object.keys(pair.decisions)) {
      const wanted = recorded(pair, version);
      if (wanted === undefined) continue;
      const predicted = answer(pair, version);
      const family = /^[A-Z]\d*/.exec(pair.group)?.[0] ?? pair.group;
      for (const name of [`${halfOf(pair)}\t${version}\tall`, `${halfOf(pair)}\t${version}\t${family}`]) {
        const score = scores.get(name) ?? { rows: 0, right: 0, unsafe: 0 };
        scores.set(name, score);
        score.rows++;
        if (predicted === wanted) score.right++;
        if (predicted === 'allow' && wanted !== 'allow') score.unsafe++;
      }
      if (predicted !== wanted) miss(pair, version, predicted, wanted);
    }
  }
  return scores;
}

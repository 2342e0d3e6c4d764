import type { Reported } from './audited.ts';
import { type Half, halfOf } from './halves.ts';
import { counterpartOf, covers, generalCounterpart } from './mapping.ts';
import type { Row } from './row.ts';

/** Lines that a finding may be away from where the peer sees it. */
const TOLERANCE = 2;

const LOUD: ReadonlySet<string> = new Set(['critical', 'high', 'medium']);

export interface Judged {
  readonly row: Row;
  readonly half: Half;
  /** `left-out`: the mapping gives no rule of ours. */
  readonly verdict: 'hit' | 'miss' | 'silent' | 'noise' | 'left-out';
  /** What decided it: our rule, or the reason of the mapping. */
  readonly by: string;
  /** Of a row that we dispute: how it would stand if the suite were right. */
  readonly disputed?: Judged['verdict'];
}

/** A silent row is noisy from medium severity on; a row that expects something is met at any severity. */
export function judge(suite: string, row: Row, reported: readonly Reported[]): Judged {
  const half = halfOf(row.fixture);
  const rules = counterpartOf(suite, row.rule, row);
  if (typeof rules !== 'string') return { row, half, ...verdictBy(rules, row, reported) };
  const general = generalCounterpart(suite, row.rule);
  const disputed = rules.startsWith('disagree') && typeof general !== 'string';
  return {
    row,
    half,
    verdict: 'left-out',
    by: rules,
    ...(disputed ? { disputed: verdictBy(general, row, reported).verdict } : {}),
  };
}

function verdictBy(rules: readonly string[], row: Row, reported: readonly Reported[]): Pick<Judged, 'verdict' | 'by'> {
  const ours = reported.filter(
    (one) =>
      rules.some((name) => covers(name, one.rule)) &&
      isAt(row, one) &&
      (row.expected === 'finding' || LOUD.has(one.severity)),
  );
  const by = [...new Set(ours.map(({ rule }) => rule))].join(' ') || rules.join(' ');
  if (row.expected === 'finding') return { verdict: ours.length > 0 ? 'hit' : 'miss', by };
  return { verdict: ours.length > 0 ? 'noise' : 'silent', by };
}

function isAt({ file, line, until, expected }: Row, found: Reported): boolean {
  if (file !== undefined && file !== found.file) return false;
  if (line === undefined) return true;
  const far = expected === 'finding' ? TOLERANCE : 0;
  return found.first - far <= (until ?? line) && line <= found.last + far;
}

/** `hits/rows (percent)` */
export function share(part: number, whole: number): string {
  return `${part}/${whole}${whole === 0 ? '' : ` (${Math.round((100 * part) / whole)} %)`}`;
}

/** Of one half; `disputed`: with the rows that we dispute judged as the suite has them. */
export function countVerdicts(judged: readonly Judged[], half: Half, disputed = false) {
  const count = (verdict: Judged['verdict']) =>
    judged.filter((one) => one.half === half && (disputed ? (one.disputed ?? one.verdict) : one.verdict) === verdict)
      .length;
  const hits = count('hit');
  const noise = count('noise');
  return { recall: share(hits, hits + count('miss')), noise: share(noise, noise + count('silent')) };
}

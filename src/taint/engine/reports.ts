import type { FindingDraft, FlowStep } from '../../findings/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { PatternRow, SinkRow } from '../catalogue.ts';
import { matchesGlob } from './convention.ts';
import type { Label, Trace } from './label.ts';
import { isWeakEvidence } from './weak-evidence.ts';

/** What was found, each place once a category. */
export class Reports {
  readonly #flows = new Map<string, FindingDraft>();
  readonly #patterns = new Map<string, FindingDraft>();

  /** Outsiders' data reached a sink. */
  addFlow(row: SinkRow, label: Label, place: Place, sink: string, path: string): void {
    const key = `${row.category} ${place.file} ${place.span.start} ${place.span.end}`;
    const known = this.#flows.get(key);
    const flow = flowOf(label, place, sink);
    const isWeak = isWeakEvidence(row, label, sink);
    if (known?.flow && !isStronger({ isWeak, steps: flow.length }, known)) return;
    this.#flows.set(key, {
      rule: row.rule ?? `taint/${row.category}`,
      message: `${row.message}: ${label.origin.what} reaches ${sink}`,
      severity: row.severity,
      confidence: isWeak ? 'low' : row.confidence,
      ...(isWeak ? { tier: 'pedantic' } : {}),
      place,
      flow,
      subject: `${path || 'module'} ${sink} ${label.origin.name}`,
    });
  }

  /** Something is wrong by itself. */
  addPattern(row: PatternRow, place: Place, name: string, path: string): void {
    if (row.files !== undefined && !row.files.some((glob) => matchesGlob(glob, place.file))) return;
    const key = `${row.id} ${place.file} ${place.span.start}`;
    if (this.#patterns.has(key)) return;
    this.#patterns.set(key, {
      rule: row.rule ?? `weakness/${row.id}`,
      message: row.message,
      ...(row.advice === undefined ? {} : { detail: row.advice }),
      severity: row.severity,
      confidence: row.confidence,
      ...tierOf(row, place),
      place,
      subject: `${path || 'module'} ${name}`,
    });
  }

  all(): readonly FindingDraft[] {
    return [...this.#flows.values(), ...this.#patterns.values()].sort(
      (a, b) =>
        compare(a.place.file, b.place.file) || a.place.span.start - b.place.span.start || compare(a.rule, b.rule),
    );
  }
}

/** Named as runners of tests look for their files (pytest, go test, Jest, Surefire). */
const TEST_FILE =
  /(?:^|\/)(?:test_[^/]*\.py|conftest\.py|[^/]*_test\.(?:py|go)|[^/]*[._-](?:test|spec)\.[cm]?[jt]sx?|[^/]*Tests?\.java)$/;

/** A test signs with a key of its own, or not at all, to see what happens: that harms nobody. */
function tierOf({ tier }: PatternRow, { file }: Place): Pick<FindingDraft, 'tier'> {
  if (TEST_FILE.test(file)) return { tier: 'pedantic' };
  return tier === undefined ? {} : { tier };
}

/** Of two flows to one place the one of better evidence is kept, then the shorter. */
function isStronger(found: { readonly isWeak: boolean; readonly steps: number }, known: FindingDraft): boolean {
  const wasWeak = known.tier === 'pedantic';
  return found.isWeak === wasWeak ? found.steps < (known.flow?.length ?? 0) : wasWeak;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function flowOf(label: Label, place: Place, sink: string): readonly FlowStep[] {
  const steps: FlowStep[] = [];
  for (let trace: Trace | undefined = label.trace; trace; trace = trace.previous)
    steps.push({ place: trace.place, message: trace.message, role: 'propagation' });
  return [
    { place: label.origin.place, message: `${label.origin.what} enters`, role: 'source' },
    ...steps.reverse(),
    { place, message: `it reaches ${sink}`, role: 'sink' },
  ];
}

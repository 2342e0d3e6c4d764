import { CONTROL_CLASSES, type ControlChange, describeRule, reportControls } from '../../controls/index.ts';
import { createLocator, type Locator, renderJson, renderReport } from '../../findings/index.ts';
import type { Place, SourceFile, SourceTree } from '../../syntax/index.ts';
import { type Comparison, exitOf } from './comparison.ts';

/** For programs; `docs/diff.md` describes it. */
export function formatDiffJson({ diff, base, head, version }: Comparison): string {
  const locators = { before: locatorOf(base), after: locatorOf(head) };
  return renderJson({
    format: 'sallyport-diff/1',
    version,
    base: base.revision,
    head: head.revision,
    exitCode: exitOf(diff),
    score: diff.score,
    filesCompared: diff.compared,
    changes: diff.changes.map((change) => toJson(change, locators)),
    gaps: diff.gaps.map(({ kind, message, place }) => ({ kind, message, file: place.file })),
  });
}

function toJson(
  { before, after, ...change }: ControlChange,
  locators: { readonly before: Locator; readonly after: Locator },
) {
  return { ...change, before: placeOf(before, locators.before), after: placeOf(after, locators.after) };
}

function placeOf(place: Place | undefined, locator: Locator) {
  return place === undefined ? null : { file: place.file, ...locator.region(place) };
}

function locatorOf(tree: SourceTree): Locator {
  return createLocator({ source: (path) => textOf(tree.read(path)) });
}

/** What weakens, changes or adds, as SARIF; rules carry their help texts. */
export function formatDiffSarif({ diff, base, head, version }: Comparison): string {
  const findings = reportControls(diff);
  const used = new Set(findings.map(({ rule }) => rule));
  return renderReport(
    {
      command: 'diff',
      version,
      findings,
      rules: CONTROL_CLASSES.filter(({ id }) => used.has(id)).map(describeRule),
      gaps: diff.gaps,
      filesRead: diff.compared,
      source: (path) => textOf(head.read(path)) ?? textOf(base.read(path)),
    },
    'sarif',
  );
}

function textOf(side: ReturnType<SourceTree['read']>): SourceFile | undefined {
  return side && 'text' in side ? side : undefined;
}

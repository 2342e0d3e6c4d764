import { entryOf, type MapNode, type ScalarNode, type Span } from '../../syntax/index.ts';

/**
 * A step whose `run:` holds `: ` without quotes. YAML refuses it, and GitHub with it, but the reader goes on with a map
 * in its place, into which the keys below `run:` fall too. Read as meant, the agent in it is audited all the same: the
 * gap stays, and the author mends the line sooner or later.
 */
export function joinSplitCommand(step: MapNode, source: string): MapNode {
  const run = entryOf(step, 'run');
  if (run?.value.kind !== 'map' || source[run.value.span.start] === '{') return step;
  const line = lineFrom(source, run.value.span.start);
  const behind = run.value.entries.filter(({ key }) => key.span.start >= line.end);
  const joined = { ...run, value: plainScalar(source, line), span: { start: run.span.start, end: line.end } };
  const entries = step.entries.flatMap((entry) => (entry === run ? [joined, ...behind] : [entry]));
  return { ...step, entries };
}

function lineFrom(source: string, start: number): Span {
  const feed = source.indexOf('\n', start);
  const end = feed < 0 ? source.length : feed;
  return { start, end: source[end - 1] === '\r' ? end - 1 : end };
}

function plainScalar(source: string, span: Span): ScalarNode {
  const text = source.slice(span.start, span.end);
  const offsetOf = (index: number): number => span.start + Math.min(Math.max(index, 0), text.length);
  return { kind: 'scalar', span, value: text, text, style: 'plain', tag: undefined, offsetOf };
}

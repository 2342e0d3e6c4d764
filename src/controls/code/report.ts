import type { Confidence, Severity } from '../../findings/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { StandInPlace } from '../facts/stand-in-place.ts';
import type { ControlChange, ControlGroup, Direction } from '../model.ts';
import type { Fact } from './facts/index.ts';
import type { Sides } from './match.ts';
import { clip } from './terms/index.ts';

/** What a judge says of one difference. */
export interface Judgement {
  readonly control: string;
  readonly group: ControlGroup;
  readonly direction: Direction;
  readonly severity: Severity;
  readonly confidence?: Confidence;
  readonly message: string;
  readonly subject: string;
  readonly before?: Fact | undefined;
  readonly after?: Fact | undefined;
  readonly meta?: boolean;
  /** How much the control is about security: what is gone is made good by what came and weighs as much. */
  readonly weight?: number;
}

/** The file on both sides, and where in the new one something would stand that stood in the old one. */
export interface Paths {
  readonly before: string;
  readonly after: string | undefined;
  readonly standIn: StandInPlace;
}

/** Make a row of a judgement. What is gone points to the place where it would stand. */
export function completeChange(judgement: Judgement, sides: Sides, paths: Paths): ControlChange {
  const { before, after, control, group, direction, severity } = judgement;
  const scope = after?.scope ?? (before === undefined ? '' : (sides.successorOf(before.scope)?.name ?? before.scope));
  return {
    control,
    group,
    direction,
    severity,
    confidence: judgement.confidence ?? (direction === 'changed' ? 'low' : 'medium'),
    message: judgement.message,
    scope,
    before: before === undefined ? undefined : placeOf(before, paths.before),
    after: placeNow(sides, judgement, paths),
    subject: clip(judgement.subject, 200),
    meta: judgement.meta ?? false,
  };
}

/** Where it stands now, or would stand; nowhere when the file is gone. */
function placeNow(sides: Sides, { before, after }: Judgement, paths: Paths): Place | undefined {
  if (paths.after === undefined) return undefined;
  return after === undefined ? placeIn(sides, before, paths.after, paths) : placeOf(after, paths.after);
}

function placeOf({ term }: Fact, file: string): Place {
  return { file, span: { start: term.start, end: term.end } };
}

/** Inside the function that goes on: a line of another one would mislead. */
function placeIn(sides: Sides, before: Fact | undefined, file: string, paths: Paths): Place {
  const scope = before === undefined ? undefined : sides.successorOf(before.scope);
  const start = scope?.start ?? 0;
  const found = before && scope && paths.standIn(placeOf(before, paths.before));
  if (found && scope && found.span.start >= start && found.span.start <= scope.end) return found;
  return { file, span: { start, end: scope === undefined ? 0 : Math.min(scope.end, start + 1) } };
}

/** `in function x`, `in route POST /x`, or nothing at the top of a file. */
export function inScope(scope: string): string {
  if (scope === '') return '';
  return / \//.test(scope) || /^[A-Z|]+ /.test(scope) ? ` in route ${clip(scope, 60)}` : ` in ${clip(scope, 60)}`;
}

import type { Grammars } from '../../code/index.ts';
import type { SourceFile } from '../../syntax/index.ts';
import { createStandIns } from '../facts/stand-in-place.ts';
import type { ControlChange } from '../model.ts';
import { balanceJudgements } from './balance.ts';
import { FactCollector, type FactSheet } from './facts/index.ts';
import { judgeAll } from './judges/index.ts';
import { findRenames, Sides } from './match.ts';
import type { CodeComparison, CodePair, ControlLanguage } from './model.ts';
import { readTrail } from './moves/index.ts';
import { completeChange, type Paths } from './report.ts';
import { languageOf, type Piece, readPieces, type SourcePieces } from './terms/index.ts';
import { measureNew, measureTurnover, type Turnover } from './turnover.ts';

/** Whether the path is of a language whose controls are compared. */
export function isComparedCode(path: string): boolean {
  return languageOf(path) !== undefined;
}

const NOTHING: CodeComparison = { changes: [], gaps: [], turnover: undefined, trail: undefined };

/** What a change of one file does to the security controls in it. `grammars` must hold every grammar of the room `code`. */
export function compareCode(pair: CodePair, grammars: Grammars): CodeComparison {
  const { before, after } = pair;
  if (!isComparedCode(pair.path) || before?.text === after?.text) return NOTHING;
  const old = readSide(before, grammars);
  const now = readSide(after, grammars);
  const gaps = [...(old?.gaps ?? []), ...(now?.gaps ?? [])];
  const pieces = [old?.pieces ?? [], now?.pieces ?? []] as const;
  const [oldPieces, newPieces] = isReordered(...pieces) ? pieces : dropUnchanged(...pieces);
  const standIn = createStandIns(before, after).inNew;
  const paths = { before: before?.path ?? pair.previousPath ?? pair.path, after: after?.path, standIn };
  const language = languageOf(pair.path) ?? 'javascript';
  const oldOwners = ownersOf(old?.pieces);
  const newOwners = ownersOf(now?.pieces);
  const sheet = collect(newPieces, newOwners, language);
  const plain = collect(oldPieces, oldOwners, language);
  const renames = findRenames(plain, sheet);
  const sides = new Sides(
    pair.path,
    renames.size === 0 ? plain : collect(oldPieces, oldOwners, language, renames),
    sheet,
    new Set(),
  );
  const judgements = balanceJudgements(judgeAll(sides, after === undefined), sides);
  const changes = judgements.map((judgement) => completeChange(judgement, sides, paths));
  const trail = readTrail(sides, paths, newPieces);
  return { changes: [...changes].sort(byPlace), gaps, turnover: turnoverOf(sides, pair, paths), trail };
}

/** A file that is gone has classes of its own. */
function turnoverOf(sides: Sides, { before, after }: CodePair, paths: Paths): Turnover | undefined {
  if (after === undefined) return undefined;
  return before === undefined ? measureNew(sides.after) : measureTurnover(sides, paths);
}

function readSide(file: SourceFile | undefined, grammars: Grammars): SourcePieces | undefined {
  return file === undefined ? undefined : readPieces(file, grammars);
}

function ownersOf(pieces: readonly Piece[] = []): ReadonlySet<string> {
  return new Set(pieces.map(({ owner }) => owner));
}

const REGISTERS = /^[\w.]{1,80}\.(?:use|get|post|put|patch|delete|all|route)\(/;

/** Whether registrations at the top of the file stand in another order: then the order is compared. */
function isReordered(old: readonly Piece[], now: readonly Piece[]): boolean {
  const registrations = (pieces: readonly Piece[]): readonly string[] =>
    pieces.map(({ text }) => text).filter((text) => REGISTERS.test(text));
  const [before, after] = [registrations(old), registrations(now)];
  const both = new Set(before.filter((text) => after.includes(text)));
  return before.filter((text) => both.has(text)).join('\n') !== after.filter((text) => both.has(text)).join('\n');
}

/** Pieces that stand on both sides, word for word, cancel each other. */
function dropUnchanged(old: readonly Piece[], now: readonly Piece[]): readonly [readonly Piece[], readonly Piece[]] {
  const counts = new Map<string, number>();
  const keyOf = ({ owner, text }: Piece): string => `${owner}\n${text}`;
  for (const piece of now) counts.set(keyOf(piece), (counts.get(keyOf(piece)) ?? 0) + 1);
  const gone = old.filter((piece) => !take(counts, keyOf(piece)));
  const left = new Map(counts);
  return [gone, now.filter((piece) => take(left, keyOf(piece)))];
}

function take(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  if (count > 0) counts.set(key, count - 1);
  return count > 0;
}

function collect(
  pieces: readonly Piece[],
  owners: ReadonlySet<string>,
  language: ControlLanguage,
  renames?: ReadonlyMap<string, ReadonlyMap<string, string>>,
): FactSheet {
  const collector = new FactCollector(language, renames);
  collector.openOwners(owners);
  for (const { owner, lower } of pieces) {
    const term = lower();
    if (term) collector.read(term, owner);
  }
  return collector.sheet;
}

function byPlace(one: ControlChange, other: ControlChange): number {
  const start = ({ before, after }: ControlChange): number => after?.span.start ?? before?.span.start ?? 0;
  return start(one) - start(other);
}

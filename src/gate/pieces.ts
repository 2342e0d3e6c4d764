import type { Place, SourceFile } from '../syntax/index.ts';
import type { CommitFile, TreeChange } from '../workspace/index.ts';
import type { GateEvidence } from './model.ts';
import { linesOf } from './text-lines.ts';

/** A stretch of text that the change brings: added lines of a file, of one commit, or a text that goes with it. */
export interface Piece {
  /** For people: the path, or `message of commit 0123456789ab`. */
  readonly where: string;
  /** Path of the file; undefined for a message or a name. */
  readonly path: string | undefined;
  readonly text: string;
  /** The place of an offset in `text`; undefined where the merged tree does not have it. */
  placeOf(start: number, end: number): Place | undefined;
}

/** Everything that the change says, once: what a commit adds and the merged tree still has is told from the tree. */
export function piecesOf(evidence: GateEvidence): readonly Piece[] {
  const net = evidence.files.flatMap(({ path, new: now, hunks }) =>
    now && 'text' in now ? netPieces(path, now, hunks) : [],
  );
  const told = new Set(net.flatMap(({ path, text }) => text.split('\n').map((line) => keyOf(path, line))));
  const history = evidence.commits.flatMap(({ id, files }) => files.flatMap((file) => historyPieces(id, file, told)));
  return [...net, ...history, ...evidence.texts.map(({ name, text }) => textPiece(name, text)), ...namesIn(evidence)];
}

/** New names, those that only the history has too, and where links point. */
function namesIn({ files, commits }: GateEvidence): readonly Piece[] {
  const isNew = ({ kind }: { readonly kind: string }): boolean => kind === 'added' || kind === 'renamed';
  const names = new Map(files.filter(isNew).map(({ path }) => [path, `name of ${path}`]));
  for (const { id, files: touched } of commits)
    for (const { path } of touched.filter(isNew))
      if (!names.has(path)) names.set(path, `name of ${path} in commit ${id.slice(0, 12)}`);
  const targets = files.flatMap(({ path, after }) =>
    after?.kind === 'link' ? [textPiece(`target of the link ${path}`, after.target)] : [],
  );
  return [...[...names].map(([path, where]) => textPiece(where, path)), ...targets];
}

function netPieces(path: string, { text }: SourceFile, hunks: TreeChange['hunks']): readonly Piece[] {
  const { lines, startOf } = linesOf(text);
  return hunks
    .filter(({ added }) => added > 0)
    .map(({ to, added }): Piece => {
      const before = startOf(to);
      return {
        where: path,
        path,
        text: lines.slice(to, to + added).join('\n'),
        placeOf: (start, end) => ({ file: path, span: { start: before + start, end: before + end } }),
      };
    });
}

/** Neighbouring lines make one piece, so that what is broken over lines is found. */
function historyPieces(commit: string, { path, added }: CommitFile, told: ReadonlySet<string>): readonly Piece[] {
  const fresh = added.filter(({ text }) => !told.has(keyOf(path, text)));
  const blocks: { last: number; lines: string[] }[] = [];
  for (const { line, text } of fresh) {
    const block = blocks.at(-1);
    if (block !== undefined && block.last + 1 === line) {
      block.last = line;
      block.lines.push(text);
    } else blocks.push({ last: line, lines: [text] });
  }
  const where = `${path} in commit ${commit.slice(0, 12)}`;
  return blocks.map(({ lines }) => ({ where, path, text: lines.join('\n'), placeOf: () => undefined }));
}

function textPiece(where: string, text: string): Piece {
  return { where, path: undefined, text, placeOf: () => undefined };
}

function keyOf(path: string | undefined, line: string): string {
  return `${path}\0${line}`;
}

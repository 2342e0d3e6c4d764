import { type BytePath, toText } from './byte-path.ts';

/** A file that the change writes. */
export interface WrittenFile {
  readonly path: BytePath;
  readonly after: { readonly id: string; readonly bytes: Buffer } | undefined;
}

/** Share of a file's different lines that must be found in one other file for it to have moved there; git asks for as much. */
const SHARE = 0.5;
/** A line that stands in more files than this tells nothing about where one of them went. */
const MOST_COMMON = 64;
/** Files above this size move only whole. */
const MAX_BYTES = 1024 * 1024;

/** Where deleted files of a change went, told by their content: by git's object id, else by most of their lines. */
export class MovedFiles {
  readonly #byId = new Map<string, BytePath>();
  readonly #byLine = new Map<string, BytePath[]>();

  constructor(written: readonly WrittenFile[]) {
    for (const { path, after } of written) {
      if (after === undefined) continue;
      this.#byId.set(after.id, path);
      for (const line of linesOf(after.bytes)) this.#note(line, path);
    }
  }

  #note(line: string, path: BytePath): void {
    const paths = this.#byLine.get(line);
    if (paths === undefined) this.#byLine.set(line, [path]);
    else if (paths.length <= MOST_COMMON) paths.push(path);
  }

  /**
   * The path under which a deleted file lives on; undefined when it is gone.
   *
   * @param id git's object id of what it held
   * @param bytes what it held, when it can be read
   */
  destinationOf(id: string, bytes: Buffer | undefined): string | undefined {
    const whole = this.#byId.get(id);
    if (whole !== undefined) return toText(whole);
    const lines = bytes === undefined ? new Set<string>() : linesOf(bytes);
    const shared = new Map<BytePath, number>();
    for (const line of lines) {
      const paths = this.#byLine.get(line) ?? [];
      if (paths.length <= MOST_COMMON) for (const path of paths) shared.set(path, (shared.get(path) ?? 0) + 1);
    }
    for (const [path, count] of shared) if (count >= lines.size * SHARE) return toText(path);
    return undefined;
  }
}

/** The different lines of a text that say something. */
function linesOf(bytes: Buffer): ReadonlySet<string> {
  if (bytes.length > MAX_BYTES) return new Set();
  const lines = bytes.toString('latin1').split('\n');
  return new Set(lines.map((line) => line.trim()).filter((line) => /[A-Za-z0-9]/.test(line)));
}

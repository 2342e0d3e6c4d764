/** A half-open range of UTF-16 code units in a file's text, a byte order mark included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One file as text. The path is relative to the root of the tree, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Where something stands. Line and column are worked out once, when a report is written. */
export interface Place {
  readonly file: string;
  readonly span: Span;
}

/** Why a part of the input was not read. A gap is reported, never silence. */
export interface Gap {
  readonly kind: 'syntax' | 'cap' | 'unreadable' | 'link' | 'unresolved' | 'encoding';
  readonly message: string;
  readonly place: Place;
}

/** What stands at a path of a tree. */
export type TreeEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly size: number;
      readonly executable: boolean;
      /** Git's name of the content, where a commit gives it. */
      readonly id?: string;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string; readonly leaves: boolean }
  | { readonly kind: 'submodule'; readonly path: string; readonly id?: string };

/**
 * The files of a repository at one moment: a directory, or a commit. Hostile: sizes, counts and links are capped by
 * whoever implements it, and no link is followed out of the root.
 */
export interface SourceTree {
  /** `worktree`, or the commit's full id. */
  readonly revision: string;
  /** Sorted by path. */
  readonly entries: readonly TreeEntry[];
  /** What was cut while listing. */
  readonly gaps: readonly Gap[];
  /** The text of a file; `undefined` when there is none at this path; a gap when it is there and cannot be read as text. */
  read(path: string): SourceFile | Gap | undefined;
}

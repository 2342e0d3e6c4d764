/** How the files of one kind can be reviewed without a model. */
export type FileKind =
  /** The engine has a front end. */
  | 'analysed-code'
  /** Code that only a model can read here. */
  | 'other-code'
  /** Prose, data and configuration: scanned as text. */
  | 'text';

const ANALYSED: ReadonlySet<string> = new Set(['js', 'jsx', 'mjs', 'cjs', 'ts', 'tsx', 'mts', 'cts', 'py', 'pyi']);

/** Languages without a front end: silence about them would look like a pass. */
const OTHER_CODE: ReadonlySet<string> = new Set(
  `go java kt kts scala groovy rb php c h cc cpp cxx hpp cs fs vb swift m mm rs zig dart ex exs erl hs clj lua pl pm r jl
   sh bash zsh fish ps1 psm1 sql vue svelte astro html htm ejs erb jsp cshtml hbs pug sol move asm s`.split(/\s+/),
);

/** What a path is, by its extension. There is no mark in a file that takes it out of the review. */
export function fileKind(path: string): FileKind {
  const name = path.split('/').at(-1)?.toLowerCase() ?? '';
  const extension = name.includes('.') ? (name.split('.').at(-1) ?? '') : '';
  if (ANALYSED.has(extension)) return 'analysed-code';
  return OTHER_CODE.has(extension) ? 'other-code' : 'text';
}

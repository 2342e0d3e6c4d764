import { isRecipePath } from '../taint/index.ts';

/** How the files of one kind can be reviewed without a model. */
export type FileKind =
  /** The engine has a front end. */
  | 'analysed-code'
  /** Dockerfiles, Makefiles and shell scripts: the engine has rules for their commands. */
  | 'recipe'
  /** Code that only a model can read here. */
  | 'other-code'
  /** What a package manager wrote: scanned as text, never sent to a model. */
  | 'lock'
  /** Pictures, fonts, sound and films: named, not read. */
  | 'media'
  /** Prose, data and configuration: scanned as text. */
  | 'text';

const ANALYSED = words('js jsx es6 mjs cjs ts tsx mts cts vue svelte py pyi go java');

/** Languages without a front end: silence about them would look like a pass. */
const OTHER_CODE = words(
  `kt kts scala groovy rb php c h cc cpp cxx hpp cs fs vb swift m mm rs zig dart ex exs erl hs clj lua pl pm r jl
   fish ps1 psm1 bat cmd sql astro html htm ejs erb jsp cshtml hbs pug sol move asm s
   ipynb gradle cmake nix tf hcl`,
);
/** Code by the whole name of the file. */
const CODE_NAMES = words('rakefile gemfile jenkinsfile vagrantfile justfile');
const LOCKS = words(
  `package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock poetry.lock pipfile.lock pdm.lock uv.lock
   cargo.lock go.sum gemfile.lock composer.lock packages.lock.json flake.lock`,
);
const MEDIA = words(
  `png jpg jpeg gif webp avif ico bmp tif tiff woff woff2 ttf otf eot mp3 mp4 m4a webm ogg ogv wav flac mov avi`,
);

/** What a path is, by its name. There is no mark in a file that takes it out of the review. */
export function fileKind(path: string): FileKind {
  const name = path.split('/').at(-1)?.toLowerCase() ?? '';
  const extension = name.includes('.') ? (name.split('.').at(-1) ?? '') : '';
  if (LOCKS.has(name)) return 'lock';
  if (ANALYSED.has(extension)) return 'analysed-code';
  if (isRecipePath(path)) return 'recipe';
  if (OTHER_CODE.has(extension) || CODE_NAMES.has(name)) return 'other-code';
  return MEDIA.has(extension) ? 'media' : 'text';
}

/** Whether the engine reads it. */
export function isForEngine(path: string): boolean {
  const kind = fileKind(path);
  return kind === 'analysed-code' || kind === 'recipe';
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

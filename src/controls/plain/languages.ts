import type { SourceFile } from '../../syntax/index.ts';

/** Languages that have no grammar here, by how they write remarks. */
interface PlainLanguage {
  readonly files: RegExp;
  /** From here to the end of a line nothing is code. */
  readonly remark: RegExp;
}

const SLASHES = /(?:^|\s)\/\/.*$|^\s*\*.*$/;
const HASH = /(?:^|\s)#.*$/;

const LANGUAGES: readonly PlainLanguage[] = [
  {
    files:
      /\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx|ino|cu|m|mm|rs|kts?|scala|sc|swift|dart|groovy|gradle|cs|fs|fsx|sol|zig|v|d|nut|hx|cls|trigger|apex|proto|thrift|prisma|vue|svelte|astro|gml|bicep|move|cairo|odin)$/i,
    remark: SLASHES,
  },
  { files: /\.(?:php\d?|phtml|inc)$/i, remark: /(?:^|\s)(?:\/\/|#(?!\[)).*$|^\s*\*.*$/ },
  {
    files:
      /\.(?:rb|rake|ru|gemspec|pl|pm|cgi|t|exs?|nim|jl|r|cr|coffee|tcl|sh|bash|zsh|ksh|bats|ps1|psm1|awk|fish|gd|raku|graphqls?|gql)$/i,
    remark: HASH,
  },
  { files: /\.(?:sql|ddl|psql|pgsql|plsql|pks|pkb|prc|fnc|lua|hs|elm|purs|ad[abs]|vhdl?|idr|agda)$/i, remark: /--.*$/ },
  { files: /\.(?:clj[sc]?|lisp|lsp|el|scm|rkt|asm|s|bb)$/i, remark: /;.*$/ },
  { files: /\.(?:erl|hrl|pro|mat)$/i, remark: /%.*$/ },
  { files: /\.(?:vb|bas|vbs|frm)$/i, remark: /(?:^|\s)'.*$/ },
  { files: /\.(?:cob|cbl|cpy|abap|f|f90|for|ml|mli|pas|dpr|lpr|st|p|w)$/i, remark: /^\s*[*"!{(]\*?.*$|^.{6}\*.*$/ },
];

export function isPlainCode(path: string): boolean {
  return LANGUAGES.some(({ files }) => files.test(path));
}

/** A line of a program without its remark. */
export interface CodeLine {
  /** Without indentation, one blank between words; empty where no code stands. */
  readonly code: string;
  readonly indent: number;
  readonly start: number;
  readonly end: number;
}

/** Longer lines are data or made by a program. */
const LONGEST_LINE = 2000;

/** The lines of a file; blocks of remarks are blank, and tests at the end of a Rust file. Linear. */
export function readLines({ path, text }: SourceFile): readonly CodeLine[] {
  const remark = LANGUAGES.find(({ files }) => files.test(path))?.remark ?? HASH;
  const isRust = path.endsWith('.rs');
  const lines: CodeLine[] = [];
  let start = 0;
  let isRemark = false;
  let isTest = false;
  for (const whole of text.split('\n')) {
    const short = whole.slice(0, LONGEST_LINE);
    const opens = /^\s*(?:\/\*|=begin\b|\(\*|\{-|<!--)/.test(short);
    isTest ||= isRust && /^#\[cfg\(test\)\]/.test(short);
    const bare = isRemark || opens || isTest ? '' : short.replace(remark, '');
    isRemark = (isRemark || opens) && !/\*\/|^=end\b|\*\)|-\}|-->/.test(short);
    const code = bare.trim().replace(/\s+/g, ' ');
    lines.push({
      code,
      indent: bare.length - bare.trimStart().length,
      start: start + (short.length - short.trimStart().length),
      end: start + whole.length,
    });
    start += whole.length + 1;
  }
  return lines;
}

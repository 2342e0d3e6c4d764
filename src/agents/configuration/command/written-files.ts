import type { CommandView, WordView } from './command-view.ts';

export interface WrittenFile {
  readonly path: string;
  readonly span: WordView['span'];
}

const LAST_IS_TARGET = new Set(['cp', 'mv', 'install', 'ln', 'rsync']);
const ALL_ARE_TARGETS = new Set(['tee', 'truncate', 'touch', 'unlink', 'shred']);

/** The files that a command writes: redirections, `tee`, `cp`, `curl -o`, `dd of=`, `sed -i`, `chmod` of a hook. */
export function writtenBy(view: CommandView): readonly WrittenFile[] {
  const files: WrittenFile[] = view.command.redirects.flatMap((redirect) => {
    const target = redirect.target;
    if (target === undefined || !/^\d*(>|>>|>\||&>|&>>|<>)$/.test(redirect.operator)) return [];
    return [{ path: target.literal ?? target.source, span: view.span }];
  });
  const args = view.words.slice(1);
  const plain = args.filter((word) => !word.text.startsWith('-'));
  if (ALL_ARE_TARGETS.has(view.program)) files.push(...plain.map(fileOf));
  const last = plain.at(-1);
  if (LAST_IS_TARGET.has(view.program) && plain.length > 1 && last !== undefined) files.push(fileOf(last));
  if (view.program === 'sed' && args.some((word) => /^-[a-zA-Z]{0,5}i|^--in-place/.test(word.text)))
    files.push(...plain.slice(1).map(fileOf));
  if (view.program === 'chmod') files.push(...plain.slice(1).map(fileOf));
  files.push(...optionFiles(view.program, args));
  return files;
}

function optionFiles(program: string, args: readonly WordView[]): readonly WrittenFile[] {
  const option =
    program === 'curl'
      ? /^(-[a-zA-Z]{0,8}o|--output)$/
      : program === 'wget'
        ? /^(-[a-zA-Z]{0,8}O|--output-document)$/
        : undefined;
  return args.flatMap((word, index) => {
    if (word.text.startsWith('of=') && program === 'dd') return [{ path: word.text.slice(3), span: word.span }];
    const value = option?.test(word.text) === true ? args[index + 1] : undefined;
    return value === undefined ? [] : [fileOf(value)];
  });
}

function fileOf(word: WordView): WrittenFile {
  return { path: word.text, span: word.span };
}

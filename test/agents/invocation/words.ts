import type { CommandWord, GivenEntry } from '../../../src/agents/index.ts';

/** The words of a line without quotes, each with its place. */
export function words(...texts: readonly string[]): readonly CommandWord[] {
  let at = 0;
  return texts.map((text) => {
    const start = at;
    at += text.length + 1;
    return {
      text,
      complete: !text.includes('$'),
      place: { file: 'build.sh', span: { start, end: start + text.length } },
    };
  });
}

/** Words parted by blanks. */
export function line(text: string): readonly CommandWord[] {
  return words(...text.split(' '));
}

/** `name: text` as an input or variable, the value at offset 100. */
export function entry(name: string, text: string): GivenEntry {
  return {
    name,
    text,
    keyPlace: { file: 'pipeline.yml', span: { start: 50, end: 50 + name.length } },
    place: { file: 'pipeline.yml', span: { start: 100, end: 100 + text.length } },
    node: undefined,
  };
}

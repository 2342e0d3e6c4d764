import { join } from 'node:path';
import { parse } from 'yaml';
import { isFile, readText } from './checkout.ts';
import type { Row } from './row.ts';

interface Case {
  readonly file: string;
  readonly expected: readonly string[];
}

/** agnix: a manifest of files and the rules that report them. A file keeps its last directories, which name its product. */
export function readAgnix(directory: string): readonly Row[] {
  // The shape is documented at the head of that file.
  const { cases } = parse(readText(directory, 'tests/eval.yaml')) as { readonly cases: readonly Case[] };
  return cases
    .filter(({ file }) => isFile(directory, 'tests', file))
    .flatMap(({ file, expected }) => {
      const path = homeOf(file);
      const row = {
        fixture: file,
        files: { [path]: readText(join(directory, 'tests'), file) },
        file: path,
        line: undefined,
      };
      return expected.map((rule): Row => ({ ...row, rule, expected: 'finding' }));
    });
}

function homeOf(file: string): string {
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (base === 'SKILL.md') return `.claude/skills/${file.split('/').at(-2)}/SKILL.md`;
  if (/mcp.*\.json$/.test(base)) return '.mcp.json';
  return base;
}

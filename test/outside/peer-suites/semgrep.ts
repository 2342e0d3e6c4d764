import { join } from 'node:path';
import { listFiles, readText } from './checkout.ts';
import type { Row } from './row.ts';

const DIRECTORY = 'yaml/github-actions/security';

/** semgrep-rules: `# ruleid:` or `# ok:` stands above the line that it is about. */
export function readSemgrep(directory: string): readonly Row[] {
  const names = listFiles(join(directory, DIRECTORY)).filter((name) => /\.test\.ya?ml$/.test(name));
  return names.flatMap((name) => {
    const file = `.github/workflows/${name.replace('/', '-')}`;
    const text = readText(directory, DIRECTORY, name);
    const lines = text.split('\n');
    return lines.flatMap((content, index): readonly Row[] => {
      const [, kind, rule = ''] = /#\s*(ruleid|ok):\s*([\w-]+)/.exec(content) ?? [];
      if (kind === undefined) return [];
      const expected = kind === 'ruleid' ? 'finding' : 'silence';
      const line = index + 2;
      const until = lastLine(lines, line);
      return [{ fixture: name, files: { [file]: text }, file, line, until, rule, expected }];
    });
  });
}

/** A rule marks the key whose block it matched. */
function lastLine(lines: readonly string[], line: number): number {
  const first = lines[line - 1] ?? '';
  if (!/[|>][+-]?\s*$/.test(first)) return line;
  const depth = first.search(/\S/);
  const end = lines.findIndex((text, index) => index >= line && text.trim() !== '' && text.search(/\S/) <= depth);
  return end < 0 ? lines.length : end;
}

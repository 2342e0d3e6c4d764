import { join } from 'node:path';
import { listFiles, readText } from './checkout.ts';

/** One command line and whether it should be reported. */
export interface CommandRow {
  readonly rule: string;
  readonly command: string;
  readonly expected: 'finding' | 'silence';
}

const DIRECTORY = 'tests/fixtures/rules';

/** cc-audit: one command a line, below a heading that says whether it should be detected. */
export function readCcAudit(directory: string): readonly CommandRow[] {
  return listFiles(join(directory, DIRECTORY))
    .filter((name) => name.endsWith('.txt'))
    .flatMap((name) => {
      const rule = name.slice(0, -'.txt'.length).toUpperCase().replace('_', '-');
      let expected: CommandRow['expected'] | undefined;
      return readText(directory, DIRECTORY, name)
        .split('\n')
        .flatMap((line): readonly CommandRow[] => {
          const heading = /^# ===.*\b(SHOULD NOT|should NOT|SHOULD)\b/.exec(line)?.[1];
          if (heading !== undefined) expected = heading === 'SHOULD' ? 'finding' : 'silence';
          if (line.startsWith('# ') || line.trim() === '' || expected === undefined) return [];
          return [{ rule, command: line, expected }];
        });
    });
}

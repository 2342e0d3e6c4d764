import { join } from 'node:path';
import { listFiles, readText } from './checkout.ts';
import { placeOf, type Row } from './row.ts';

const DIRECTORY = 'script/actions';

/** sisakulint: the polarity is in the file name, the rule is its stem; advisories are one class. */
export function readSisakulint(directory: string): readonly Row[] {
  const names = listFiles(join(directory, DIRECTORY)).filter((name) => /\.ya?ml$/.test(name));
  const twins = new Set(names.filter((name) => /-safe\.ya?ml$/.test(name)).map(stemOf));
  return names.flatMap((name): readonly Row[] => {
    const safe = /-safe\.ya?ml$/.test(name);
    const vulnerable = /-vulnerable\.ya?ml$/.test(name) || (!safe && twins.has(stemOf(name)));
    if (!safe && !vulnerable) return [];
    const text = readText(directory, DIRECTORY, name);
    const file = placeOf(name);
    const rule = ruleOf(name);
    return [
      {
        fixture: stemOf(name),
        files: { [file]: text },
        file,
        line: undefined,
        rule,
        expected: safe ? 'silence' : 'finding',
      },
    ];
  });
}

function stemOf(name: string): string {
  return name.replace(/\.ya?ml$/, '').replace(/-(?:safe|vulnerable)$/, '');
}

function ruleOf(name: string): string {
  if (!name.startsWith('advisory/')) return stemOf(name);
  return 'advisory';
}

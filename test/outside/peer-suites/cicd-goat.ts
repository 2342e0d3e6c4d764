import { join } from 'node:path';
import { parse } from 'yaml';
import { isDirectory, listFiles, readText } from './checkout.ts';
import type { Row } from './row.ts';

interface Scenario {
  readonly slug: string;
  readonly provider?: string;
}

const WORKFLOWS = '.github/workflows';

/** cicd-goat: one workflow a scenario. Every job is switched off by `if: false`; the audited copy is not. */
export function readCicdGoat(directory: string): readonly Row[] {
  // The shape is documented at the head of that file.
  const { scenarios } = parse(readText(directory, 'tools/scenarios.yaml')) as {
    readonly scenarios: readonly Scenario[];
  };
  return scenarios
    .filter(({ provider }) => provider === undefined || provider === 'github')
    .map(({ slug }): Row => {
      const files: { [path: string]: string } = {};
      for (const name of listFiles(join(directory, WORKFLOWS))) {
        if (!name.startsWith(`scenario-${slug}`) && !name.startsWith('_')) continue;
        files[`${WORKFLOWS}/${name}`] = switchOn(readText(directory, WORKFLOWS, name));
      }
      const beside = join(directory, 'scenarios', slug);
      for (const name of isDirectory(beside) ? listFiles(beside) : []) {
        if (name !== 'README.md') files[`scenarios/${slug}/${name}`] = readText(beside, name);
      }
      return { fixture: slug, files, file: undefined, line: undefined, rule: slug, expected: 'finding' };
    });
}

function switchOn(text: string): string {
  return text.replace(/^ +if: *false[^\n]*$/gm, '');
}

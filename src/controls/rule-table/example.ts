import type { ControlExample } from '../control-class.ts';

/** A change of one file. `undefined`: the file is not there on that side. */
export function fileChange(file: string, before: string | undefined, after: string | undefined): ControlExample {
  return {
    before: before === undefined ? [] : [{ file, text: before }],
    after: after === undefined ? [] : [{ file, text: after }],
  };
}

const WORKFLOW = '.github/workflows/ci.yml';

/** A change of a GitHub workflow. */
export function workflow(before: string, after: string): ControlExample {
  return fileChange(WORKFLOW, before, after);
}

/** A workflow with one job that holds these lines. */
export function job(lines: string, head = 'on: push'): string {
  const body = lines
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  return `${head}\njobs:\n  sec:\n    runs-on: ubuntu-latest\n${body}\n`;
}

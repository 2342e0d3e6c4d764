import assert from 'node:assert/strict';
import { type AgentRun, type Facts, readFacts } from '../../src/facts/index.ts';
import { loadReaders, type Place } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

const readers = await loadReaders();

/** The facts of a repository that exists only in memory. */
export function factsOf(files: { readonly [path: string]: string }): Facts {
  return readFacts(memoryTree(files), readers);
}

/** The only agent of a repository. */
export function onlyRun(files: { readonly [path: string]: string }): AgentRun {
  const { runs } = factsOf(files);
  assert.equal(runs.length, 1, `one agent, not ${runs.length}`);
  const [run] = runs;
  assert.ok(run);
  return run;
}

export interface JobShape {
  readonly on?: string;
  readonly job?: string;
  readonly steps: string;
  /** Other jobs, two blanks deep. */
  readonly jobs?: string;
}

export const WORKFLOW = '.github/workflows/agent.yml';

/** One workflow with one agent job; `steps` are written six blanks deep, `job` four. */
export function workflow({ on = '  issues:\n    types: [opened]', job = '', steps, jobs = '' }: JobShape): string {
  return `on:\n${on}\npermissions:\n  contents: read\njobs:\n${jobs}  agent:\n    runs-on: ubuntu-latest\n${job}    steps:\n${steps}`;
}

/** A step that starts the agent with a command and variables. */
export function agentStep(command: string, ...variables: readonly string[]): string {
  const env = variables.length > 0 ? `        env:\n${variables.map((line) => `          ${line}\n`).join('')}` : '';
  return `      - run: |\n          ${command}\n${env}`;
}

/** The text a place covers. */
export function textAt(facts: Facts, { file, span }: Place): string {
  return facts.source(file)?.text.slice(span.start, span.end) ?? '';
}

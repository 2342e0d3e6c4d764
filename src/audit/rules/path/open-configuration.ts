import { type GivenEntry, isRestored, stopperOf, type Vector } from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import { worksOnForeignChange } from './foreign-change.ts';

interface ConfigurationRow {
  readonly products: readonly AgentRun['invocation']['product'][];
  /** What a change puts there, and what then happens without a model's help. */
  readonly file: string;
  readonly what: string;
  /** Undefined: no switch of the product is known that leaves the file out. */
  readonly vector: Vector | undefined;
  /** Whether the product obeys it in an unattended run of a folder that nobody trusted. */
  readonly certain: boolean;
  /** The product's action writes its `settings` input over the file. */
  readonly overwritten?: boolean;
  /** Sends the model's key elsewhere, or runs a program. */
  readonly harm: 'runs' | 'redirects';
}

/** Claude Code as measured on 2.1.329; the others after their documentation, where trust decides and may be preset. */
const ROWS: readonly ConfigurationRow[] = [
  {
    products: ['claude-code'],
    file: '.claude/settings.json',
    what: 'a hook that runs at session start',
    vector: 'hooks',
    certain: true,
    harm: 'runs',
  },
  {
    products: ['claude-code'],
    file: '.mcp.json',
    what: 'an MCP server, which is a program that the agent starts',
    vector: 'mcp',
    certain: true,
    harm: 'runs',
  },
  {
    products: ['claude-code'],
    file: '.claude/settings.json',
    what: 'a credential helper, which is a program',
    vector: 'provider-helper',
    certain: true,
    harm: 'runs',
  },
  {
    products: ['claude-code'],
    file: '.claude/settings.json',
    what: 'variables that make every program run other code',
    vector: 'shell-variables',
    certain: true,
    harm: 'runs',
  },
  {
    products: ['claude-code'],
    file: '.claude/settings.json',
    what: 'a base URL, which then receives every request with its key',
    vector: 'routing',
    certain: true,
    harm: 'redirects',
  },
  {
    products: ['gemini', 'qwen'],
    file: '.gemini/settings.json',
    overwritten: true,
    what: 'an MCP server, which is a program that the agent starts',
    vector: undefined,
    certain: false,
    harm: 'runs',
  },
  {
    products: ['opencode'],
    file: 'opencode.json',
    what: 'a plug-in or MCP server, which is a program that the agent starts',
    vector: undefined,
    certain: false,
    harm: 'runs',
  },
  {
    products: ['opencode'],
    file: 'opencode.json',
    what: 'a base URL, which then receives every request with its key',
    vector: undefined,
    certain: false,
    harm: 'redirects',
  },
  {
    products: ['aider'],
    file: '.aider.conf.yml',
    what: 'a test or lint command that it runs',
    vector: undefined,
    certain: false,
    harm: 'runs',
  },
  {
    products: ['aider'],
    file: '.aider.model.settings.yml',
    what: 'a base URL, which then receives every request with its key',
    vector: undefined,
    certain: false,
    harm: 'redirects',
  },
];

export type OpenConfiguration = Pick<ConfigurationRow, 'file' | 'what' | 'certain'>;

/** What a change under review can put into the agent's own configuration, past every switch and restore. */
export function openConfiguration(run: AgentRun, harm: ConfigurationRow['harm']): readonly OpenConfiguration[] {
  const { invocation } = run;
  const input = { invocation, environment: environmentOf(run) };
  return ROWS.filter(
    (row) =>
      row.harm === harm &&
      row.products.includes(invocation.product) &&
      !isRestored(invocation, row.file) &&
      !(row.overwritten && invocation.via === 'action' && invocation.settings.length > 0) &&
      (row.vector === undefined || stopperOf(row.vector, input) === undefined) &&
      !(row.vector === 'hooks' && disablesHooks(run)),
  );
}

/** Agents on the head of a pull request whose configuration no earlier step of the job restored: the restored files stay. */
export function configurableRuns(facts: Facts): readonly AgentRun[] {
  return facts.runs.filter(
    (run) =>
      worksOnForeignChange(run) &&
      !facts.runs.some(
        (other) => other.job === run.job && other.invocation.restores.length > 0 && comesBefore(other, run),
      ),
  );
}

export function comesBefore(run: AgentRun, other: AgentRun): boolean {
  return (run.stepPath[0]?.index ?? 0) < (other.stepPath[0]?.index ?? 0);
}

/** `disableAllHooks` counts only where the repository cannot set it back: in `--settings`. */
function disablesHooks({ invocation }: AgentRun): boolean {
  return invocation.settings.some(({ text }) => /"disableAllHooks"\s*:\s*true/.test(text));
}

/** Variables of the step, the job and the pipeline, the nearest last. */
function environmentOf({ pipeline, job, stepPath }: AgentRun): readonly GivenEntry[] {
  const entries = [...pipeline.environment, ...job.environment, ...stepPath.flatMap(({ environment }) => environment)];
  return entries.map(({ name, keyPlace, value, node }) => ({
    name,
    keyPlace,
    text: value.text,
    place: value.place,
    node,
  }));
}

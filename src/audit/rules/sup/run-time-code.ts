import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import type { ScriptCommand } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps } from '../agent-job.ts';
import { titleOf } from '../agent-rule.ts';
import { actionStep, workflow } from '../example.ts';
import { SOUND, SUP } from './examples.ts';
import { distinct } from './mutable-reference.ts';

/** Commands that fetch plugins, extensions or skills for an agent. */
const FETCHES: readonly { readonly words: readonly RegExp[]; readonly what: string }[] = [
  { words: [/^claude$/, /^plugins?$/, /^(?:install|marketplace)$/], what: 'a plugin' },
  { words: [/^(?:gemini|qwen)$/, /^extensions?$/, /^(?:install|update)$/], what: 'an extension' },
  { words: [/^codex$/, /^plugins?$/, /^(?:add|install|marketplace)$/], what: 'a plugin' },
  { words: [/^copilot$/, /^plugins?$/, /^(?:install|marketplace)$/], what: 'a plugin' },
  { words: [/^(?:npx|bunx)$/, /^(?:add-skill|skills(?:@.*)?)$/], what: 'a skill' },
  { words: [/^gh$/, /^extensions?$/, /^install$/], what: 'an extension of gh' },
];

/** SUP013 */
export const runTimePlugins: Rule = {
  ...SUP,
  id: 'SUP013',
  name: 'plugins-installed-at-run-time',
  title: 'Plugins, extensions or skills are fetched when the agent runs',
  what: 'An action input, a command before the agent or a committed setting names marketplaces, plugins, extensions or skills that are fetched at run time.',
  why: 'A plugin brings hooks, servers and instructions: programs with the environment of the agent and orders for the model. Whoever can push to its repository changes both without a change here.',
  sources: ['Plugin4Shell, September 2026', 'Claude Code documentation, plugin marketplaces'],
  severity: 'high',
  confidence: 'medium',
  fix: 'none',
  advice: 'Vendor the plugin into the repository, or fetch it at a full commit and check that.',
  tags: ['CWE-829', 'CWE-494', 'OWASP-CICD-SEC-3'],
  attack: [
    workflow(
      actionStep('anthropics/claude-code-action@0123456789abcdef0123456789abcdef01234567 # v1', [
        'prompt: Review',
        'plugin_marketplaces: https://git.example.test/acme/plugins',
        'plugins: review@acme',
      ]),
    ),
  ],
  benign: [SOUND],
  check: (facts) =>
    distinct([...facts.runs.flatMap(fromInvocation), ...facts.runs.flatMap(fromCommands), ...fromSettings(facts)]),
};

function fromInvocation(run: AgentRun): readonly FindingDraft[] {
  const written = run.invocation.written.filter(
    ({ name, text }) => name === 'plugins' && text.trim() !== '' && !isLocal(text),
  );
  const [first] = written;
  if (first === undefined) return [];
  const names = written
    .flatMap(({ text }) => sourcesIn(text))
    .slice(0, 4)
    .join(', ');
  return [
    {
      rule: 'SUP013',
      message: `${titleOf(run)} of job ${run.job.id} fetches plugins when it starts${names === '' ? '' : `: ${names}`}`,
      severity: 'high',
      confidence: 'medium',
      place: first.keyPlace,
      subject: `${run.job.id} plugins`,
    },
  ];
}

/** The names and addresses of a list. Of an expression, those that it writes out. */
function sourcesIn(text: string): readonly string[] {
  const spelled = text.replace(/\$\{\{[^}]{0,1000}\}\}/g, (expression) =>
    [...expression.matchAll(/'([^']*)'/g)].map(([, word]) => word).join(' '),
  );
  return spelled.split(/[\s,"'[\]]+/).filter((word) => word !== '' && word !== 'true' && word !== 'false');
}

function isLocal(text: string): boolean {
  return text
    .trim()
    .split(/\s+/)
    .every((word) => /^(?:\.{0,2}\/|\$\{\{\s*github\.(?:workspace|action_path))/.test(word));
}

function fromCommands(run: AgentRun): readonly FindingDraft[] {
  return flatSteps([...run.before, run.step]).flatMap(({ run: script }) =>
    (script?.script.commands ?? []).flatMap((command): readonly FindingDraft[] => {
      const row = FETCHES.find(({ words }) => words.every((word, at) => word.test(wordsOf(command)[at] ?? '')));
      const source = wordsOf(command)
        .slice(row?.words.length ?? 0)
        .find((word) => !word.startsWith('-'));
      if (row === undefined || script === undefined || (source !== undefined && isLocal(source))) return [];
      const { text } = script;
      return [
        {
          rule: 'SUP013',
          message: `Job ${run.job.id} fetches ${row.what} for ${titleOf(run)}${source === undefined ? '' : `: ${source}`}`,
          severity: 'high',
          confidence: 'medium',
          place: {
            file: text.place.file,
            span: { start: text.offsetOf(command.span.start), end: text.offsetOf(command.span.end) },
          },
          subject: `${run.job.id} ${row.what} ${source ?? ''}`,
        },
      ];
    }),
  );
}

function wordsOf({ words }: ScriptCommand): readonly string[] {
  return words.slice(0, 8).map(({ literal, source }) => literal ?? source);
}

/** A project's marketplaces are asked for on a developer's machine, and prepared by its settings. */
function fromSettings(facts: Facts): readonly FindingDraft[] {
  return facts.configurations.flatMap(({ keys, role, file, label }): readonly FindingDraft[] => {
    const key = keys.find(
      ({ path, text }) => /^extraKnownMarketplaces\./.test(path) && !/^(?:directory|file|\.{1,2}\/.*)$/.test(text),
    );
    if (key === undefined || role === 'example' || role === 'managed') return [];
    const local = keys.some(
      ({ path, text }) => /^extraKnownMarketplaces\..*\.source$/.test(path) && /^(?:directory|file)$/.test(text),
    );
    if (local) return [];
    return [
      {
        rule: 'SUP013',
        message: `The ${label} offer plugins of another repository to whoever starts an agent here`,
        severity: 'medium',
        confidence: 'medium',
        place: key.place,
        subject: `${file.path} marketplaces`,
      },
    ];
  });
}

/** Relative, or below the work tree in the platforms' spellings. */
const IN_TREE =
  /^(?:\.{1,2}\/|(?:[\w.-]+\/)+[\w.-]+$|\$\{\{\s*github\.(?:workspace|action_path)|\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|WORKSPACE|BUILD_SOURCESDIRECTORY|CLAUDE_PROJECT_DIR)|\$\(Build\.SourcesDirectory\))/;
const REPLACING = /^(?:CLAUDE_CODE_SHELL_PREFIX|CLAUDE_CODE_PROCESS_WRAPPER|CLAUDE_CODE_SHELL)$/;

/** SUP016 */
export const replacedExecutable: Rule = {
  ...SUP,
  id: 'SUP016',
  name: 'agent-executable-from-tree',
  title: 'The agent, its runtime or its shell is a program of the work tree',
  what: '`path_to_claude_code_executable`, `path_to_bun_executable`, `CLAUDE_CODE_SHELL_PREFIX` or `processWrapper` names a file of the repository.',
  why: 'Whoever changes that file replaces the agent or everything it starts, with its key. In the tree of a pull request its author does.',
  sources: ['anthropics/claude-code-action, action.yml v1', 'Claude Code documentation, settings'],
  severity: 'high',
  confidence: 'high',
  fix: 'none',
  advice: 'Use the program that the action or an earlier, pinned step installs outside the work tree.',
  tags: ['CWE-426', 'CWE-829', 'OWASP-CICD-SEC-4'],
  attack: [
    workflow(
      actionStep('anthropics/claude-code-action@0123456789abcdef0123456789abcdef01234567 # v1', [
        'prompt: Review',
        'path_to_claude_code_executable: ./tools/claude',
      ]),
    ),
  ],
  benign: [
    workflow(
      actionStep('anthropics/claude-code-action@0123456789abcdef0123456789abcdef01234567 # v1', [
        'prompt: Review',
        'path_to_claude_code_executable: /usr/local/bin/claude',
      ]),
    ),
  ],
  check: (facts) => distinct([...facts.runs.flatMap(givenExecutable), ...committedWrapper(facts)]),
};

function givenExecutable(run: AgentRun): readonly FindingDraft[] {
  return run.invocation.written
    .filter(({ name, text }) => name === 'executable' && IN_TREE.test(text.trim()))
    .map(({ spelled, text, place }) => ({
      rule: 'SUP016',
      message: `${spelled} of job ${run.job.id} starts ${text.trim()}, a file of the work tree`,
      severity: run.tree.provenance === 'pull-request' ? 'critical' : 'high',
      confidence: 'high',
      place,
      subject: `${run.job.id} ${spelled}`,
    }));
}

function committedWrapper(facts: Facts): readonly FindingDraft[] {
  return facts.configurations
    .filter(({ role }) => role !== 'example' && role !== 'managed')
    .flatMap(({ environment, helpers, file }) => {
      const variables = environment
        .filter(({ name }) => REPLACING.test(name))
        .map(({ name, value, place }) => ({ name, value, place }));
      const wrappers = helpers
        .filter(({ key }) => key === 'processWrapper')
        .map(({ key, command, place }) => ({ name: key, value: command, place }));
      return [...variables, ...wrappers].map(
        ({ name, value, place }): FindingDraft => ({
          rule: 'SUP016',
          message: `${name} puts \`${value.slice(0, 80)}\` in front of what the agent starts`,
          severity: 'high',
          confidence: 'high',
          place,
          subject: `${file.path} ${name}`,
        }),
      );
    });
}

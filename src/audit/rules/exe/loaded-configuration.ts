import { type AgentConfiguration, analyseRule, isCodeRunning } from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, Related, Severity } from '../../../findings/index.ts';
import { implicitRowOf } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { agentRule, isContained, listed, type RunFinding, titleOf } from '../agent-rule.ts';
import { commandStep } from '../example.ts';
import { addOptionsFix } from '../fixes.ts';
import { EXE, onHead, READER } from './examples.ts';
import { byReach, whoStarts } from './untrusted-tree.ts';

const HOOKS = { hooks: { SessionStart: [{ hooks: [{ type: 'command', command: './scripts/prepare.sh' }] }] } };
const SETTINGS = { file: '.claude/settings.json', text: `${JSON.stringify(HOOKS, null, 2)}\n` };
const SERVERS = {
  file: '.mcp.json',
  text: `${JSON.stringify({ mcpServers: { notes: { command: 'node', args: ['./tools/notes.js'] } } }, null, 2)}\n`,
};
const ALONE = commandStep('claude -p "Review the change" --tools Read --setting-sources user --strict-mcp-config');

/** What the tree of a change brings into force, of one kind. */
function fromChange(run: AgentRun, kind: 'hook' | 'mcp'): readonly AgentRun['effective'][number][] {
  return run.effective.filter((fact) => fact.kind === kind && fact.inForce !== 'no' && fact.fromTree);
}

function relatedTo(facts: readonly AgentRun['effective'][number][]): readonly Related[] {
  return facts.slice(0, 4).map(({ place, subject }) => ({ place, message: subject }));
}

/** EXE003 */
export const repositoryHooks: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE003',
    name: 'repository-hooks-run-in-ci',
    title: 'Hooks of the repository run in the job, and a change can write them',
    what: 'The repository commits hooks, the agent runs without a question about trust, and the tree it starts in comes from a pull request without being restored.',
    why: 'A hook is a program with the environment of the agent. The author of a change edits it, and it runs before the model is asked anything: tool lists and prompts do not matter.',
    sources: ['Claude Code documentation, hooks and permissions', 'CVE-2025-59536'],
    severity: 'high',
    confidence: 'high',
    fix: 'unsafe',
    advice: 'Start the agent with `--setting-sources user`, or take its configuration from the base.',
    tags: ['CWE-829', 'CWE-94', 'OWASP-CICD-SEC-4'],
    attack: [onHead(READER), SETTINGS],
    benign: [onHead(ALONE), SETTINGS],
  },
  function* (run, facts): Iterable<RunFinding> {
    const hooks = fromChange(run, 'hook');
    if (hooks.length === 0) return;
    const fixes = addOptionsFix(
      'Leave the settings of the repository out',
      run,
      facts,
      '--setting-sources user',
      'unsafe',
    );
    yield {
      message: `${titleOf(run)} of job ${run.job.id} runs ${hooks.length === 1 ? 'a hook' : `${hooks.length} hooks`} from the tree of a pull request`,
      detail: `${whoStarts(run)} writes the command of ${listed(hooks.map(({ subject }) => subject))}. ${hooks[0]?.why ?? ''}.`,
      severity: severityOf(run, hooks),
      related: relatedTo(hooks),
      about: 'hooks',
      ...(fixes.length > 0 ? { fixes } : {}),
    };
  },
);

function severityOf(run: AgentRun, facts: readonly AgentRun['effective'][number][]): Severity {
  if (isContained(run)) return 'medium';
  return facts.some(({ inForce }) => inForce === 'yes') ? byReach(run) : 'medium';
}

const TREE_COMMAND =
  /^(?:npm|pnpm|yarn|bun) (?:run|test|exec|x)\b|^(?:make|just|task|bunx|npx|cargo|gradle|\.\/gradlew|mvn)\b|(?:^|[\s"'=/])[\w.-]{1,80}\.(?:sh|py|js|mjs|cjs|ts|rb)\b/;

/** EXE004 */
export const hookRunsChange: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE004',
    name: 'restored-hook-runs-code-of-the-change',
    title: 'A restored hook still runs code of the pull request',
    what: 'The action takes the settings from the base, but a hook in them starts a package script, a make target or a file that stands outside the restored paths.',
    why: 'Restoring the settings restores the command, not what it runs: `npm run lint` is what `package.json` of the change says.',
    sources: ['anthropics/claude-code-action, docs/security.md: paths that are restored'],
    severity: 'high',
    confidence: 'medium',
    fix: 'none',
    advice: 'Keep the script of the hook below `.claude`, which is restored, or switch hooks off in this job.',
    tags: ['CWE-829', 'OWASP-CICD-SEC-4'],
    attack: [
      onHead(
        `      - uses: anthropics/claude-code-action@0123456789abcdef0123456789abcdef01234567 # v1\n        with:\n          prompt: Review the change\n          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}`,
      ),
      { file: '.claude/settings.json', text: SETTINGS.text.replace('./scripts/prepare.sh', 'npm run prepare-review') },
    ],
    benign: [
      onHead(
        `      - uses: anthropics/claude-code-action@0123456789abcdef0123456789abcdef01234567 # v1\n        with:\n          prompt: Review the change\n          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}`,
      ),
      {
        file: '.claude/settings.json',
        text: SETTINGS.text.replace('./scripts/prepare.sh', './.claude/hooks/prepare.sh'),
      },
    ],
  },
  function* (run): Iterable<RunFinding> {
    if (run.invocation.restores.length === 0 || run.tree.provenance !== 'pull-request' || isContained(run)) return;
    const loaded = run.effective.filter(
      ({ kind, inForce, fromTree }) => kind === 'hook' && inForce !== 'no' && !fromTree,
    );
    for (const hook of run.configuration.flatMap(({ hooks }) => hooks)) {
      const inForce = loaded.some(
        ({ place }) => place.file === hook.place.file && place.span.start === hook.place.span.start,
      );
      const bare = hook.command.trim();
      if (!inForce || hook.type !== 'command' || !TREE_COMMAND.test(bare) || /\.claude\/|\.husky\//.test(bare))
        continue;
      yield {
        message: `The hook ${hook.event} runs \`${bare.slice(0, 80)}\`, and the pull request decides what that does in job ${run.job.id}`,
        detail: `${whoStarts(run)} writes what that command does. That the settings come from the base does not help.`,
        severity: byReach(run) === 'medium' ? 'medium' : 'high',
        place: hook.place,
        related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
        about: `hook ${hook.event} ${bare.slice(0, 80)}`,
      };
    }
  },
);

/** EXE005 */
export const repositoryServers: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE005',
    name: 'repository-mcp-servers-start',
    title: 'MCP servers of the repository start without a question',
    what: 'The repository commits MCP servers, the agent runs headless, and nothing says that only named servers may start.',
    why: 'A local server is a program that the agent starts with its own environment. In the tree of a pull request the author of the change decides which.',
    sources: [
      'Claude Code documentation, mcp and permissions',
      'Measured: a headless run starts every server of .mcp.json',
    ],
    severity: 'high',
    confidence: 'high',
    fix: 'unsafe',
    advice: 'Add `--strict-mcp-config`, and name the wanted servers with `--mcp-config` from a trusted place.',
    tags: ['CWE-829', 'OWASP-CICD-SEC-4'],
    attack: [onHead(READER), SERVERS],
    benign: [onHead(ALONE), SERVERS],
  },
  function* (run, facts): Iterable<RunFinding> {
    // Servers that the command line names itself are not the repository's.
    const files = new Set(run.configuration.map(({ file }) => file.path));
    const all = run.effective.filter(
      ({ kind, inForce, place }) => kind === 'mcp' && inForce !== 'no' && files.has(place.file),
    );
    const changed = all.filter(({ fromTree }) => fromTree);
    const shown = changed.length > 0 ? changed : all;
    if (shown.length === 0) return;
    const fixes =
      run.invocation.product === 'claude-code'
        ? addOptionsFix('Start named servers only', run, facts, '--strict-mcp-config', 'unsafe')
        : [];
    const whose = changed.length > 0 ? ', as the pull request has them' : '';
    yield {
      message: `${titleOf(run)} of job ${run.job.id} starts ${listed(shown.map(({ subject }) => subject))} of the repository${whose}`,
      ...(changed.length > 0
        ? { detail: `${whoStarts(run)} runs a program with the environment of the agent, whatever its tools may do.` }
        : {}),
      severity: changed.length > 0 ? severityOf(run, changed) : 'low',
      related: relatedTo(shown),
      about: 'servers',
      ...(fixes.length > 0 ? { fixes } : {}),
    };
  },
);

/** Values that only set a size, a pager or an editor to nothing. */
const HARMLESS = /^(?:--max[-_]old[-_]space[-_]size=\d+|cat|true|:|0|1|)$/;
/** Other products' keys that run a program are CFG018 and CFG020; a replaced program is SUP016, another host NET004 and NET006. */
const OWN_RULES = /^(?:processWrapper|CLAUDE_CODE_SHELL_PREFIX|CLAUDE_CODE_PROCESS_WRAPPER)$/;

/** EXE006 */
export const executingKeys: Rule = {
  ...EXE,
  id: 'EXE006',
  name: 'committed-settings-execute',
  title: 'A committed setting of the agent runs a program or changes what programs run',
  what: 'Settings of the repository name a helper program (`apiKeyHelper`, `awsAuthRefresh`, `statusLine`, `tools.discoveryCommand`) or set a variable that makes shells, interpreters or git run other code.',
  why: 'They run with the environment of the agent. In an unattended run of the tree of a pull request they are code of its author.',
  sources: ['Claude Code documentation, settings', 'Measured: which helpers run in a folder nobody trusted'],
  severity: 'high',
  confidence: 'high',
  fix: 'none',
  advice: 'Keep helpers and such variables in managed or user settings, and start with `--setting-sources user` in CI.',
  tags: ['CWE-829', 'CWE-426', 'OWASP-CICD-SEC-4'],
  attack: [{ file: '.claude/settings.json', text: '{ "apiKeyHelper": "./bin/key.sh" }\n' }],
  benign: [{ file: '.claude/settings.json', text: '{ "model": "opus" }\n' }],
  check: (facts) => facts.configurations.flatMap((configuration) => executing(configuration, facts)),
};

const PRODUCTS_HERE: ReadonlySet<string> = new Set(['claude-code', 'gemini', 'qwen']);

function executing(configuration: AgentConfiguration, facts: Facts): readonly FindingDraft[] {
  const { product, role } = configuration;
  if (role === 'managed' || role === 'example') return [];
  const helpers = PRODUCTS_HERE.has(product) ? configuration.helpers.filter(({ key }) => !OWN_RULES.test(key)) : [];
  const variables = configuration.environment.filter(
    ({ name, value }) => isCodeRunning(name) && !OWN_RULES.test(name) && !HARMLESS.test(value.trim()),
  );
  return [
    ...helpers.map(({ key, command, place, unattended }) =>
      draft(facts, place, key, `${key} runs \`${command.slice(0, 80)}\``, unattended ? 'high' : 'medium'),
    ),
    ...variables.map(({ name, place }) => draft(facts, place, name, `${name} changes what programs run`, 'high')),
  ];
}

function draft(
  facts: Facts,
  place: FindingDraft['place'],
  key: string,
  what: string,
  severity: Severity,
): FindingDraft {
  const open = facts.runs.find((run) =>
    run.effective.some(
      (fact) =>
        fact.inForce === 'yes' &&
        fact.fromTree &&
        fact.place.file === place.file &&
        fact.place.span.start === place.span.start,
    ),
  );
  return {
    rule: 'EXE006',
    message: `${what} for whoever starts an agent in this repository`,
    severity: open !== undefined && byReach(open) === 'critical' ? 'critical' : severity,
    confidence: 'high',
    place,
    subject: `${place.file} ${key}`,
    ...(open === undefined
      ? {}
      : { detail: `In ${open.id} it is in force and comes from the tree of the pull request.` }),
  };
}

/** EXE008 */
export const toolConfiguration: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE008',
    name: 'tool-configuration-from-the-change',
    title: 'A granted command obeys files of the pull request',
    what: 'The agent may run a command whose tool reads configuration from the tree (`package.json`, `.npmrc`, `bunfig.toml`, `conftest.py`, `Makefile`, `mise.toml`, …), and the tree is that of a pull request.',
    why: 'Such files name programs, plug-ins and registries. The agent runs what it was asked to run, and the author of the change decides what that is.',
    sources: ['anthropics/claude-code-action, docs/security.md', 'GitHub Security Lab, "Preventing pwn requests"'],
    severity: 'high',
    confidence: 'medium',
    fix: 'none',
    advice:
      'Take the tool configuration from the base before the agent starts, or give it the output of a job without secrets.',
    tags: ['CWE-829', 'CWE-426', 'OWASP-CICD-SEC-4'],
    attack: [
      onHead(commandStep('claude -p "Review" --setting-sources user --allowedTools "Bash(npm run lint)"')),
      { file: 'package.json', text: '{ "scripts": { "lint": "eslint ." } }\n' },
    ],
    benign: [
      onHead(commandStep('claude -p "Review" --setting-sources user --allowedTools "Bash(git diff:*)"')),
      { file: 'package.json', text: '{ "scripts": { "lint": "eslint ." } }\n' },
    ],
  },
  function* (run, facts): Iterable<RunFinding> {
    if (run.tree.provenance !== 'pull-request' || run.capabilities.execute !== 'listed' || isContained(run)) return;
    const files = obeyedFiles(facts);
    const obedient = run.invocation.allow.flatMap(({ text, place }) => {
      const { dead, program } = analyseRule(run.invocation.product, text);
      const obeyed = dead === undefined && program !== undefined ? (files.get(program) ?? []) : [];
      return obeyed.length === 0 ? [] : [{ text, place, obeyed }];
    });
    // Rules that obey the same files are one thing to mend.
    for (const rules of Map.groupBy(obedient, ({ obeyed }) => obeyed.join('\n')).values()) {
      const [first] = rules;
      if (first === undefined) continue;
      const { place, obeyed } = first;
      const texts = rules.map(({ text }) => text);
      yield {
        message: `${listed(texts, 3)} ${texts.length > 1 ? 'obey' : 'obeys'} ${listed(obeyed, 3)} of the pull request in job ${run.job.id}`,
        detail: `${whoStarts(run)} writes what the command does. A rule names the command, not its meaning.`,
        severity: byReach(run) === 'medium' ? 'medium' : 'high',
        place,
        related: obeyed
          .slice(0, 3)
          .map((file) => ({ place: { file, span: { start: 0, end: 0 } }, message: 'a file that decides what runs' })),
        about: `rule ${first.text}`,
      };
    }
  },
);

/** Files of this repository that steer a program, by the program. */
function obeyedFiles(facts: Facts): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path, kind } of facts.tree.entries) {
    if (kind !== 'file' || path.split('/').length > 2) continue;
    for (const program of implicitRowOf(path)?.programs ?? [])
      found.set(program, [...(found.get(program) ?? []), path]);
  }
  return found;
}

/** Fixes of a run as far as there are any. */
export function withFixes(fixes: readonly Fix[]): { readonly fixes?: readonly Fix[] } {
  return fixes.length > 0 ? { fixes } : {};
}

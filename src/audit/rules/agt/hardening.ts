import type { AgentConfiguration, ProductId } from '../../../agents/index.ts';
import type { AgentRun } from '../../../facts/index.ts';
import type { FindingDraft, RuleDescriptor } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { agentRule, isContained, titleOf } from '../agent-rule.ts';
import {
  actionStep,
  CODEX_ACTION,
  commandStep,
  expression,
  GEMINI_ACTION,
  PULL_REQUEST_HEAD,
  PULL_REQUEST_TARGET,
  workflow,
} from '../example.ts';
import { addOptionsFix, containFix } from '../fixes.ts';

/** A key of a committed file that opens the agent's own sandbox. */
interface SandboxKey {
  readonly product: ProductId;
  readonly path: string;
  /** Value with which it opens; `undefined`: any. */
  readonly value: string | undefined;
  readonly what: string;
}

const SANDBOX_KEYS: readonly SandboxKey[] = [
  { product: 'claude-code', path: 'sandbox.enabled', value: 'false', what: "switches the operator's sandbox off" },
  { product: 'claude-code', path: 'sandbox.enableWeakerNestedSandbox', value: 'true', what: 'weakens the sandbox' },
  {
    product: 'claude-code',
    path: 'sandbox.allowUnsandboxedCommands',
    value: 'true',
    what: 'lets commands leave the sandbox',
  },
  {
    product: 'claude-code',
    path: 'sandbox.autoAllowBashIfSandboxed',
    value: 'true',
    what: 'approves every command without a question',
  },
  {
    product: 'claude-code',
    path: 'sandbox.excludedCommands',
    value: undefined,
    what: 'takes commands out of the sandbox',
  },
  { product: 'claude-code', path: 'sandbox.filesystem.disabled', value: 'true', what: 'opens the file system' },
  {
    product: 'claude-code',
    path: 'sandbox.network.allowAllUnixSockets',
    value: 'true',
    what: 'opens every local socket',
  },
  { product: 'codex', path: 'sandbox_mode', value: 'danger-full-access', what: 'switches the sandbox off' },
  { product: 'codex', path: 'sandbox_workspace_write.network_access', value: 'true', what: 'opens the network' },
  { product: 'gemini', path: 'tools.sandbox', value: 'false', what: 'switches the sandbox off' },
  { product: 'cursor', path: 'type', value: 'insecure_none', what: 'switches the sandbox off' },
];

const SANDBOX: RuleDescriptor = {
  id: 'AGT015',
  name: 'own-sandbox-off',
  title: "Agent's own sandbox off or weakened",
  what: 'Codex `danger-full-access` or `safety-strategy: unsafe`, Claude Code `sandbox.*` keys that open it, Gemini `sandbox: false`, in the pipeline or in a committed file.',
  why: 'The sandbox is the only wall of the product that does not depend on comparing words. Without it a command reads every file and variable of the job and talks to any host.',
  sources: [
    'openai/codex-action action.yml: `unsafe` is not recommended',
    'Claude Code documentation, "Sandboxing"',
    'Measured: a project file alone gave prompt-free Bash',
  ],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'AGT',
  fix: 'none',
  advice: 'Leave the default, or put a sandbox of your own around the agent with `sallyport run`.',
  tags: ['CWE-693', 'CWE-250'],
  attack: [
    workflow(
      actionStep(CODEX_ACTION, [
        'prompt: Review the diff',
        `openai-api-key: ${expression('secrets.OPENAI_API_KEY')}`,
        'sandbox: danger-full-access',
      ]),
    ),
  ],
  benign: [
    workflow(
      actionStep(CODEX_ACTION, [
        'prompt: Review the diff',
        `openai-api-key: ${expression('secrets.OPENAI_API_KEY')}`,
        'sandbox: read-only',
      ]),
    ),
  ],
};

/** AGT015 */
export const sandboxOff: Rule = {
  ...SANDBOX,
  check: (facts) => [...facts.runs.flatMap(openSandbox), ...facts.configurations.flatMap(openingKeys)],
};

function openSandbox(run: AgentRun): readonly FindingDraft[] {
  const { state, place } = run.invocation.sandbox;
  if ((state !== 'off' && state !== 'weakened') || place === undefined) return [];
  return [
    {
      rule: SANDBOX.id,
      message: `The sandbox of ${titleOf(run)} is ${state === 'off' ? 'off' : 'weakened'}`,
      severity: openSeverity(run),
      confidence: 'high',
      place,
      subject: `${run.job.id} ${run.invocation.product} ${state}`,
    },
  ];
}

/** Products that have a sandbox only when it is switched on: saying `off` changes little. */
const OFF_BY_DEFAULT: ReadonlySet<string> = new Set(['gemini', 'qwen', 'claude-code']);

function openSeverity(run: AgentRun): FindingDraft['severity'] {
  if (isContained(run)) return 'low';
  return OFF_BY_DEFAULT.has(run.invocation.product) && run.invocation.sandbox.state === 'off' ? 'medium' : 'high';
}

function openingKeys({ product, role, keys, file }: AgentConfiguration): readonly FindingDraft[] {
  if (role === 'example') return [];
  return keys.flatMap(({ path, text, place }): readonly FindingDraft[] => {
    const row = SANDBOX_KEYS.find(
      (key) =>
        key.product === product &&
        (key.path === path || path.startsWith(`${key.path}.`)) &&
        (key.value === undefined || key.value === text),
    );
    if (row === undefined) return [];
    const message = `\`${row.path}\` in ${file.path} ${row.what}`;
    return [
      { rule: SANDBOX.id, message, severity: 'high', confidence: 'high', place, subject: `${file.path} ${row.path}` },
    ];
  });
}

/** AGT016 */
export const hardeningOff = agentRule(
  {
    id: 'AGT016',
    name: 'vendor-hardening-off',
    title: 'Vendor hardening switched off',
    what: '`CLAUDE_CODE_SUBPROCESS_ENV_SCRUB=0`, a trust flag or variable (`GEMINI_CLI_TRUST_WORKSPACE`, `--skip-trust`, `--trust`, `--trust-folder`, `COPILOT_ALLOW_ALL`) on a tree that others write.',
    why: 'Trust makes the agent run what the tree brings: hooks, servers, base addresses. A change under review then runs code before the model has read a word.',
    sources: [
      'Measured on Codex 0.169, Gemini CLI 0.61 and Copilot CLI 1.0.102: repository servers and hooks run once trust is given',
      'anthropics/claude-code-action#1547',
    ],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'unsafe',
    advice:
      'Give no trust to a checkout of others; where the hardening breaks the run, contain the whole agent with `sallyport run`.',
    tags: ['CWE-829', 'CWE-693'],
    attack: [
      workflow(
        `${actionStep(GEMINI_ACTION, ['prompt: Review the diff', `gemini_api_key: ${expression('secrets.GEMINI_API_KEY')}`])}\n        env:\n          GEMINI_CLI_TRUST_WORKSPACE: 'true'`,
        { on: PULL_REQUEST_TARGET, checkout: PULL_REQUEST_HEAD },
      ),
    ],
    benign: [
      workflow(
        actionStep(GEMINI_ACTION, [
          'prompt: Review the diff',
          `gemini_api_key: ${expression('secrets.GEMINI_API_KEY')}`,
        ]),
        {
          on: PULL_REQUEST_TARGET,
          checkout: PULL_REQUEST_HEAD,
        },
      ),
    ],
  },
  function* (run, facts) {
    const untrusted = run.tree.provenance === 'pull-request';
    const contained = isContained(run);
    for (const entry of run.invocation.written) {
      const fault = weakening(entry, untrusted);
      if (fault === undefined) continue;
      yield {
        message: `\`${entry.spelled}\` ${fault} ${titleOf(run)}`,
        severity: contained ? 'low' : untrusted ? 'high' : 'medium',
        place: entry.keyPlace,
        about: entry.spelled,
        fixes: containFix(run, facts),
      };
    }
    const writer = untrusted ? [...run.before, run.step].find(writesTrust) : undefined;
    if (writer === undefined || contained) return;
    yield {
      message: `A script writes down that ${titleOf(run)} trusts the tree of a pull request`,
      severity: 'high',
      place: writer.place,
      about: 'hasTrustDialogAccepted',
    };
  },
);

/** What an entry takes away, in the words before the agent's name. */
function weakening(
  { name, spelled, text }: AgentRun['invocation']['written'][number],
  untrusted: boolean,
): string | undefined {
  // Only this spelling trusts the folder; `1` and `yes` approve tools and no more.
  const trusts = name === 'trust' || (spelled === 'COPILOT_ALLOW_ALL' && text.trim() === 'true');
  if (trusts && untrusted) return 'gives the tree of a pull request the trust of';
  const off = /^(?:0|false|no|off|)$/i.test(text.trim());
  return name === 'hardening' && spelled.includes('SCRUB') && off
    ? 'is off, so the keys are visible to every command of'
    : undefined;
}

function writesTrust(step: AgentRun['step']): boolean {
  return step.run?.text.text.includes('hasTrustDialogAccepted') === true;
}

/** AGT017 */
export const hardeningMissing = agentRule(
  {
    id: 'AGT017',
    name: 'vendor-hardening-missing',
    title: 'Vendor hardening missing',
    what: 'Claude Code works on the tree of a pull request, and none of `--setting-sources user`, `--strict-mcp-config`, `--bare`, `--restricted`, `CLAUDE_CODE_SUBPROCESS_ENV_SCRUB` or `disableAllHooks` in `--settings` is there.',
    why: 'Unattended, hooks, `env` blocks, credential helpers and MCP servers of the tree take effect without a question: the change under review runs code and can redirect the key.',
    sources: [
      'Claude Code documentation, "What runs before you trust a folder"',
      'Measured on 2.1.329; none of 218 pipelines set any of them',
    ],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'safe',
    advice: 'Add `--setting-sources user --strict-mcp-config`.',
    tags: ['CWE-829', 'CWE-1188'],
    attack: [
      workflow(commandStep('claude -p "Review the diff" --max-turns 20 --allowedTools Read --tools Read'), {
        on: PULL_REQUEST_TARGET,
        checkout: PULL_REQUEST_HEAD,
      }),
    ],
    benign: [
      workflow(
        commandStep(
          'claude -p "Review the diff" --max-turns 20 --tools Read --setting-sources user --strict-mcp-config',
        ),
        {
          on: PULL_REQUEST_TARGET,
          checkout: PULL_REQUEST_HEAD,
        },
      ),
    ],
  },
  function* (run, facts) {
    if (run.invocation.product !== 'claude-code' || run.tree.provenance !== 'pull-request') return;
    if (isContained(run) || isHardened(run)) return;
    yield {
      message: 'Claude Code works on the tree of a pull request without any of its own hardening',
      fixes: addOptionsFix(
        'Leave settings and servers of the tree out',
        run,
        facts,
        '--setting-sources user --strict-mcp-config',
        'safe',
      ),
    };
  },
);

function isHardened({ invocation, controls }: AgentRun): boolean {
  const own = invocation.settingSources !== undefined && !invocation.settingSources.includes('project');
  const scrubbed = invocation.written.some(
    ({ name, text }) => name === 'hardening' && !/^(?:0|false)$/.test(text.trim()),
  );
  // claude-code-action sets the scrub itself for people without write access.
  const implied = invocation.via === 'action' && invocation.written.some(({ name }) => name === 'gate:users');
  const hooksOff = invocation.settings.some(({ text }) => /"disableAllHooks"\s*:\s*true/.test(text));
  const restored = controls.some(({ kind, certainty }) => kind === 'restored-configuration' && certainty === 'yes');
  return own || scrubbed || implied || hooksOff || restored || invocation.strictMcp || invocation.bare;
}

import type { AgentConfiguration } from '../../../agents/index.ts';
import type { Severity } from '../../../findings/index.ts';
import { configurationRule, type Report } from './configuration-rule.ts';
import { replaceAt } from './edits.ts';
import { settings } from './examples.ts';
import { weighByRuns, withReach } from './reach.ts';

/** A key that switches prompts off or edits on, product by product. */
interface ModeRow {
  readonly products: readonly string[];
  readonly key: RegExp;
  readonly value: RegExp;
  readonly severity: Severity;
  readonly effect: string;
  /** The careful value, as it would be written between quotes. */
  readonly instead: string | undefined;
}

const OFF = 'switches every permission prompt off';
const EDITS = 'lets the agent edit files without asking';

/** Source: the vendors' settings references. */
const MODES: readonly ModeRow[] = [
  {
    products: ['claude-code'],
    key: /^(permissions\.defaultMode|permissionMode)$/,
    value: /^bypassPermissions$/,
    severity: 'high',
    effect: OFF,
    instead: 'default',
  },
  {
    products: ['claude-code'],
    key: /^(permissions\.defaultMode|permissionMode)$/,
    value: /^acceptEdits$/,
    severity: 'medium',
    effect: EDITS,
    instead: 'default',
  },
  {
    products: ['gemini', 'qwen'],
    key: /^(tools\.)?autoAccept$/,
    value: /^true$/,
    severity: 'medium',
    effect: 'runs tools that it takes for safe without asking',
    instead: undefined,
  },
  {
    products: ['gemini', 'qwen'],
    key: /^(general\.defaultApprovalMode|tools\.approvalMode|approvalMode)$/,
    value: /^yolo$/,
    severity: 'high',
    effect: OFF,
    instead: 'default',
  },
  {
    products: ['gemini', 'qwen'],
    key: /^(general\.defaultApprovalMode|tools\.approvalMode|approvalMode)$/,
    value: /^auto[-_]edit$/,
    severity: 'medium',
    effect: EDITS,
    instead: 'default',
  },
  { products: ['opencode'], key: /^permission$/, value: /^allow$/, severity: 'high', effect: OFF, instead: 'ask' },
  {
    products: ['opencode'],
    key: /^(agent\.[^.]{1,80}\.)?permission\.(bash(\.\*)?|\*)$/,
    value: /^allow$/,
    severity: 'high',
    effect: 'lets the agent run any command without asking',
    instead: 'ask',
  },
  {
    products: ['amp'],
    key: /dangerouslyAllowAll$/,
    value: /^true$/,
    severity: 'high',
    effect: OFF,
    instead: undefined,
  },
  { products: ['goose'], key: /^GOOSE_MODE$/, value: /^auto$/, severity: 'high', effect: OFF, instead: 'approve' },
  {
    products: ['copilot'],
    key: /^(defaultPermissionMode)$/,
    value: /^(allow-all|yolo|bypass\w{0,20})$/i,
    severity: 'high',
    effect: OFF,
    instead: undefined,
  },
  {
    products: ['copilot'],
    key: /^chat\.tools\.(global\.)?autoApprove$/,
    value: /^true$/,
    severity: 'high',
    effect: OFF,
    instead: undefined,
  },
  {
    products: ['crush'],
    key: /^(permissions\.)?(yolo|skip_requests)$/,
    value: /^true$/,
    severity: 'high',
    effect: OFF,
    instead: undefined,
  },
];

/** CFG001: the repository itself switches permission prompts off. */
export const bypassModeCommitted = configurationRule(
  {
    id: 'CFG001',
    name: 'bypass-mode-committed',
    title: 'The repository switches permission prompts off',
    what: 'A committed configuration file sets a mode in which the agent acts without asking: bypassPermissions, acceptEdits, yolo, auto-accept, or no approval together with full access.',
    why: "Whoever opens the repository, and some versions in an unattended run, start the agent without the last question between somebody else's text and a command. acceptEdits is honoured by Claude Code from a repository that nobody trusted.",
    sources: [
      'CVE-2026-33068',
      'Claude Code documentation, settings reference',
      'Measured: 2.1.197 honours bypassPermissions of a project file, 2.1.329 does not; both honour acceptEdits',
    ],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    fix: 'unsafe',
    advice: 'Leave the mode to the person or the pipeline, and name the few commands that may run unasked.',
    tags: ['CWE-862', 'CWE-1188'],
    attack: [settings({ permissions: { defaultMode: 'bypassPermissions' } })],
    benign: [settings({ permissions: { defaultMode: 'plan', deny: ['Read(.env)'] } })],
  },
  function* (configuration, facts) {
    for (const key of configuration.keys) {
      const row = MODES.find(
        (one) => one.products.includes(configuration.product) && one.key.test(key.path) && one.value.test(key.text),
      );
      if (row === undefined) continue;
      const quote = key.node.kind === 'scalar' && key.node.style === 'double' ? '"' : '';
      const fixes =
        row.instead === undefined
          ? []
          : [replaceAt(`Set it to ${row.instead}`, key.place, `${quote}${row.instead}${quote}`, 'unsafe')];
      yield {
        place: key.place,
        message: `${key.path} is ${key.text}: it ${row.effect}`,
        subject: `${key.path} ${key.text}`,
        severity: weighByRuns(row.severity, key.place, facts),
        ...withReach(key.place, facts),
        fixes,
      };
    }
    yield* codexWithoutLimits(configuration);
  },
);

/** Codex needs both: nobody to approve, and nothing to contain. */
function* codexWithoutLimits({ product, keys }: AgentConfiguration): Iterable<Report> {
  if (product !== 'codex') return;
  const sandbox = keys.find((key) => /(^|\.)sandbox_mode$/.test(key.path) && key.text === 'danger-full-access');
  const approval = keys.find((key) => /(^|\.)approval_policy$/.test(key.path) && key.text === 'never');
  if (sandbox === undefined || approval === undefined) return;
  yield {
    place: sandbox.place,
    message: 'sandbox_mode danger-full-access together with approval_policy never: nothing asks and nothing contains',
    subject: 'sandbox_mode danger-full-access',
    related: [{ place: approval.place, message: 'nobody is asked' }],
    fixes: [replaceAt('Set sandbox_mode to workspace-write', sandbox.place, '"workspace-write"', 'unsafe')],
  };
}

import type {
  AllowList,
  FileRule,
  Label,
  LabelSource,
  MergeRule,
  NetworkRule,
  PlaneRules,
  ToolRule,
} from './document.ts';
import type { Limits } from './policy.ts';
import { NO_EGRESS, PROTECTED_PATHS } from './protected-paths.ts';

/** Limits when the policy names none: enough for the test suite of an ordinary repository. */
export const DEFAULT_LIMITS: Limits = {
  processes: 512,
  memoryMiB: 4096,
  diskMiB: 2048,
  inodes: 120_000,
  openFiles: 4096,
  outputMiB: 32,
  seconds: 1800,
  patchFiles: 500,
  patchMiB: 16,
};

export const DEFAULT_MODEL = {
  keyEnv: 'ANTHROPIC_API_KEY',
  maxRequests: 500,
  maxTokens: 20_000_000,
} as const;

/** Tools of Claude Code that act inside the sandbox only. What fetches, schedules or talks to a server is not here. */
const CLAUDE_CODE_TOOLS = [
  'Agent',
  'Bash',
  'BashOutput',
  'Edit',
  'ExitPlanMode',
  'Glob',
  'Grep',
  'KillShell',
  'KillBash',
  'LS',
  'MultiEdit',
  'NotebookEdit',
  'NotebookRead',
  'Read',
  'ReportFindings',
  'StructuredOutput',
  'Task',
  'TaskCreate',
  'TaskGet',
  'TaskList',
  'TaskOutput',
  'TaskStop',
  'TaskUpdate',
  'TodoWrite',
  'Write',
];

/** Where untrusted text and secrets come from, unless the policy says otherwise. */
export const DEFAULT_LABELS: Readonly<Record<Label, LabelSource>> = {
  untrusted: { tools: ['WebFetch', 'WebSearch', 'mcp__*'], reads: [] },
  secret: {
    tools: [],
    reads: [
      '.env',
      '.env.*',
      '*.pem',
      '*.key',
      'id_rsa*',
      'id_ed25519*',
      '.npmrc',
      '.pypirc',
      '.netrc',
      'credentials*.json',
    ],
  },
};

/** Rules that hold beside every policy file, each unless the file switches it off by id. */
export function floorRules(disabled: readonly string[]): {
  readonly file: readonly FileRule[];
  readonly network: readonly NetworkRule[];
} {
  const paths = PROTECTED_PATHS.filter(({ id, fixed }) => fixed || !disabled.includes(id));
  const file = paths.map(({ fixed: _, ...rule }): FileRule => rule);
  const egress: NetworkRule = {
    id: NO_EGRESS,
    effect: 'deny',
    after: ['secret', 'untrusted'],
    reason: 'a secret was read and untrusted text was seen in this session, so nothing may leave any more',
    target: { kind: 'host', host: '*' },
  };
  return { file, network: disabled.includes(NO_EGRESS) ? [] : [egress] };
}

/** What is granted where a repository's policy has no allow list of its own. */
export function defaultRules(agent: string | undefined, list: (name: AllowList) => boolean): Required<PlaneRules> {
  return {
    tool: list('tool') ? defaultTools(agent) : [],
    file: OPERATIONS.filter((operation) => list(`file.${operation}`)).map(
      (operation): FileRule => ({
        id: `default/${operation}`,
        effect: 'allow',
        operations: [operation],
        globs: ['**'],
      }),
    ),
    network: [],
    model: list('model') ? [{ id: 'default/model', effect: 'allow', model: '*' }] : [],
    merge: list('merge') ? DEFAULT_MERGE : [],
  };
}

const OPERATIONS = ['read', 'write', 'delete'] as const;

/** Without a tool vocabulary there is nothing to tell apart: the sandbox, the file and the network plane are the wall. */
function defaultTools(agent: string | undefined): readonly ToolRule[] {
  const tools = agent === 'claude-code' ? CLAUDE_CODE_TOOLS : ['*'];
  return tools.map((tool) => ({ id: `default/tool:${tool}`, effect: 'allow', tool }));
}

const DEFAULT_MERGE: readonly MergeRule[] = [
  {
    id: 'default/two-approvals',
    effect: 'deny',
    reason: 'a change written by an agent needs two people (SLSA Source v1.2, level 4)',
    origins: ['agent-run', 'unknown-origin'],
    require: { approvals: 2 },
  },
  { id: 'default/no-high-findings', effect: 'deny', require: { findings: { critical: 0, high: 0 } } },
];

import { type AgentConfiguration, powerOf } from '../../../agents/index.ts';
import type { Fix } from '../../../findings/index.ts';
import { nodeAt } from '../../../syntax/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { settings } from './examples.ts';

/** What an agent must not rewrite, by the rule that forbids it and what counts as forbidding it. */
const SURFACES: readonly { readonly rule: string; readonly covers: RegExp }[] = [
  { rule: 'Edit(.github/**)', covers: /\.github|workflows|gitlab-ci|Jenkinsfile/ },
  { rule: 'Edit(.claude/**)', covers: /\.claude|\.mcp\.json|CLAUDE\.md/ },
  { rule: 'Edit(.git/**)', covers: /\.git\b(?!hub|ignore|lab)/ },
  { rule: 'Read(.env)', covers: /\.env|secret/ },
];

/** CFG015: an agent that may write is not kept from its own guardrails. */
export const surfacesNotDenied = configurationRule(
  {
    id: 'CFG015',
    name: 'protected-surfaces-not-denied',
    title: 'Nothing keeps the agent from its own guardrails',
    what: 'Project settings allow edits and deny none of: pipeline files, agent configuration, the git directory, secret files.',
    why: "Claude Code's own protected paths leave out pipeline files and instruction files: an agent that may edit can change what runs next.",
    sources: [
      'Measured: in acceptEdits the model may write .github/workflows, Dockerfile, CLAUDE.md and more without a prompt',
    ],
    severity: 'low',
    confidence: 'high',
    tier: 'regular',
    fix: 'safe',
    advice: 'Deny edits of pipeline files, agent configuration and .git, and reads of secret files.',
    tags: ['CWE-732'],
    attack: [settings({ permissions: { allow: ['Edit', 'Write'] } })],
    benign: [
      settings({
        permissions: { allow: ['Edit'], deny: ['Edit(.github/**)', 'Edit(.claude/**)', 'Edit(.git/**)', 'Read(.env)'] },
      }),
    ],
  },
  function* (configuration, facts) {
    if (
      configuration.product !== 'claude-code' ||
      configuration.kind !== 'settings' ||
      configuration.role === 'managed'
    )
      return;
    const grant = grantOf(configuration);
    if (grant === undefined) return;
    const missing = SURFACES.filter(
      ({ covers }) => !configuration.deny.some((rule) => covers.test(rule.text) || /^(Edit|Write|\*)$/.test(rule.text)),
    );
    if (missing.length === 0) return;
    const writes = facts.runs.some(
      (run) =>
        run.invocation.product === 'claude-code' &&
        run.capabilities.write !== 'none' &&
        run.configuration.includes(configuration),
    );
    yield {
      place: grant.place,
      message: `${grant.what} allows edits, and nothing denies ${missing.map(({ rule }) => rule).join(', ')}`,
      subject: 'surfaces',
      severity: writes && missing.length === SURFACES.length ? 'medium' : 'low',
      fixes: grant.shell
        ? []
        : denyFix(
            configuration,
            missing.map(({ rule }) => rule),
          ),
    };
  },
);

function grantOf({ allow, keys }: AgentConfiguration) {
  const writing = allow.filter((one) => powerOf(one.text).write !== 'none');
  // What a program of the shell writes, no rule for the editing tools denies.
  const shell = writing.some((one) => powerOf(one.text).execute !== 'none');
  const [rule] = writing;
  if (rule !== undefined) return { what: rule.text, place: rule.place, shell };
  const mode = keys.find(
    (key) => key.path === 'permissions.defaultMode' && /^(acceptEdits|bypassPermissions)$/.test(key.text),
  );
  return mode === undefined ? undefined : { what: `defaultMode ${mode.text}`, place: mode.place, shell: false };
}

function denyFix({ file, root }: AgentConfiguration, rules: readonly string[]): readonly Fix[] {
  const text = rules.map((rule) => JSON.stringify(rule)).join(', ');
  const list = nodeAt(root, 'permissions', 'deny');
  const last = list?.kind === 'list' ? list.items.at(-1) : undefined;
  const permissions = nodeAt(root, 'permissions');
  const at =
    last?.span.end ?? (list === undefined && permissions?.kind === 'map' ? permissions.span.start + 1 : undefined);
  if (at === undefined) return [];
  const insert = last === undefined ? `"deny": [${text}],` : `, ${text}`;
  return [
    {
      title: 'Deny what the agent must not touch',
      safety: 'safe',
      edits: [{ file: file.path, span: { start: at, end: at }, text: insert }],
      creates: [],
    },
  ];
}

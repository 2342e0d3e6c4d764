import type { AgentRun, Facts } from '../../../facts/index.ts';
import { agentRule, isContained, isRunBySallyport, titleOf } from '../agent-rule.ts';
import {
  actionStep,
  commandStep,
  expression,
  GEMINI_ACTION,
  PULL_REQUEST_HEAD,
  PULL_REQUEST_TARGET,
  workflow,
} from '../example.ts';
import { addOptionsFix, containFix } from '../fixes.ts';
import { toolsOfTask } from './task-tools.ts';

/** Products whose tools are limited by a sandbox or not at all. */
const WITHOUT_LISTS: ReadonlySet<string> = new Set(['ai-inference', 'unknown', 'codex']);

/** AGT003 */
export const noToolRestriction = agentRule(
  {
    id: 'AGT003',
    name: 'no-tool-restriction',
    title: 'No tool restriction',
    what: 'Nothing says which tools the agent may use: no allow, deny or tools list, no permission map.',
    why: 'The product decides, and most products decide for everything. With prompts off, or for a product that allows by default, the agent has a shell.',
    sources: [
      'Measured: 54 % of live agent pipelines set no list',
      'google-github-actions/run-gemini-cli action.yml passes --yolo by itself',
    ],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'unsafe',
    advice:
      'Name the tools of the task: `--tools` and `--allowedTools`, `tools.core` in the settings of Gemini CLI, `permission` in opencode.',
    tags: ['CWE-250', 'CWE-1188'],
    attack: [
      workflow(
        actionStep(GEMINI_ACTION, [
          'prompt: Summarise the open issues',
          `gemini_api_key: ${expression('secrets.GEMINI_API_KEY')}`,
        ]),
      ),
    ],
    benign: [
      workflow(
        actionStep(GEMINI_ACTION, [
          'prompt: Summarise the open issues',
          `gemini_api_key: ${expression('secrets.GEMINI_API_KEY')}`,
          'settings: \'{"tools": {"core": ["read_file"]}}\'',
        ]),
      ),
    ],
  },
  function* (run, facts) {
    if (!isUnrestricted(run)) return;
    const { invocation } = run;
    const open = invocation.mode === 'bypass' || invocation.mode === 'unknown' || invocation.mode === 'accept-edits';
    const builtIn = invocation.modeFrom.find((from) => from.builtIn && from.mode === 'bypass');
    const because = builtIn ? `, and the action itself passes \`${builtIn.spelled}\`` : '';
    yield {
      message: `Nothing limits which tools ${titleOf(run)} may use${because}`,
      detail: open
        ? 'Every tool that the product has runs without a question. Text that the agent reads decides what it does with them.'
        : 'Unattended, what would need a question is refused; reading, searching and built-in commands run. Settings, hooks and skills of the repository can widen that without a change here.',
      severity: isContained(run) ? 'low' : open ? 'medium' : 'low',
      fixes: limitFix(run, facts),
    };
  },
);

function limitFix(run: AgentRun, facts: Facts) {
  const { product } = run.invocation;
  if (product === 'claude-code') {
    const tools = toolsOfTask(run);
    return tools === undefined
      ? containFix(run, facts)
      : addOptionsFix('Name the tools', run, facts, `--tools ${tools}`, 'unsafe');
  }
  if (product === 'aider')
    return addOptionsFix('Run no command of the model', run, facts, '--no-suggest-shell-commands', 'unsafe');
  return containFix(run, facts);
}

function isUnrestricted(run: AgentRun): boolean {
  const { invocation, effective } = run;
  if (isRunBySallyport(run)) return false;
  if (WITHOUT_LISTS.has(invocation.product) || invocation.via === 'http') return false;
  if (invocation.mode === 'read-only' || invocation.mode === 'deny') return false;
  // It has no lists; not running what the model proposes is all the limit it knows.
  if (invocation.product === 'aider' && run.capabilities.execute !== 'any') return false;
  const lists = [invocation.allow, invocation.deny, invocation.restrictTo ?? []];
  if (lists.some((rules) => rules.length > 0) || invocation.restrictTo !== undefined) return false;
  if (invocation.written.some(({ name }) => name === 'permission-map')) return false;
  return !effective.some(({ kind, inForce }) => inForce === 'yes' && (kind === 'tools' || kind === 'deny'));
}

/** AGT004 */
export const approvalIsNoRestriction = agentRule(
  {
    id: 'AGT004',
    name: 'approval-is-no-restriction',
    title: 'Pre-approval mistaken for restriction',
    what: 'Only `--allowedTools` is set, while hooks, skills or settings of the repository are loaded that can approve more.',
    why: '`--allowedTools` adds approvals; it takes nothing away. A hook that answers `allow`, or the `allowed-tools` of a skill, approves what the list leaves out.',
    sources: [
      'Claude Code documentation, "Permissions"',
      'Measured on 2.1.329: a project hook approved everything in default, acceptEdits and dontAsk',
    ],
    severity: 'low',
    confidence: 'medium',
    tier: 'regular',
    family: 'AGT',
    fix: 'unsafe',
    advice:
      'Add `--tools` with the same list and `--setting-sources user`, so that files of the repository cannot widen it.',
    tags: ['CWE-693'],
    attack: [
      workflow(commandStep('claude -p "Review the diff" --max-turns 20 --allowedTools Read')),
      {
        file: '.claude/settings.json',
        text: '{\n  "hooks": {\n    "PreToolUse": [{ "matcher": "*", "hooks": [{ "type": "command", "command": "./guard.sh" }] }]\n  }\n}\n',
      },
    ],
    benign: [
      workflow(
        commandStep(
          'claude -p "Review the diff" --max-turns 20 --allowedTools Read --tools Read --setting-sources user',
        ),
      ),
      {
        file: '.claude/settings.json',
        text: '{\n  "hooks": {\n    "PreToolUse": [{ "matcher": "*", "hooks": [{ "type": "command", "command": "./guard.sh" }] }]\n  }\n}\n',
      },
    ],
  },
  function* (run, facts) {
    const { invocation } = run;
    if (invocation.product !== 'claude-code' || invocation.mode === 'bypass') return;
    const own = invocation.allow.find(({ place }) => place.span.start !== invocation.place.span.start);
    const closed = invocation.restrictTo !== undefined || invocation.settingSources !== undefined || invocation.bare;
    const restored = run.controls.some(
      ({ kind, certainty }) => kind === 'restored-configuration' && certainty === 'yes',
    );
    if (own === undefined || closed || restored) return;
    const wide = run.effective.find(({ kind, inForce }) => (kind === 'hook' || kind === 'skill') && inForce !== 'no');
    if (wide === undefined) return;
    yield {
      message: `The allow-list is no limit: ${wide.subject} of the repository can approve more`,
      detail: `${wide.why}. Whoever may change that file widens what the agent may do, without a change to this pipeline.`,
      place: own.place,
      related: [{ place: wide.place, message: 'this is loaded, and can approve tool calls' }],
      fixes: addOptionsFix('Leave the settings of the repository out', run, facts, '--setting-sources user', 'unsafe'),
    };
  },
);

/** AGT014 */
export const editsOnUntrustedTree = agentRule(
  {
    id: 'AGT014',
    name: 'auto-accept-on-untrusted-tree',
    title: 'Auto-accept mode on an untrusted tree',
    what: 'Edits are accepted without a question (`acceptEdits`, `auto_edit`, `--full-auto`) while outsiders write the tree or the text that the agent works on.',
    why: 'The modes accept writes to files that later steps run: build files, scripts, CI files and instruction files are not among the protected paths.',
    sources: [
      'Measured on Claude Code 2.1.329: .github/workflows, Makefile, Dockerfile and CLAUDE.md were written without a prompt',
    ],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'AGT',
    fix: 'unsafe',
    advice:
      'Let the agent propose a patch: read-only tools, or `sallyport run`, which hands over a patch with a verdict.',
    tags: ['CWE-829', 'CWE-1427'],
    attack: [
      workflow(
        commandStep('claude -p "Fix the tests" --max-turns 20 --permission-mode acceptEdits --allowedTools Read'),
        {
          on: PULL_REQUEST_TARGET,
          checkout: PULL_REQUEST_HEAD,
        },
      ),
    ],
    benign: [
      workflow(
        commandStep('claude -p "Review the tests" --max-turns 20 --permission-mode dontAsk --allowedTools Read'),
        {
          on: PULL_REQUEST_TARGET,
          checkout: PULL_REQUEST_HEAD,
        },
      ),
    ],
  },
  function* (run, facts) {
    const from = run.invocation.modeFrom.find(({ mode, builtIn }) => mode === 'accept-edits' && !builtIn);
    const outside =
      run.tree.provenance === 'pull-request' || run.startedBy === 'anyone' || run.startedBy === 'past-contributor';
    if (run.invocation.mode !== 'accept-edits' || from === undefined || !outside || isContained(run)) return;
    yield {
      message: `${titleOf(run)} accepts every edit (\`${from.spelled}\`) on ${run.tree.provenance === 'pull-request' ? 'the tree of a pull request' : 'orders that anyone can give'}`,
      place: from.place,
      fixes: containFix(run, facts),
    };
  },
);

import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, Severity } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { insertKey } from '../agent-job.ts';
import { agentRule, isContained, titleOf } from '../agent-rule.ts';
import { commandStep, workflow } from '../example.ts';
import { containFix, replaceFix } from '../fixes.ts';
import { weighRight } from '../run-weight.ts';
import { mayWrite, rightsOf, writingToken } from '../token-rights.ts';
import { allowing, byCommand, JOB_TOKEN, PROMPT } from './examples.ts';
import { isOnGitHub } from './start-questions.ts';
import { derivedScopes, grantedBy, isNeededBeside, isUsed, mayNeedMore } from './token-scopes.ts';

/** A whole shell with a way to the forge. */
function reachesForge({ capabilities, invocation }: AgentRun): boolean {
  return capabilities.execute === 'any' && capabilities.network !== 'none' && invocation.mode !== 'read-only';
}

/** A workflow whose token has these further rights. */
function withRights(rights: string, command: string): ReturnType<typeof workflow>[] {
  return [workflow(commandStep(command, [JOB_TOKEN]), { permissions: `read\n  ${rights}` })];
}

const APPROVING =
  /^mcp__github\w*__(?:create_and_submit_pull_request_review|submit_pending_pull_request_review|pull_request_review_write|merge_pull_request|enable_\w*auto_?merge)$|^mcp__gitlab\w*__(?:approve|merge)_merge_request$/;

/** GAT008 */
const approvesOrMerges = agentRule(
  {
    id: 'GAT008',
    name: 'agent-approves-or-merges',
    title: 'The agent can approve or merge',
    what: 'The token may write pull requests, and an allow rule, a whole shell or an MCP tool lets the agent review with an approval, merge, or switch auto-merge on.',
    why: 'The review is the last check before the protected branch. An agent that reads the change it reviews can be talked into the approval by the change itself.',
    sources: [
      'pipeline-check GHA-104',
      'GitHub documentation, "Preventing GitHub Actions from creating or approving pull requests"',
    ],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    family: 'GAT',
    fix: 'unsafe',
    advice: 'Let the agent comment only (`gh pr comment`), and let a person or another job with fixed rules approve.',
    tags: ['CWE-863', 'CWE-285', 'OWASP-CICD-SEC-1'],
    attack: withRights('pull-requests: write', allowing('Read,Bash(gh pr review *)')),
    benign: withRights('pull-requests: write', allowing('Read,Bash(gh pr comment *)')),
  },
  function* (run) {
    if (!isOnGitHub(run)) return;
    const tool = run.invocation.allow.find(({ text }) => APPROVING.test(text.trim()));
    const rule = grantedBy(run, ['merge']);
    const shell = reachesForge(run);
    const token = tool === undefined ? writingToken(run, 'pull-requests') : undefined;
    if (tool === undefined && (token === undefined || (rule === undefined && !shell))) return;
    const through = (tool ?? rule)?.text ?? 'its shell';
    const scope = rightsOf(run)?.scopes.find(({ name, access }) => name === 'pull-requests' && access === 'write');
    const explicit = tool !== undefined || rule !== undefined;
    yield {
      message: `${titleOf(run)} in job ${run.job.id} can approve or merge pull requests through ${through}${token === undefined ? '' : ` with ${token.name}`}`,
      detail:
        'Branch protection counts its approval unless the repository forbids approvals by Actions, which is not written in any file.',
      severity: weighRight(run, explicit ? 'high' : 'medium'),
      place: (tool ?? rule)?.place ?? run.invocation.place,
      about: 'approve or merge',
      related: scope === undefined ? [] : [{ place: scope.place, message: 'the token may write pull requests' }],
      // A tool of a server has a token of its own, and other steps may need the right.
      fixes:
        scope === undefined || tool !== undefined || isNeededBeside(run, 'pull-requests')
          ? []
          : [replaceFix('Let the token read pull requests only', scope.place, 'pull-requests: read', 'unsafe')],
    };
  },
);

/** GAT010 */
const rightsMissing = agentRule(
  {
    id: 'GAT010',
    name: 'token-rights-missing',
    title: 'The rights of the token are missing or everything',
    what: 'A job with an agent says `write-all`, or neither it nor its workflow has `permissions`.',
    why: 'Without a word the default of the repository holds, which in older repositories is every write right. Whatever the agent is talked into then has them.',
    sources: [
      'zizmor excessive-permissions',
      'OpenSSF Scorecard, Token-Permissions',
      'Measured: 9 % of live agent pipelines',
    ],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'GAT',
    fix: 'safe',
    advice: 'Write the rights that the steps use, and no more.',
    tags: ['CWE-250', 'CWE-276', 'OWASP-CICD-SEC-5'],
    attack: [replaced('permissions:\n  contents: read', 'permissions: write-all')],
    benign: byCommand(),
  },
  function* (run, facts) {
    const first = facts.runs.find((other) => other.job === run.job);
    if (!isOnGitHub(run) || run.pipeline.role !== 'workflow' || first !== run) return;
    const permissions = rightsOf(run);
    if (permissions !== undefined && permissions.mode !== 'write-all') return;
    const scopes = derivedScopes(run);
    const severity: Severity = permissions === undefined ? 'medium' : 'high';
    yield {
      message:
        permissions === undefined
          ? `Nothing says what the token of job ${run.job.id} may do, in which ${titleOf(run)} works`
          : `The token of job ${run.job.id}, in which ${titleOf(run)} works, has every write right`,
      detail: `Its steps show the need for: ${scopes.join(', ')}.`,
      // Also a sandbox around the agent leaves the token to the other steps.
      severity: isContained(run) ? 'low' : severity,
      place: permissions?.place ?? run.job.place,
      about: 'permissions',
      fixes: leastRights(run, facts, scopes),
    };
  },
);

function replaced(from: string, to: string): ReturnType<typeof workflow> {
  const example = workflow(commandStep(PROMPT));
  return { ...example, text: example.text.replace(from, to) };
}

function leastRights(run: AgentRun, facts: Facts, scopes: readonly string[]): readonly Fix[] {
  const permissions = rightsOf(run);
  const title = 'Give the token what the steps use';
  const unsure = run.invocation.via !== 'command' || run.capabilities.forgeWrite || mayNeedMore(run.job);
  const safety: Fix['safety'] = unsure ? 'unsafe' : 'safe';
  if (permissions !== undefined) {
    const { file, span } = permissions.place;
    const text = facts.source(file)?.text ?? '';
    const column = ' '.repeat(span.start - (text.lastIndexOf('\n', span.start - 1) + 1) + 2);
    return [
      replaceFix(
        title,
        permissions.place,
        `permissions:\n${scopes.map((line) => `${column}${line}`).join('\n')}`,
        safety,
      ),
    ];
  }
  const { node, body } = run.job;
  if (node?.kind !== 'map') return [];
  const edit = insertKey(facts.source(body.file), { file: body.file, span: node.span }, [
    'permissions:',
    ...scopes.map((line) => `  ${line}`),
  ]);
  return edit === undefined ? [] : [{ title, safety, edits: [edit], creates: [] }];
}

/** GAT011 */
const unusedRight = agentRule(
  {
    id: 'GAT011',
    name: 'write-right-without-use',
    title: 'A write right that no step uses',
    what: 'The token of an agent’s job may write something that none of its steps writes.',
    why: 'A right without a use helps nobody but whoever talks the agent into using it.',
    sources: ['NIST SP 800-53, AC-6', 'StepSecurity, "Least privilege for GITHUB_TOKEN"'],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'GAT',
    fix: 'safe',
    advice: 'Take the right away, or make it `read`.',
    tags: ['CWE-250', 'CWE-272', 'OWASP-CICD-SEC-5'],
    attack: [workflow(commandStep(`${PROMPT} --allowedTools Read`), { permissions: 'read\n  packages: write' })],
    benign: [workflow(commandStep(`${PROMPT} --allowedTools Read`), { permissions: 'read\n  packages: read' })],
  },
  function* (run, facts) {
    const permissions = rightsOf(run);
    const first = facts.runs.find((other) => other.job === run.job);
    if (!isOnGitHub(run) || permissions?.mode !== 'map' || first !== run) return;
    // Rights at the top of the file may be meant for another job.
    const shared = permissions === run.pipeline.permissions && run.pipeline.jobs.length > 1;
    for (const { name, access, place } of permissions.scopes) {
      if (access !== 'write' || shared || isUsed(run, name)) continue;
      yield {
        message: `No step of job ${run.job.id} uses ${name}: write, but ${titleOf(run)} could`,
        detail:
          'Inferred from actions, commands and the tools of the agent. What somebody else’s action does with the token counts as a use.',
        severity: isContained(run) ? 'low' : 'medium',
        place,
        about: `unused ${name}`,
        fixes: [
          replaceFix(
            name === 'id-token' ? 'Take the right away' : 'Make it read',
            place,
            `${name}: ${name === 'id-token' ? 'none' : 'read'}`,
            'safe',
          ),
        ],
      };
    }
  },
);

/** GAT012 */
const pushesToBranch = agentRule(
  {
    id: 'GAT012',
    name: 'agent-pushes-to-branch',
    title: 'The agent can push to the default branch',
    what: 'The token may write contents, and the agent may push (an allow rule, a whole shell with the token in reach), or a later step pushes what the agent left.',
    why: 'What lands on the default branch is built, released and run. Between a sentence in an issue and that branch stands then only a branch protection that this repository does not show.',
    sources: ['OWASP CICD-SEC-1', 'GitHub documentation, "About protected branches"'],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    family: 'GAT',
    fix: 'unsafe',
    advice:
      'Let the agent leave a patch (`sallyport run --apply` does so), and let another job open a pull request with it.',
    tags: ['CWE-863', 'CWE-494', 'OWASP-CICD-SEC-1'],
    attack: [workflow(commandStep(allowing('Read,Edit,Bash(git push *)'), [JOB_TOKEN]), { permissions: 'write' })],
    benign: [workflow(commandStep(allowing('Read,Edit,Bash(git diff *)'), [JOB_TOKEN]), { permissions: 'read' })],
  },
  function* (run, facts) {
    if (!isOnGitHub(run)) return;
    const fixes = isContained(run) ? [] : containFix(run, facts);
    const token = writingToken(run, 'contents');
    const rule = grantedBy(run, ['git-push']);
    const shell = reachesForge(run);
    const detail =
      'Whether the branch is protected, and whether this token may pass the protection, is not written in the repository.';
    if (token !== undefined && (rule !== undefined || (shell && token.reachable === 'yes'))) {
      yield {
        message: `${titleOf(run)} in job ${run.job.id} can push to any branch that is not protected, with ${token.name}`,
        detail,
        severity: weighRight(run, 'high'),
        place: rule?.place ?? run.invocation.place,
        about: 'push',
        fixes,
      };
    }
    const push = run.effectsAfter.find(({ kind }) => kind === 'push');
    const opens = run.effectsAfter.some(({ kind }) => kind === 'create-pull-request');
    if (
      push !== undefined &&
      !opens &&
      mayWrite(rightsOf(run), 'contents') !== 'no' &&
      run.capabilities.write !== 'none' &&
      !isNewBranch(push.place, facts)
    ) {
      yield {
        message: `A step behind ${titleOf(run)} in job ${run.job.id} pushes what the agent left`,
        detail: `Nobody looks at it in between. ${detail}`,
        severity: weighRight(run, 'high'),
        place: push.place,
        about: 'push behind the agent',
        related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
        fixes,
      };
    }
  },
);

/** `git push origin HEAD:agent/fix-1`, `git push -u origin "$BRANCH"`: a branch of its own, not the default one. */
function isNewBranch({ file, span }: FindingDraft['place'], facts: Facts): boolean {
  const command = facts.source(file)?.text.slice(span.start, span.end) ?? '';
  return /\s(?:-u|--set-upstream)\s/.test(command) && !/\b(?:main|master|trunk)\b/.test(command);
}

export const RIGHTS_RULES: readonly Rule[] = [approvesOrMerges, rightsMissing, unusedRight, pushesToBranch];

import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, Severity } from '../../../findings/index.ts';
import { scalarAt } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps, onePerJob } from '../agent-job.ts';
import { agentRule, isContained, type RunFinding, titleOf } from '../agent-rule.ts';
import { buildOfChange } from '../change-build.ts';
import { workflow } from '../example.ts';
import { replaceFix, textAt } from '../fixes.ts';
import { removeLines } from '../line-removal.ts';
import { bringsForeignChange } from '../path/foreign-change.ts';
import { mayWrite, rightsOf } from '../token-rights.ts';
import { EXE, onHead, READER, step } from './examples.ts';

/**
 * An outsider's event runs it with the repository's rights, and brings the change along. Without a written ref the events
 * that have those rights check out the base; those that check out the change have none for outsiders.
 */
export function isPrivileged(run: AgentRun): boolean {
  return run.triggers.some(({ untrusted, privileged }) => untrusted && privileged) && takesHead(run);
}

function takesHead({ tree, effectsBefore, pipeline }: AgentRun): boolean {
  const checkout = effectsBefore.find(({ kind, place }) => kind === 'checkout' && place === tree.place);
  if (checkout?.kind !== 'checkout') return true;
  const written = checkout.ref !== undefined && checkout.ref.text.trim() !== '';
  return pipeline.platform !== 'github' || written || checkout.certainty === 'possible' || checkout.path !== undefined;
}

/** Somebody with rights has to act, or be fooled, before it starts. */
export function isGated({ gateStrength, startedBy, ways, pipeline }: AgentRun): boolean {
  // What a relay starts in GitLab is a branch of the project: the change comes with the merge request alone.
  const bringing = pipeline.platform === 'gitlab' ? ways.filter(({ trigger }) => BRINGS_CHANGE.has(trigger.event)) : [];
  if (bringing.length > 0) return bringing.every(({ strength, circle }) => strength >= 2 || circle === 'member');
  return gateStrength >= 2 || startedBy === 'member' || startedBy === 'maintainer';
}

const BRINGS_CHANGE: ReadonlySet<string> = new Set(['merge_request_event', 'external_pull_request_event']);

/** By who can reach it: open to anybody, behind a gate, or only for people who may push and so write the pipeline too. */
export function byReach(run: AgentRun): Severity {
  if (!isPrivileged(run) || !bringsForeignChange(run)) return 'medium';
  return isGated(run) ? 'high' : 'critical';
}

export function whoStarts(run: AgentRun): string {
  if (!bringsForeignChange(run)) return 'Whoever may push a branch';
  return isGated(run)
    ? 'The author of a pull request for which a member starts the agent'
    : 'Anyone who opens a pull request';
}

/** EXE001 */
export const headInPrivilegedJob: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE001',
    name: 'pull-request-head-in-privileged-agent-job',
    title: 'The head of a pull request lies where a privileged agent works',
    what: 'An agent started by `pull_request_target`, a comment, a label or another workflow works in the head of a pull request: by `ref`, by a variable, by `gh pr checkout` or by `git fetch`.',
    why: 'The author of the change writes the files that the agent reads as instructions and that its tools run, while the job holds the secrets and the token of the repository.',
    sources: [
      'GitHub Security Lab, "Preventing pwn requests"',
      'poutine untrusted_checkout_exec',
      'Measured: 9 % of public agent workflows',
    ],
    severity: 'critical',
    confidence: 'high',
    fix: 'unsafe',
    advice:
      'Check out the base and give the agent the difference as text, or run it on `pull_request` without secrets.',
    tags: ['CWE-829', 'CWE-94', 'OWASP-CICD-SEC-4'],
    attack: [onHead(READER)],
    benign: [workflow(READER, { on: '  pull_request_target:\n    types: [opened]' })],
  },
  function* (run, facts): Iterable<RunFinding> {
    if (run.tree.provenance !== 'pull-request' || !isPrivileged(run)) return;
    const fixes = baseFix(run, facts);
    const restored =
      run.invocation.restores.length > 0
        ? ' The action takes its own configuration from the base, but not the rest of the tree.'
        : '';
    yield {
      message: `${titleOf(run)} of job ${run.job.id} works in the head of a pull request, with the rights of the repository`,
      detail: `${whoStarts(run)} decides what lies in the tree: instruction files, scripts, tool configuration. Tool lists do not help where an allowed program obeys those files.${restored}`,
      severity: isContained(run) ? (isGated(run) ? 'low' : 'medium') : byReach(run),
      ...(run.tree.place ? { place: run.tree.place } : {}),
      related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
      about: 'head',
      ...(fixes.length > 0 ? { fixes } : {}),
    };
  },
);

/** Takes `ref:` out of the checkout, so that the base is checked out; not in a job that may push to what it checked out. */
function baseFix(run: AgentRun, facts: Facts): readonly Fix[] {
  if (mayWrite(rightsOf(run), 'contents') === 'yes') return [];
  const checkout = flatSteps(run.job.steps).find(
    ({ uses, effects }) => uses !== undefined && effects.some(({ place }) => place === run.tree.place),
  );
  const ref = checkout?.inputs.find(({ name }) => name === 'ref');
  const file = ref && facts.source(ref.keyPlace.file);
  if (!ref || !file || checkout === undefined || checkout.inputs.length < 2) return [];
  const span = { start: ref.keyPlace.span.start, end: ref.value.place.span.end };
  const edit = removeLines(file, { file: file.path, span });
  return edit ? [{ title: 'Check out the base', safety: 'unsafe', edits: [edit], creates: [] }] : [];
}

/** EXE002 */
export const untrustedBuild: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE002',
    name: 'untrusted-build-before-agent',
    title: 'Code of the pull request runs in the job before the agent starts',
    what: 'A step before the agent installs, builds or tests the tree of a pull request in the same job.',
    why: 'Package scripts and build files are programs of whoever wrote the change. They can replace the agent on PATH, set variables for it, write its configuration, or wait for its key.',
    sources: ['poutine documentation, untrusted_checkout_exec', 'GitHub Security Lab, "Preventing pwn requests"'],
    severity: 'high',
    confidence: 'high',
    fix: 'none',
    advice: 'Build in another job and hand its output over as a file, or start the agent first.',
    tags: ['CWE-829', 'OWASP-CICD-SEC-4'],
    attack: [onHead(`${step('npm ci')}\n${READER}`)],
    benign: [onHead(READER)],
  },
  function* (run): Iterable<RunFinding> {
    const build = buildOfChange(run);
    if (build === undefined) return;
    yield {
      message: `\`${build.tool}\` runs code of the pull request before ${titleOf(run)} starts in job ${run.job.id}`,
      detail: `${whoStarts(run)} runs programs in the job; what they leave behind (PATH, variables, files below the home directory) meets the agent and its key. A sandbox around the agent starts too late.`,
      severity: isPrivileged(run) && bringsForeignChange(run) ? 'high' : 'medium',
      confidence: build.certainty === 'certain' ? 'high' : 'medium',
      place: build.place,
      about: `build ${build.tool}`,
    };
  },
);

/** EXE007. On the tree of a pull request EXE002 speaks. */
export const installScripts: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE007',
    name: 'install-scripts-near-agent',
    title: 'An installation beside the agent takes what is newest, or runs its scripts',
    what: 'The job of an agent installs dependencies without holding to a lock file, or lets packages run their install scripts.',
    why: 'A package that was taken over runs as a program in the job of the agent: before it, it plants; after it, it reads what is left. Stolen releases were up for hours.',
    sources: ['Shai-Hulud and the s1ngularity release of nx, 2025', 'npm documentation, "ignore-scripts"'],
    severity: 'medium',
    confidence: 'medium',
    fix: 'safe',
    advice: 'Install from the lock file with scripts off: `npm ci --ignore-scripts`.',
    tags: ['CWE-829', 'CWE-494', 'OWASP-CICD-SEC-3'],
    attack: [workflow(`${step('npm install')}\n${READER}`)],
    benign: [workflow(`${step('npm ci --ignore-scripts')}\n${READER}`)],
  },
  function* (run, facts): Iterable<RunFinding> {
    if (run.tree.provenance === 'pull-request') return;
    for (const effect of run.effectsBefore) {
      if (effect.kind !== 'build' || !effect.installs || (effect.locked && !effect.lifecycleScripts)) continue;
      const what = effect.locked
        ? 'lets packages run their install scripts'
        : effect.lifecycleScripts
          ? 'is not bound to a lock file and lets packages run their scripts'
          : 'is not bound to a lock file';
      yield {
        message: `\`${effect.tool}\` ${what} in the job of ${titleOf(run)}`,
        severity: effect.locked ? 'low' : 'medium',
        place: effect.place,
        about: `install ${effect.tool}`,
        fixes: lockedFix(facts, effect.place),
      };
    }
  },
);

function lockedFix(facts: Facts, place: FindingDraft['place']): readonly Fix[] {
  const text = textAt(facts, place) ?? '';
  const [whole, , verb = ''] = /^(npm (ci|install|i))(?![\w-])/.exec(text) ?? [];
  if (whole === undefined) return [];
  const locked = verb === 'ci' || facts.tree.entries.some(({ path }) => path === 'package-lock.json');
  if (!locked) return [];
  const span = { start: place.span.start, end: place.span.start + whole.length };
  return [
    replaceFix(
      'Install from the lock file, without scripts',
      { file: place.file, span },
      'npm ci --ignore-scripts',
      verb === 'ci' ? 'safe' : 'unsafe',
    ),
  ];
}

/** EXE017 */
export const foreignCode: Rule = agentRule(
  {
    ...EXE,
    id: 'EXE017',
    name: 'third-party-code-run-beside-agent',
    title: 'Code of another repository is cloned and run in the job of the agent',
    what: 'A step clones another repository without naming a commit, and a later command of the same job installs, builds or runs what lies there.',
    why: 'Whoever can push to that repository runs code in this job from the next minute on, with the key of the agent in reach.',
    sources: ['Measured: 9 of 15 public GitLab pipelines with an agent', 'CVE-2025-30066'],
    severity: 'high',
    confidence: 'medium',
    fix: 'none',
    advice:
      'Check out a full commit (`git checkout SHA`) before anything of it runs, or install a released, pinned package.',
    tags: ['CWE-829', 'CWE-494', 'OWASP-CICD-SEC-3'],
    attack: [
      workflow(
        `      - run: |\n          git clone https://git.example.test/acme/reviewer\n          cd reviewer\n          npm install\n          npm start\n${READER}`,
      ),
    ],
    benign: [workflow(`      - run: git clone https://git.example.test/acme/documents\n${READER}`)],
  },
  function* (run): Iterable<RunFinding> {
    const effects = [...run.effectsBefore, ...run.step.effects];
    for (const [at, effect] of effects.entries()) {
      if (effect.kind !== 'clone' || effect.pinned || isOwn(effect.url)) continue;
      const runs = effects
        .slice(at + 1)
        .find(({ kind }) => kind === 'build' || kind === 'unfollowed' || kind === 'evaluate');
      if (runs === undefined) continue;
      yield {
        message: `${effect.url ?? 'A repository'} is cloned without a commit and then run beside ${titleOf(run)}`,
        place: effect.place,
        related: [{ place: runs.place, message: 'what was cloned runs here' }],
        about: `clone ${effect.url ?? ''}`,
      };
    }
  },
);

function isOwn(url: string | undefined): boolean {
  return (
    url === undefined ||
    /CI_REPOSITORY_URL|CI_PROJECT_|github\.repository|GITHUB_REPOSITORY|BUILD_REPOSITORY|GIT_URL/i.test(url)
  );
}

const SUBMODULES = `      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
          ref: \${{ github.event.pull_request.head.sha }}
          submodules: recursive
`;

/** EXE019. Links of configuration files are CFG024. */
export const widenedTree: Rule = {
  ...EXE,
  id: 'EXE019',
  name: 'tree-widened-by-submodules-or-links',
  title: 'Submodules or links widen the tree of the agent',
  what: 'The head of a pull request is checked out with its submodules in the job of an agent, or a link of the repository leaves it.',
  why: 'The change decides where submodules come from, so any repository lands in the tree. A link that leaves the tree shows files of the machine to whoever may read the tree only.',
  sources: ['CVE-2025-59829 and CVE-2026-25724: deny rules passed by a link', 'CVE-2024-32002, git submodules'],
  severity: 'medium',
  confidence: 'high',
  fix: 'unsafe',
  advice: 'Check out without submodules, and remove links that leave the repository.',
  tags: ['CWE-59', 'CWE-829'],
  attack: [workflow(`${SUBMODULES}${READER}`, { on: '  pull_request_target:\n    types: [opened]' })],
  benign: [onHead(READER)],
  check: (facts) => [...onePerJob(facts.runs).flatMap((run) => foreignSubmodules(run, facts)), ...leavingLinks(facts)],
};

function foreignSubmodules(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  const effect = run.effectsBefore.find(
    (one) => one.kind === 'checkout' && one.submodules && one.tree === 'pull-request',
  );
  if (effect === undefined) return [];
  const fixes = submoduleFix(run, facts);
  return [
    {
      rule: 'EXE019',
      message: `The pull request decides which repositories are fetched as submodules beside ${titleOf(run)}`,
      severity: 'medium',
      confidence: 'high',
      place: effect.place,
      subject: `${run.job.id} submodules`,
      ...(fixes.length > 0 ? { fixes } : {}),
    },
  ];
}

function submoduleFix(run: AgentRun, facts: Facts): readonly Fix[] {
  for (const { node, uses } of flatSteps(run.job.steps)) {
    const value = scalarAt(node, 'with', 'submodules');
    if (value === undefined || uses === undefined || facts.source(uses.place.file) === undefined) continue;
    // What the build takes from them is not known here.
    return [replaceFix('Leave submodules out', { file: uses.place.file, span: value.span }, 'false', 'unsafe')];
  }
  return [];
}

function leavingLinks(facts: Facts): readonly FindingDraft[] {
  if (facts.runs.length === 0) return [];
  return facts.tree.entries.flatMap((entry): readonly FindingDraft[] =>
    entry.kind === 'link' && entry.leaves
      ? [
          {
            rule: 'EXE019',
            message: `The link ${entry.path} leaves the repository (${entry.target}), and an agent works in this tree`,
            severity: 'medium',
            confidence: 'high',
            place: { file: entry.path, span: { start: 0, end: 0 } },
            subject: `link ${entry.path}`,
          },
        ]
      : [],
  );
}

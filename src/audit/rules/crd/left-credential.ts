import type { AgentRun } from '../../../facts/index.ts';
import { tokenWrites } from '../../../facts/index.ts';
import type { Edit, FindingDraft, Fix } from '../../../findings/index.ts';
import type { CredentialClass, Step } from '../../../pipelines/index.ts';
import { scalarAt } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { isRunBySallyport } from '../agent-rule.ts';
import { pushesWithCheckout } from '../pushing-tools.ts';
import { withStepBefore, workflow } from './examples.ts';
import { allSteps, eachRun, runDraft } from './run-report.ts';
import { addToSection } from './section-edit.ts';

function canLook({ capabilities }: AgentRun): boolean {
  return capabilities.execute !== 'none' || capabilities.read !== 'none';
}

/** CRD006. On Azure `persistCredentials: true` is AZ004. */
export const checkoutCredentials: Rule = {
  id: 'CRD006',
  name: 'checkout-leaves-credentials',
  title: 'The checkout leaves the token where the agent works',
  what: 'The checkout before an agent keeps its token in `.git/config`, and the agent can read files or run programs.',
  why: 'One read of `.git/config` shows the token of the job; with write rights it pushes in the name of the pipeline.',
  sources: ['zizmor documentation, artipacked', 'Measured: 79 % of public agent workflows'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'safe',
  advice:
    'Set `persist-credentials: false` at the checkout; in GitLab, the variable `FF_GIT_URLS_WITHOUT_TOKENS: "true"` of the job.',
  tags: ['CWE-522', 'CWE-538', 'OWASP-CICD-SEC-6'],
  attack: workflow('        with:\n          persist-credentials: false\n', ''),
  benign: workflow(),
  check: (facts) =>
    eachRun(facts, (run) => {
      const { tree } = run;
      if (tree.persistsCredentials !== 'yes' || tree.place === undefined || !canLook(run)) return [];
      if (run.pipeline.platform === 'azure' || isRunBySallyport(run)) return [];
      const writes = tokenWrites(run.job.permissions ?? run.pipeline.permissions);
      const rights = writes === 'yes' ? 'with write rights ' : '';
      return [
        runDraft('CRD006', run, {
          message: `The checkout leaves the job's token ${rights}in ${whereKept(run)}, in reach of the agent`,
          severity: writes === 'no' || run.pipeline.platform === 'gitlab' ? 'medium' : 'high',
          place: tree.place,
          about: 'checkout',
          fixes: keepNothing(run),
        }),
      ];
    }),
};

/** From version 6 on the action writes the token beside the tree; git and whoever asks git still find it. */
const KEPT_BESIDE = 6;

function whereKept({ job, tree }: AgentRun): string {
  const step = allSteps(job.steps).find(({ effects }) => effects.some(({ place }) => place === tree.place));
  const version = step?.uses?.refKind === 'digest' ? step.uses.comment : step?.uses?.ref;
  const major = Number(/\bv?(\d{1,3})(?:\.|$|\s)/.exec(version ?? '')?.[1] ?? 0);
  return major >= KEPT_BESIDE ? 'a file that .git/config names' : '.git/config';
}

/**
 * Safe unless somebody pushes with what the checkout left, or asked for it in so many words. Where one of several
 * checkouts is chosen by conditions, each has to leave nothing.
 */
function keepNothing(run: AgentRun): readonly Fix[] {
  const edits = run.job.steps.filter(isCheckout).flatMap((step) => keepsNothing(run, step) ?? []);
  if (edits.length === 0) return [];
  const pushed = [...run.effectsBefore, ...run.effectsAfter].some(({ kind }) => kind === 'push');
  const needed =
    pushed || pushesWithCheckout(run.job.steps) || pushesItself(run) || run.job.steps.some(asksForCredentials);
  return [{ title: 'Leave no credentials behind', safety: needed ? 'unsafe' : 'safe', edits, creates: [] }];
}

/** The agent is told or allowed to push. The action of Claude Code logs git in by itself. */
function pushesItself({ invocation }: AgentRun): boolean {
  const { product, via, prompts, allow } = invocation;
  if (product === 'claude-code' && via === 'action') return false;
  return [...prompts, ...allow].some(({ text }) => /\bgit\s{1,3}push\b|\(git(?::\*|\s\*)?\)/.test(text));
}

function asksForCredentials({ node }: Step): boolean {
  return scalarAt(node, 'with', 'persist-credentials')?.text === 'true';
}

/** `undefined` when the step says so already, or when there is no place to say it. */
function keepsNothing({ pipeline: { file } }: AgentRun, { node }: Step): Edit | undefined {
  if (node === undefined) return undefined;
  const written = scalarAt(node, 'with', 'persist-credentials');
  if (written === undefined) return addToSection(file, node, 'with', { key: 'persist-credentials', text: 'false' });
  return written.text === 'false' ? undefined : { file: file.path, span: written.span, text: 'false' };
}

/** By an action: what `git` fetches itself has no such input. */
function isCheckout({ node, uses, effects }: Step): boolean {
  return node !== undefined && uses !== undefined && effects.some(({ kind }) => kind === 'checkout');
}

/** What a login opens that an agent never needs. */
const LOGINS: Readonly<Partial<Record<CredentialClass, string>>> = {
  cloud: 'a cloud',
  registry: 'a registry',
  kubernetes: 'a cluster',
  deploy: 'a server',
  signing: 'a signing service',
};

/** CRD008 */
export const loginBeforeAgent: Rule = {
  id: 'CRD008',
  name: 'login-before-agent',
  title: 'The job is logged in elsewhere when the agent starts',
  what: 'A step before the agent logs in to a cloud, a registry, a cluster or a server.',
  why: 'The login stays as files and variables; every program of the agent acts with it.',
  sources: ['GitHub documentation, "Security hardening for GitHub Actions"', 'CWE-522'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'Log in after the agent, in another job that takes only its patch.',
  tags: ['CWE-522', 'CWE-269', 'OWASP-CICD-SEC-6'],
  attack: withStepBefore(
    `      - uses: docker/login-action@5e57cd118135c172c3672efd75eb46360885c0ef # v3.6.0\n        with:\n          password: \${{ secrets.REGISTRY_PASSWORD }}\n`,
  ),
  benign: workflow(),
  check: (facts) =>
    eachRun(facts, (run) => {
      if (!canLook(run)) return [];
      return run.effectsBefore.flatMap((effect) => {
        const to = effect.kind === 'login' ? LOGINS[effect.to] : undefined;
        if (effect.kind !== 'login' || to === undefined) return [];
        return [
          runDraft('CRD008', run, {
            message: `Job ${run.job.id} is logged in to ${to} before the agent starts`,
            severity: run.capabilities.execute === 'none' ? 'medium' : 'high',
            confidence: effect.certainty === 'certain' ? 'high' : 'medium',
            place: effect.place,
            about: `login ${effect.to}`,
          }),
        ];
      });
    }),
};

/** CRD011 */
export const secretOnDisk: Rule = {
  id: 'CRD011',
  name: 'secret-on-disk-before-agent',
  title: 'A secret is written to disk before the agent starts',
  what: 'A step before the agent writes a credential into a file: a login of git, npm, the cloud or an agent, or `.env`.',
  why: 'Reading a file needs no permission in most modes; a deny list of paths misses `grep -r` and the next file name.',
  sources: ['Seen in public GitLab pipelines: tokens written to ~/.git-credentials', 'CWE-312'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'Give the value to the one program that needs it, in its step; remove the file before the agent.',
  tags: ['CWE-312', 'CWE-522'],
  attack: withStepBefore(
    `      - run: echo "//registry.example.test/:_authToken=\${{ secrets.NPM_TOKEN }}" > ~/.npmrc\n`,
  ),
  benign: workflow(),
  check: (facts) => eachRun(facts, writtenFiles),
};

function* writtenFiles(run: AgentRun): Generator<FindingDraft> {
  if (!canLook(run)) return;
  const cleaned = allSteps(run.before).some((step) =>
    step.effects.some((effect) => effect.kind === 'cleanup' && /npmrc|netrc|credentials|\.env/.test(effect.what)),
  );
  for (const effect of run.effectsBefore) {
    if (effect.kind !== 'write-secret-file' || cleaned) continue;
    yield runDraft('CRD011', run, {
      message: `${effect.path} holds a credential when the agent starts`,
      severity: 'high',
      confidence: effect.certainty === 'certain' ? 'high' : 'medium',
      place: effect.place,
      about: `file ${effect.path}`,
    });
  }
}

import { analyseRule, type Grant } from '../../../agents/index.ts';
import type { AgentRun } from '../../../facts/index.ts';
import type { Effect, Job, Step } from '../../../pipelines/index.ts';

/** The rule that lets the agent do this without a question. */
export function grantedBy(run: AgentRun, grants: readonly Grant[]) {
  return [...run.invocation.allow, ...(run.invocation.restrictTo ?? [])].find(({ text }) => {
    const meaning = analyseRule(run.invocation.product, text);
    return meaning.dead === undefined && meaning.grants.some((grant) => grants.includes(grant));
  });
}

/** A step and all steps in it. */
function inner(step: Step): readonly Step[] {
  return [step, ...step.inner.flatMap(inner)];
}

function jobSteps({ job }: AgentRun): readonly Step[] {
  return job.steps.flatMap(inner);
}

/** Which effects need which scope. */
const NEEDS: { readonly [scope: string]: ReadonlySet<Effect['kind']> } = {
  contents: new Set(['push', 'create-pull-request', 'release', 'merge']),
  'pull-requests': new Set(['comment', 'approve', 'create-pull-request', 'label', 'merge']),
  issues: new Set(['comment', 'label']),
  discussions: new Set(['comment']),
  packages: new Set(['publish', 'login', 'container']),
  deployments: new Set(['deploy']),
  pages: new Set(['deploy']),
  'id-token': new Set(['login', 'sign', 'publish', 'deploy']),
  actions: new Set(['dispatch', 'cache']),
  attestations: new Set(['sign']),
};

/** Words of a step from which somebody may need the scope. */
const WORDS: { readonly [scope: string]: RegExp } = {
  packages: /ghcr|packages|npm|docker|publish|maven|nuget|gradle/i,
  deployments: /deploy/i,
  pages: /pages|deploy/i,
  'id-token':
    /oidc|id[-_]token|attest|sigstore|cosign|aws|gcp|google|azure|vault|workload|federation|bedrock|vertex|foundry|trusted|provenance|codecov|pypi|npm publish/i,
  actions: /\bgh\s{1,3}(?:run|workflow|cache)\b|actions\/(?:runs|workflows|caches)|workflow_id|rerun/i,
  checks: /check|junit|report|annotation/i,
  statuses: /status/i,
  'security-events': /sarif|codeql|scan|security/i,
  attestations: /attest|provenance/i,
  'repository-projects': /project/i,
};

/** Actions that never use the token to write. */
const READ_ONLY =
  /^(?:actions\/(?:checkout|cache|setup-[\w-]+|upload-artifact|download-artifact)|step-security\/harden-runner|pnpm\/action-setup|oven-sh\/setup-bun|astral-sh\/setup-uv|denoland\/setup-deno|ruby\/setup-ruby|dtolnay\/rust-toolchain|Swatinem\/rust-cache)(?:\/|$)/i;

/** Actions of others that set a program up, or report to a service of their own. */
const SETS_UP = /^[\w.-]+\/(?:setup|install)-[\w-]+$|^(?:codecov\/codecov-action|nick-fields\/retry)$/i;

const TOKEN_USE = /\bgh\s|\bgit\s{1,3}push\b|api\.github\.com|GITHUB_TOKEN|GH_TOKEN|github\.token/;

const CHANGING: ReadonlySet<Effect['kind']> = new Set(Object.values(NEEDS).flatMap((kinds) => [...kinds]));

/** Might the job need more of its token than to read the code? In doubt yes: what an unknown action does is not known. */
export function mayNeedMore({ calls, steps }: Job): boolean {
  if (calls !== undefined) return true;
  return steps.flatMap(inner).some(({ uses, run, followed, inputs, environment, effects }) => {
    if (effects.some(({ kind }) => kind !== 'cache' && CHANGING.has(kind))) return true;
    const scripts = [run, ...followed.map(({ script }) => script)].map((script) => script?.text.text ?? '');
    const values = [...inputs, ...environment].map(({ name, value }) => `${name} ${value.text}`);
    if (TOKEN_USE.test([...scripts, ...values].join('\n'))) return true;
    const known = uses === undefined || uses.kind === 'local' || READ_ONLY.test(uses.name) || SETS_UP.test(uses.name);
    return !known;
  });
}

const FORGE_SCOPES: ReadonlySet<string> = new Set(['contents', 'pull-requests', 'issues', 'discussions']);

/** Might any step of the job need this scope? In doubt yes. */
export function isUsed(run: AgentRun, scope: string): boolean {
  const effects = jobSteps(run).flatMap((step) => step.effects);
  if (effects.some(({ kind }) => NEEDS[scope]?.has(kind) || kind === 'unfollowed')) return true;
  if (scope === 'id-token' && mayExchange(run)) return true;
  if (FORGE_SCOPES.has(scope) && agentUsesForge(run)) return true;
  if (WORDS[scope] === undefined && !FORGE_SCOPES.has(scope)) return true;
  return jobSteps(run).some((step) => mayUse(run, step, scope));
}

/** Actions of agents that were read, and ask for no identity token. */
const WITHOUT_IDENTITY: ReadonlySet<AgentRun['invocation']['product']> = new Set(['codex', 'ai-inference']);

/** Actions of agents trade an identity token for one of their forge application; what is not known to do without may do so. */
function mayExchange({ invocation }: AgentRun): boolean {
  return invocation.via === 'action' && !WITHOUT_IDENTITY.has(invocation.product);
}

/** Inputs by which an action of an agent gets a token and trades none. Sources: the actions' own files, 2026-11. */
const OWN_TOKEN: Readonly<Partial<Record<AgentRun['invocation']['product'], string>>> = {
  'claude-code': 'github_token',
  opencode: 'use_github_token',
};

function agentUsesForge(run: AgentRun): boolean {
  const { invocation, capabilities } = run;
  if (invocation.via !== 'command') return true;
  const token = run.credentials.some(({ class: kind, reachable }) => kind === 'forge-token' && reachable !== 'no');
  return capabilities.forgeWrite || (token && capabilities.execute !== 'none');
}

function mayUse(run: AgentRun, step: Step, scope: string): boolean {
  const text = [step.run?.text.text ?? '', ...step.followed.map(({ script }) => script.text.text)].join('\n');
  const entries = [...step.inputs, ...step.environment].map(({ name, value }) => `${name} ${value.text}`).join('\n');
  const name = step.uses?.name ?? '';
  const words = WORDS[scope];
  if (/github-script/.test(name)) return true;
  if (words?.test(`${name}\n${step.uses?.path ?? ''}\n${text}\n${entries}`)) return true;
  if (words === undefined && TOKEN_USE.test(`${text}\n${entries}`)) return true;
  const foreign =
    step.uses !== undefined && step.uses.kind !== 'local' && !READ_ONLY.test(name) && !run.stepPath.includes(step);
  // What an action of somebody else does with the token is not known here.
  return foreign && step.effects.length === 0;
}

/** Whether a step of the job other than the agent's does what takes this scope. */
export function isNeededBeside({ before, after }: AgentRun, scope: string): boolean {
  return [...before, ...after]
    .flatMap(inner)
    .some(({ effects }) => effects.some(({ kind }) => NEEDS[scope]?.has(kind)));
}

/** The scopes that the steps show, for a block that does not exist yet. */
export function derivedScopes(run: AgentRun): readonly string[] {
  const effects = new Set(jobSteps(run).flatMap((step) => step.effects.map(({ kind }) => kind)));
  const needs = (scope: string): boolean => [...(NEEDS[scope] ?? [])].some((kind) => effects.has(kind));
  const lines = [`contents: ${needs('contents') ? 'write' : 'read'}`];
  const asks = run.triggers.some(({ event }) => /issue|discussion|pull_request|workflow_run/.test(event));
  const talks = needs('pull-requests') || run.capabilities.forgeWrite;
  if (talks || asks)
    lines.push(
      `pull-requests: ${talks ? 'write' : 'read'}`,
      `issues: ${needs('issues') || run.capabilities.forgeWrite ? 'write' : 'read'}`,
    );
  const keyless = jobSteps(run).some((step) =>
    step.effects.some((effect) => effect.kind === 'login' && effect.keyless),
  );
  const given = OWN_TOKEN[run.invocation.product];
  const vendor =
    run.invocation.via === 'action' && given !== undefined && !run.step.inputs.some(({ name }) => name === given);
  if (keyless || vendor) lines.push('id-token: write');
  return lines;
}

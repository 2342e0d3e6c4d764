import { SallyportError } from '../errors/index.ts';
import type { Plane } from './action.ts';
import { DEFAULT_LABELS, DEFAULT_LIMITS, DEFAULT_MODEL, defaultRules, floorRules } from './built-in.ts';
import { combine, type PolicyBound } from './combine.ts';
import { canonicalJson, lazyDigestOf } from './digest.ts';
import { type PlaneRules, type PolicyDocument, REGISTRY_KINDS, type RegistryKind, type RuleHead } from './document.ts';
import { DEFAULT_HIDE } from './hidden-files.ts';
import { grantsOf } from './network-grants.ts';
import { compilePlanes, type Engines } from './planes.ts';
import type { ModelGrant, NetworkGrant, Policy } from './policy.ts';
import { compileAdvance } from './session.ts';

export interface CompileInput {
  /** The repository's policy, read from the protected base; absent: the built-in default for the agent. */
  readonly repository?: PolicyDocument | undefined;
  /** The organisation's policy, which the repository's can only tighten. */
  readonly organisation?: PolicyDocument | undefined;
  /** The detected agent, used when the policy names none. */
  readonly agent?: string | undefined;
  /** Absolute path of the workspace, so that absolute paths in tool calls can be compared. */
  readonly workspaceRoot?: string | undefined;
  /** Hosts of a registry kind on this machine (`resolveRegistries`); needed when the policy names a kind. */
  readonly registries?: ((kinds: readonly RegistryKind[]) => readonly NetworkGrant[]) | undefined;
  /** Milliseconds since the epoch for rules with a date; absent: every date has passed, which is the stricter reading. */
  readonly now?: number | undefined;
}

const NO_ENGINES: Omit<Engines, 'now' | 'workspaceRoot'> = { compileExpression: undefined, commandReader: undefined };

/**
 * Compile documents into the effective policy: organisation ∧ repository ∧ built-in floor. Loads the expression
 * library and the shell grammar only when a rule needs them.
 * @throws SallyportError SP1101, SP1102 or SP1104 with the place of the rule that cannot be compiled.
 */
export async function compilePolicy(input: CompileInput): Promise<Policy> {
  const rules = [input.repository, input.organisation].flatMap((document) => allRules(document));
  const needsExpressions = rules.some(({ when }) => when !== undefined);
  const needsCommands = rules.some((rule) => 'spec' in rule && hasCommandSpec(rule.spec));
  return assemblePolicy(input, {
    compileExpression: needsExpressions
      ? (await import('./expression/compile-expression.ts')).createExpressionCompiler()
      : undefined,
    commandReader: needsCommands ? await (await import('./shell/load-reader.ts')).loadCommandReader() : undefined,
  });
}

/** The built-in policy when there is no file. Loads nothing; safe for an agent nobody wrote a policy for. */
export function defaultPolicy(agent: string, options: Pick<CompileInput, 'workspaceRoot'> = {}): Policy {
  return assemblePolicy({ agent, ...options }, NO_ENGINES);
}

function assemblePolicy(input: CompileInput, loaded: Omit<Engines, 'now' | 'workspaceRoot'>): Policy {
  const engines: Engines = { ...loaded, now: input.now, workspaceRoot: input.workspaceRoot };
  const policy = compileRepository(input, engines);
  return input.organisation ? combine(compileOrganisation(input.organisation, input, engines), policy) : policy;
}

/** Sections that the file does not have take the built-in default; the floor holds beside every file. */
function compileRepository(input: CompileInput, engines: Engines): Policy {
  const document = input.repository;
  const agent = document?.agent ?? input.agent;
  const floor = floorRules(document?.disable ?? []);
  const base = defaultRules(agent, (list) => document?.allowLists.includes(list) !== true);
  const given = document?.rules ?? {};
  const rules: Required<PlaneRules> = {
    tool: [...base.tool, ...(given.tool ?? [])],
    file: [...base.file, ...(given.file ?? []), ...floor.file],
    network: [...(given.network ?? []), ...floor.network],
    model: [...base.model, ...(given.model ?? [])],
    merge: [...base.merge, ...(given.merge ?? [])],
  };
  const secrets = document?.secrets ?? [];
  const registries = registriesOf(input);
  const model = modelOf(document, rules);
  const labels = { ...DEFAULT_LABELS, ...document?.labels };
  const workspace = {
    hide: [[...DEFAULT_HIDE, ...(document?.workspace?.hide ?? [])]],
    hidden: document?.workspace?.hidden ?? 'empty',
    readOnly: document?.workspace?.readOnly ?? [],
  };
  const limits = { ...DEFAULT_LIMITS, ...document?.limits };
  const output = document?.output ?? 'text';
  const { forgeReviews, carryOver, signed } = document ?? {};
  const network = grantsOf({ rules: rules.network, registries, secrets, isOver: (rule) => isOver(rule, engines.now) });
  const digest = lazyDigestOf(() => ({
    rules: sorted(rules),
    ...{ network, secrets, model, labels, workspace, limits, output, agent, forgeReviews, carryOver, signed },
  }));
  return {
    agent,
    origins: [document ? document.file : `built-in default for ${agent ?? 'an unknown agent'}`],
    get digest() {
      return digest();
    },
    limits,
    network,
    secrets,
    model,
    workspace,
    output,
    forgeReviews: forgeReviews ?? 'support',
    carryOver: carryOver ?? 'never',
    signed: signed ?? [],
    decide: compilePlanes({ rules, registries, model, otherwise: () => 'deny' }, engines),
    advance: compileAdvance(labels, engines.workspaceRoot),
  };
}

/** What an organisation does not mention it does not limit: a plane without an allow list stays open but for its denials. */
function compileOrganisation(document: PolicyDocument, input: CompileInput, engines: Engines): PolicyBound {
  const open = defaultRules(undefined, (list) => list.startsWith('file.') && !document.allowLists.includes(list));
  const rules: PlaneRules = { ...document.rules, file: [...open.file, ...(document.rules.file ?? [])] };
  const registries = registriesOf(input);
  const secrets = document.secrets;
  const network = document.allowLists.includes('network')
    ? grantsOf({
        rules: rules.network ?? [],
        registries,
        secrets: secrets ?? [],
        isOver: (rule) => isOver(rule, engines.now),
      })
    : undefined;
  const model: Partial<ModelGrant> = {
    ...document.model,
    ...(document.allowLists.includes('model') ? { allow: allowedModels(rules.model ?? []) } : {}),
  };
  const apart = { file: undefined, tests: undefined, audit: undefined, review: undefined };
  const digest = lazyDigestOf(() => ({ ...document, ...apart, rules: sorted(rules), network }));
  return {
    origin: `${document.file} (organisation)`,
    get digest() {
      return digest();
    },
    network,
    secrets,
    model,
    limits: document.limits ?? {},
    workspace: {
      hide: document.workspace?.hide ?? [],
      hidden: document.workspace?.hidden,
      readOnly: document.workspace?.readOnly,
    },
    output: document.output,
    forgeReviews: document.forgeReviews,
    carryOver: document.carryOver,
    signed: document.signed ?? [],
    decide: compilePlanes(
      { rules, registries, model, otherwise: (plane) => (isClosed(plane, document) ? 'deny' : 'allow') },
      engines,
    ),
    advance: compileAdvance(
      { untrusted: { tools: [], reads: [] }, secret: { tools: [], reads: [] }, ...document.labels },
      engines.workspaceRoot,
    ),
  };
}

function modelOf(document: PolicyDocument | undefined, rules: Required<PlaneRules>): ModelGrant {
  const settings = document?.model ?? {};
  return {
    provider: 'anthropic',
    upstream: settings.upstream,
    ...(settings.caFile === undefined ? {} : { caFile: settings.caFile }),
    keyEnv: settings.keyEnv ?? DEFAULT_MODEL.keyEnv,
    allow: allowedModels(rules.model),
    hostedTools: settings.hostedTools ?? 'off',
    urlInputs: settings.urlInputs ?? 'off',
    maxRequests: settings.maxRequests ?? DEFAULT_MODEL.maxRequests,
    maxTokens: settings.maxTokens ?? DEFAULT_MODEL.maxTokens,
    maxUsd: settings.maxUsd,
  };
}

function allowedModels(rules: Required<PlaneRules>['model']): readonly string[] {
  return rules.filter(isAllow).map(({ model }) => model);
}

/** Asks for each registry kind once. */
function registriesOf(input: CompileInput): (kind: string) => readonly NetworkGrant[] {
  const known = new Map<string, readonly NetworkGrant[]>();
  return (name) => {
    const kind = REGISTRY_KINDS.find((candidate) => candidate === name);
    if (input.registries === undefined || kind === undefined) {
      throw new SallyportError('SP1104', `the policy names the registry kind '${name}', which was not resolved`);
    }
    const grants = known.get(kind) ?? input.registries([kind]);
    known.set(kind, grants);
    return grants;
  };
}

/** A merge section with requirements only limits the changes that they are about. */
function isClosed(plane: Plane, document: PolicyDocument): boolean {
  if (plane === 'merge') return document.rules.merge?.some((rule) => isAllow(rule)) === true;
  return plane === 'file' || document.allowLists.some((list) => list === plane);
}

function isAllow(rule: RuleHead): boolean {
  return rule.effect === 'allow' && rule.observe !== true;
}

function isOver(rule: RuleHead, now: number | undefined): boolean {
  return rule.until !== undefined && (now === undefined || !(now < Date.parse(rule.until)));
}

function allRules(document: PolicyDocument | undefined): readonly RuleHead[] {
  return Object.values(document?.rules ?? {}).flat();
}

function hasCommandSpec(spec: unknown): boolean {
  return typeof spec === 'object' && spec !== null && 'kind' in spec && spec.kind === 'command';
}

/** Rules in an order that does not depend on the file, for the digest. */
function sorted(rules: PlaneRules): { readonly [plane: string]: readonly string[] } {
  const entries = Object.entries(rules).map(([plane, list]: [string, readonly RuleHead[]]) => [
    plane,
    list.map((rule) => canonicalJson(rule)).sort(),
  ]);
  return Object.fromEntries(entries);
}

import { type Decision, type FileAction, type SessionState, type ToolAction, toolNames } from './action.ts';
import type { RuleHead, ToolRule, ToolSpec } from './document.ts';
import { compileGlob, normalisePath } from './glob.ts';
import { matchHost, parseHostPattern } from './host-pattern.ts';
import {
  type CompiledRule,
  collectHits,
  conclude,
  failedHit,
  type Hit,
  hitOf,
  quote,
  type RuleSet,
  stricter,
} from './rule.ts';
import { type CommandPattern, compileCommandPattern } from './shell/command-pattern.ts';
import { coverCommands, deniesCommands, type Reach } from './shell/coverage.ts';
import type { CommandReader, EffectiveCommand, Unreadable } from './shell/effective-command.ts';
import { matchWildcard } from './wildcard.ts';

export interface CompiledToolRule extends CompiledRule<ToolAction> {
  /** Set for `Bash(…)` rules, which are judged on the parsed command. */
  readonly command: CommandPattern | undefined;
}

export type ToolRules = RuleSet<CompiledToolRule>;
type Conditions = Pick<CompiledRule<ToolAction>, 'holds' | 'observed'>;

export interface ToolContext {
  /** Absolute path of the workspace, to make absolute paths of tools comparable; undefined: they stay absolute. */
  readonly root: string | undefined;
  /** Reads commands; undefined when no rule looks into one. */
  readonly reader: CommandReader | undefined;
  readonly decideFile: (action: FileAction, state: SessionState) => Decision;
}

export function compileToolRule(rule: ToolRule, root: string | undefined, conditions: Conditions): CompiledToolRule {
  const selectsSpec = rule.spec === undefined ? () => true : compileSpec(rule.spec, rule.effect, root);
  const pattern = rule.spec?.kind === 'command' ? rule.spec.pattern : undefined;
  return {
    ...conditions,
    head: rule,
    says: `${rule.effect} ${describeTool(rule)}`,
    command: pattern === undefined ? undefined : compileCommandPattern(pattern),
    selects: (action) => toolNames(action).some((name) => matchWildcard(rule.tool, name)) && selectsSpec(action),
  };
}

export function describeTool(rule: Pick<ToolRule, 'tool' | 'spec'>): string {
  if (rule.spec === undefined) return rule.tool;
  if (rule.spec.kind === 'command') return `${rule.tool}(${rule.spec.pattern})`;
  return rule.spec.kind === 'path' ? `${rule.tool}(${rule.spec.glob})` : `${rule.tool}(domain:${rule.spec.pattern})`;
}

/** Deny and ask rules apply when any path or host fits, an allow rule only when all do; one that names none fits no spec. */
function compileSpec(spec: ToolSpec, effect: ToolRule['effect'], root: string | undefined) {
  if (spec.kind === 'command') return () => true;
  if (spec.kind === 'path') {
    const matches = compileGlob(spec.glob, { fold: effect !== 'allow' });
    return (action: ToolAction) => {
      const paths = [...(action.reads ?? []), ...(action.writes ?? [])].map((path) => normalisePath(path, root));
      if (effect !== 'allow') return paths.some(matches);
      return paths.length > 0 && paths.every((path) => matches(path) && (isInside(path) || spec.glob.startsWith('/')));
    };
  }
  return (action: ToolAction) => {
    const hosts = (action.urls ?? []).map(hostOf);
    const fits = (host: string) => matchHost(spec.pattern, host);
    return effect === 'allow' ? hosts.length > 0 && hosts.every(fits) : hosts.some(fits);
  };
}

function hostOf(url: string): string {
  const host = URL.canParse(url) ? parseHostPattern(new URL(url).hostname) : undefined;
  if (host === undefined) throw new Error(`${quote(url)} is not an address`);
  return host;
}

/**
 * Decide a tool call. Rules about commands look at every command word that the text can reach; an allow must cover
 * every part of it. Files that the call names must not be denied on the file plane (what that plane asks about is
 * answered when the change is to be merged, so it does not stop the call).
 */
export function decideTool(set: ToolRules, action: ToolAction, state: SessionState, context: ToolContext): Decision {
  const plain = set.rules.filter((rule) => rule.command === undefined);
  const about = set.rules.filter((rule) => rule.command !== undefined && rule.selects(action));
  const commands = about.length > 0 ? readOnce(action, context.reader) : undefined;
  const judged = commands ? judgeCommands(about, commands, action, state, context) : { hits: [], uncovered: undefined };
  const hits = [...collectHits(plain, action, state), ...judged.hits];
  const verdict = conclude(hits, set.otherwise, judged.uncovered ?? subjectOf(action));
  return filesOf(action, commands, context.root).reduce((strictest, file) => {
    const decision = context.decideFile(file, state);
    return decision.verdict === 'deny' ? stricter(strictest, decision) : strictest;
  }, verdict);
}

type Reading = readonly EffectiveCommand[] | Unreadable;

function readOnce(action: ToolAction, reader: CommandReader | undefined): Reading {
  if (action.command === undefined) return { unreadable: 'the tool call names no command' };
  return reader?.read(action.command) ?? { unreadable: 'no shell grammar is loaded' };
}

interface Judgement {
  readonly hits: readonly Hit[];
  /** In words, the part of the command that no rule allows. */
  readonly uncovered: string | undefined;
}

function judgeCommands(
  rules: readonly CompiledToolRule[],
  reading: Reading,
  action: ToolAction,
  state: SessionState,
  context: ToolContext,
): Judgement {
  const hits: Hit[] = [];
  const grants: CompiledToolRule[] = [];
  for (const rule of rules) {
    try {
      if (!rule.holds(action, state)) continue;
      // An allow that cannot be checked grants nothing; a deny or ask that cannot be checked denies.
      if (rule.head.effect === 'allow') grants.push(rule);
      else if ('unreadable' in reading) throw new Error(`the command cannot be read: ${reading.unreadable}`);
      else if (rule.command && deniesCommands(rule.command, reading)) hits.push(hitOf(rule));
    } catch (cause) {
      hits.push(failedHit(rule, cause));
    }
  }
  if (grants.length === 0) return { hits, uncovered: undefined };
  if ('unreadable' in reading) return { hits, uncovered: `a command that cannot be read: ${reading.unreadable}` };
  return addGrant(hits, grants, reading, state, context);
}

/** The union of the allow rules must cover the whole text; of those needed, the smallest id stands for all. */
function addGrant(
  hits: readonly Hit[],
  grants: readonly CompiledToolRule[],
  commands: readonly EffectiveCommand[],
  state: SessionState,
  context: ToolContext,
): Judgement {
  const reach: Reach = {
    isInside: (path) => !/^[-~]/.test(path) && isInside(normalisePath(path, context.root)),
    isWorkspace: (path) => normalisePath(path, context.root) === '.',
    mayWrite: (path) => {
      const inside = normalisePath(path, context.root);
      if (!isInside(inside)) return false;
      return context.decideFile({ plane: 'file', operation: 'write', path: inside }, state).verdict !== 'deny';
    },
  };
  const patterns = grants.flatMap((rule) => (rule.command ? [rule.command] : []));
  const { uncovered, used } = coverCommands(patterns, commands, reach);
  if (uncovered) return { hits, uncovered: `${quote(describeCommand(uncovered))}, a part of this command` };
  const needed = grants.find((rule) => rule.command && used.includes(rule.command));
  const granted = needed ?? { head: READ_ONLY, observed: false, says: 'every part of the command only reads' };
  return { hits: [...hits, hitOf(granted)], uncovered: undefined };
}

/** Stands for commands that only read, which a policy with narrow command grants need not name. */
const READ_ONLY: RuleHead = { id: 'builtin/read-only', effect: 'allow' };

function describeCommand({ words, assignments, writes }: EffectiveCommand): string {
  const parts = [...assignments.map(({ name }) => `${name}=…`), ...words.map(({ source }) => source)];
  return [...parts, ...writes.map(({ source }) => `> ${source}`)].join(' ');
}

/** Files inside the workspace that the call reads or writes, its redirections included. */
function filesOf(action: ToolAction, reading: Reading | undefined, root: string | undefined): readonly FileAction[] {
  const redirected = reading === undefined || 'unreadable' in reading ? [] : reading.flatMap((one) => one.writes);
  const targets = redirected.flatMap((word) => (word.literal === undefined ? [] : [word.literal]));
  const named = [
    ...(action.reads ?? []).map((path) => ({ operation: 'read' as const, path })),
    ...[...(action.writes ?? []), ...targets].map((path) => ({ operation: 'write' as const, path })),
  ];
  return named
    .map(({ operation, path }) => ({ plane: 'file' as const, operation, path: normalisePath(path, root) }))
    .filter(({ path }) => isInside(path));
}

/** A normalised path of the workspace, as opposed to one that climbs out of it or begins elsewhere. */
function isInside(path: string): boolean {
  return !path.startsWith('/') && path !== '..' && !path.startsWith('../');
}

function subjectOf(action: ToolAction): string {
  const argument = action.command ?? action.writes?.[0] ?? action.reads?.[0] ?? action.urls?.[0];
  return argument === undefined ? quote(action.tool) : `${action.tool} ${quote(argument)}`;
}

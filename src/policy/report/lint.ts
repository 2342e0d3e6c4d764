import type { SourceLocation } from '../../errors/index.ts';
import type { FileRule, MergeRule, NetworkRule, PolicyDocument, RuleHead, ToolRule } from '../document.ts';
import { compileGlob } from '../glob.ts';
import { intersectHosts } from '../host-pattern.ts';
import { isOpenCommand } from '../narrow-tool.ts';
import { suggest } from '../reader/suggest.ts';
import { includesWildcard } from '../wildcard.ts';

/** Something legal that is probably not meant. */
export interface LintWarning {
  readonly rule: string;
  readonly kind:
    | 'dead'
    | 'over-broad'
    | 'shadowed'
    | 'multi-tenant'
    | 'switched-off'
    | 'unknown-tool'
    | 'unknown-control';
  readonly message: string;
  readonly at: SourceLocation | undefined;
}

/**
 * Domains under which anybody can get a name: a wildcard there lets data out to whoever asks for an account
 * (reference: incidents, exfiltration over allowed cloud hosts).
 */
const MULTI_TENANT: readonly string[] = [
  'amazonaws.com',
  'cloudfront.net',
  'azurewebsites.net',
  'blob.core.windows.net',
  'core.windows.net',
  'windows.net',
  'azureedge.net',
  'azurefd.net',
  'googleapis.com',
  'appspot.com',
  'run.app',
  'cloudfunctions.net',
  'web.app',
  'firebaseapp.com',
  'firebaseio.com',
  'github.io',
  'githubusercontent.com',
  'gitlab.io',
  'pages.dev',
  'workers.dev',
  'r2.dev',
  'vercel.app',
  'netlify.app',
  'herokuapp.com',
  'onrender.com',
  'fly.dev',
  'railway.app',
  'deno.dev',
  'glitch.me',
  'replit.app',
  'ngrok.io',
  'ngrok.app',
  'ngrok-free.app',
  'trycloudflare.com',
  'digitaloceanspaces.com',
  'ondigitalocean.app',
  'backblazeb2.com',
  'wasabisys.com',
  'supabase.co',
  'myshopify.com',
  'atlassian.net',
  'slack.com',
  'discord.com',
  'sharepoint.com',
  'webhook.site',
];

/** Names that only other rooms know. Absent: they are not known, and no rule is warned about. */
export interface KnownNames {
  /** Of the agent's tools; a rule for another that is nearly one of them is a slip of the pen, and denies nothing. */
  readonly tools?: readonly string[];
  /** Of controls and of their groups, for `weakened`. */
  readonly controls?: readonly string[];
  /** Of what disarms checks, for `meta`. */
  readonly meta?: readonly string[];
}

/** @returns warnings in the order of the file */
export function lintPolicy(document: PolicyDocument, known: KnownNames = {}): readonly LintWarning[] {
  const { tool = [], file = [], network = [], merge = [] } = document.rules;
  const warnings = [
    ...lintTools(tool),
    ...lintNames(tool, known.tools ?? []),
    ...lintFiles(file),
    ...lintNetwork(network),
    ...merge.flatMap((rule) => [
      ...lintControls(rule, rule.weakened ?? [], known.controls),
      ...lintControls(rule, rule.meta ?? [], known.meta),
    ]),
    ...duplicates(document),
    ...document.disable.map((id) => warning({ id }, 'switched-off', `the built-in protection '${id}' is switched off`)),
  ];
  return warnings.sort((one, other) => (one.at?.line ?? 0) - (other.at?.line ?? 0));
}

function warning(rule: Pick<RuleHead, 'id' | 'at'>, kind: LintWarning['kind'], message: string): LintWarning {
  return { rule: rule.id, kind, message, at: rule.at };
}

function lintTools(rules: readonly ToolRule[]): readonly LintWarning[] {
  const allows = rules.filter(({ effect }) => effect === 'allow');
  return rules.flatMap((rule) => {
    const found: LintWarning[] = [];
    const command = rule.spec?.kind === 'command' ? rule.spec.pattern : undefined;
    if (rule.effect === 'allow' && rule.spec === undefined && includesWildcard(rule.tool, 'Bash')) {
      const message = `'${rule.tool}' grants every command; a deny rule beside it is a hint to the agent, no wall (the sandbox is)`;
      found.push(warning(rule, 'over-broad', message));
    }
    if (rule.effect === 'allow' && command !== undefined && isOpenCommand(command)) {
      found.push(warning(rule, 'over-broad', `'${command}' lets any program run`));
    }
    const wider =
      rule.effect === 'allow' &&
      rule.spec &&
      allows.find((other) => other !== rule && isPlainAllow(other) && includesWildcard(other.tool, rule.tool));
    if (wider) found.push(warning(rule, 'shadowed', `'${wider.id}' grants this already`));
    const denied =
      rule.effect === 'allow' &&
      rules.find(
        (other) =>
          other.effect === 'deny' &&
          isPlain(other) &&
          other.spec === undefined &&
          includesWildcard(other.tool, rule.tool),
      );
    if (denied) found.push(warning(rule, 'dead', `'${denied.id}' denies everything that this would allow`));
    return found;
  });
}

function lintNames(rules: readonly ToolRule[], known: readonly string[]): readonly LintWarning[] {
  return rules.flatMap((rule) => {
    if (known.includes(rule.tool) || /[*]|^mcp__/.test(rule.tool)) return [];
    const meant = suggest(rule.tool, known);
    return meant === undefined
      ? []
      : [warning(rule, 'unknown-tool', `the agent has no tool '${rule.tool}'; did you mean '${meant}'?`)];
  });
}

/** A name that no control has is never met: the rule says nothing about the change that it was written for. */
function lintControls(
  rule: MergeRule,
  names: readonly string[],
  known: readonly string[] | undefined,
): readonly LintWarning[] {
  if (known === undefined) return [];
  return names
    .filter((name) => name !== '*' && !known.includes(name))
    .map((name) => {
      const meant = suggest(name, known);
      const advice = meant === undefined ? '' : `; did you mean '${meant}'?`;
      return warning(rule, 'unknown-control', `no control is called '${name}', so the rule never meets one${advice}`);
    });
}

function isPlain(rule: RuleHead): boolean {
  return rule.when === undefined && rule.after === undefined && rule.observe !== true && rule.until === undefined;
}

function isPlainAllow(rule: ToolRule): boolean {
  return rule.effect === 'allow' && rule.spec === undefined && isPlain(rule);
}

/** An allow glob is dead when a deny without wildcards in its names covers even a made-up path that it selects. */
function lintFiles(rules: readonly FileRule[]): readonly LintWarning[] {
  const denies = rules.filter((rule) => rule.effect === 'deny' && isPlain(rule));
  return rules.flatMap((rule) => {
    if (rule.effect !== 'allow') return [];
    const cover = denies.find(
      (other) =>
        other.operations.some((one) => rule.operations.includes(one)) &&
        rule.globs.every((glob) => other.globs.some((wider) => coversGlob(wider, glob))),
    );
    return cover ? [warning(rule, 'dead', `'${cover.id}' denies everything that this would allow`)] : [];
  });
}

function coversGlob(wider: string, glob: string): boolean {
  const names = wider.split('/').filter((segment) => segment !== '**');
  if (wider !== '**' && names.some((segment) => /[*?{]/.test(segment))) return wider === glob;
  const sample = glob.replace(/\*\*|\*|\?/g, 'x').replace(/\{([^,}]*)[^}]*\}/g, '$1');
  return compileGlob(wider, { fold: true })(sample);
}

function lintNetwork(rules: readonly NetworkRule[]): readonly LintWarning[] {
  return rules.flatMap((rule) => {
    if (rule.effect !== 'allow' || rule.target.kind !== 'host') return [];
    const { host, paths, methods } = rule.target;
    const found: LintWarning[] = [];
    const tenant = host.startsWith('*.')
      ? MULTI_TENANT.find((domain) => host === `*.${domain}` || host.endsWith(`.${domain}`))
      : undefined;
    if (tenant)
      found.push(warning(rule, 'multi-tenant', `anybody can have a host under ${tenant}; name the one that is meant`));
    else if (host.startsWith('*.') && !paths && !methods)
      found.push(warning(rule, 'over-broad', `every host under ${host.slice(2)}`));
    const denied = rules.find(
      (other) =>
        other.effect === 'deny' &&
        isPlain(other) &&
        other.target.kind === 'host' &&
        !other.target.methods &&
        !other.target.paths &&
        other.target.port === undefined &&
        other.target.protocol === undefined &&
        intersectHosts(other.target.host, host) === host,
    );
    if (denied) found.push(warning(rule, 'dead', `'${denied.id}' denies everything that this would allow`));
    return found;
  });
}

function duplicates(document: PolicyDocument): readonly LintWarning[] {
  const seen = new Set<string>();
  return Object.values(document.rules)
    .flat()
    .flatMap((rule: RuleHead) => {
      const again = seen.has(rule.id) && rule.id.includes(':');
      seen.add(rule.id);
      return again ? [warning(rule, 'shadowed', 'the same rule is written twice')] : [];
    });
}

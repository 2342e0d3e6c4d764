import type { AgentConfiguration, LocatedRisk } from '../../../agents/index.ts';
import type { Facts } from '../../../facts/index.ts';
import type { Severity } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { configurationRule, type Report } from './configuration-rule.ts';
import { hook } from './examples.ts';
import { withReach } from './reach.ts';

/** Events that come before anybody said what the agent should do. */
const FIRST_EVENTS = new Set([
  'sessionstart',
  'setup',
  'userpromptsubmit',
  'beforesubmitprompt',
  'instructionsloaded',
  'tasks.folderopen',
]);
/** Folders in which nobody expects a program. */
const ODD_PLACE = /(^|[\s"'/])\.(github|vscode|git|idea)\/[\w./-]{1,200}\.(m?[jt]s|cjs|py|sh)\b/;

interface Starter {
  readonly event: string;
  readonly command: string;
  readonly place: Place;
  readonly risks: readonly LocatedRisk[];
}

/** CFG004: opening a session already runs packages or planted programs. */
export const sessionStartCode = configurationRule(
  {
    id: 'CFG004',
    name: 'package-code-at-session-start',
    title: 'Starting a session runs package code or a planted program',
    what: 'A hook of session start, set-up or prompt submission (or an editor task of folder opening) fetches and runs a package without an exact version, installs packages, or runs a program from a folder that should hold none; also a program that both a hook and an editor task start.',
    why: "It runs before the first instruction, in every session and in CI, with the job's secrets. Who owns the package, its lifecycle scripts or the planted file owns the session.",
    sources: [
      'Mini Shai-Hulud, April 2026: SessionStart hook and folderOpen task as a pair',
      'Miasma, June 2026: .github/setup.js',
    ],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    fix: 'none',
    advice:
      'Install before the agent starts, from a lock file and without lifecycle scripts; keep start-up hooks to programs of the machine.',
    tags: ['CWE-829', 'CWE-494'],
    attack: [hook('SessionStart', 'npx -y session-tools init')],
    benign: [hook('SessionStart', 'git status --short')],
  },
  function* (configuration, facts) {
    for (const starter of startersOf(configuration)) {
      const found = judge(starter, configuration, facts);
      if (found === undefined) continue;
      yield {
        place: starter.place,
        message: `${starter.event} ${found.what}`,
        subject: `${starter.event} ${found.kind}`,
        severity: found.severity,
        ...withReach(starter.place, facts),
      } satisfies Report;
    }
  },
);

function startersOf({ hooks, helpers }: AgentConfiguration): readonly Starter[] {
  const all = [...hooks, ...helpers.map((one) => ({ ...one, event: one.key }))];
  return all.filter(({ event }) => FIRST_EVENTS.has(event.toLowerCase()));
}

function judge(
  starter: Starter,
  configuration: AgentConfiguration,
  facts: Facts,
): { readonly what: string; readonly kind: string; readonly severity: Severity } | undefined {
  const risk = (kind: LocatedRisk['kind']): LocatedRisk | undefined => starter.risks.find((one) => one.kind === kind);
  const unpinned = risk('unpinned-runner');
  if (unpinned !== undefined) return { what: unpinned.what, kind: unpinned.kind, severity: 'high' };
  if (ODD_PLACE.test(starter.command))
    return {
      what: `runs a program from a folder that should hold none: ${starter.command.slice(0, 80)}`,
      kind: 'odd-place',
      severity: 'high',
    };
  const script = risk('tree-script');
  const twin = script === undefined ? undefined : twinOf(starter, configuration, facts);
  if (twin !== undefined)
    return {
      what: `runs the same program as ${twin}: whichever tool opens the folder starts it`,
      kind: 'loader-pair',
      severity: 'high',
    };
  const install = risk('install');
  return install === undefined ? undefined : { what: install.what, kind: install.kind, severity: 'medium' };
}

/** The same command line as an automatic editor task, or the other way round. */
function twinOf(starter: Starter, own: AgentConfiguration, facts: Facts): string | undefined {
  const task = starter.event === 'tasks.folderOpen';
  const script = /[\w./-]{1,200}\.(m?[jt]s|cjs|py|sh)\b/.exec(starter.command)?.[0];
  if (script === undefined) return undefined;
  const others = facts.configurations
    .filter((one) => one !== own)
    .flatMap((one) => startersOf(one).map((other) => ({ one, other })));
  return others.find(({ other }) => (other.event === 'tasks.folderOpen') !== task && other.command.includes(script))
    ?.one.file.path;
}

import type { HookCommand } from '../../../agents/index.ts';
import type { Facts } from '../../../facts/index.ts';
import type { Fix } from '../../../findings/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { replaceAt } from './edits.ts';
import { hook } from './examples.ts';
import { GUARD_EVENTS } from './hook-events.ts';

/** A guard that takes longer than this is let through. */
const SHORT_SECONDS = 2;

/** CFG006: a guard that lets the call through when it fails. */
export const guardFailsOpen = configurationRule(
  {
    id: 'CFG006',
    name: 'guard-hook-fails-open',
    title: 'A guard hook lets the call through when it fails',
    what: 'A hook at which a call can still be refused ignores its own failure (`|| true`), refuses with exit code 1 instead of 2, runs in the background, has a very short time limit, or asks a web service.',
    why: 'Only exit code 2 or a JSON refusal stops a call; exit 1, a crash, a timeout and any answer of a web service but a success let it through. Whoever makes the guard fail has no guard.',
    sources: [
      'Claude Code documentation, hooks',
      'Measured: exit 1, exit 127, broken JSON and timeout all let the call through',
    ],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    fix: 'unsafe',
    advice: 'End every refusal and every error with exit 2, drop `|| true`, and let the guard run in the foreground.',
    tags: ['CWE-636', 'CWE-755'],
    attack: [hook('PreToolUse', 'python3 -m guard.check || true', 'Bash')],
    benign: [hook('PreToolUse', 'python3 -m guard.check || exit 2', 'Bash')],
  },
  function* (configuration, facts) {
    for (const one of configuration.hooks) {
      if (!GUARD_EVENTS.has(one.event)) continue;
      const why = opening(one, facts);
      if (why === undefined) continue;
      yield {
        place: one.place,
        message: `The guard at ${one.event} ${why}`,
        subject: `${one.event} ${why}`,
        fixes: withoutTrue(one),
      };
    }
  },
);

function opening(one: HookCommand, facts: Facts): string | undefined {
  if (one.type === 'http') return 'asks a web service, and every answer but a success lets the call through';
  if (one.background) return 'runs in the background: the call does not wait for it';
  if (one.risks.some((risk) => risk.kind === 'fails-open' && risk.via === undefined)) return 'ignores its own failure';
  if (one.timeoutSeconds !== undefined && one.timeoutSeconds <= SHORT_SECONDS)
    return `has ${one.timeoutSeconds} s before the call is let through`;
  const script = one.risks.find((risk) => risk.via !== undefined)?.via ?? scriptOf(one, facts);
  const text = script === undefined ? one.command : readText(script, facts);
  const refuses = /\bexit\s+1\b/.test(text) && !/\bexit\s+2\b|permissionDecision|"decision"|sys\.exit\(2\)/.test(text);
  return refuses ? 'refuses with exit code 1, which does not stop the call' : undefined;
}

function scriptOf(one: HookCommand, facts: Facts): string | undefined {
  const path = /(?:\$\{?CLAUDE_PROJECT_DIR\}?["']?\/|\.\/|\s)([\w./-]{1,300}\.(?:sh|bash))\b/.exec(
    ` ${one.command}`,
  )?.[1];
  return path !== undefined && facts.tree.entries.some((entry) => entry.path === path) ? path : undefined;
}

function readText(path: string, facts: Facts): string {
  const file = facts.tree.read(path);
  return file === undefined || 'kind' in file ? '' : file.text;
}

function withoutTrue({ scalar, place }: HookCommand): readonly Fix[] {
  const match = scalar === undefined ? null : /\s{1,5}\|\|\s{0,5}(true|:)(?=\s|;|$)/.exec(scalar.text);
  if (scalar === undefined || match === null) return [];
  const span = { start: scalar.offsetOf(match.index), end: scalar.offsetOf(match.index + match[0].length) };
  return [replaceAt('Refuse the call when the guard fails', { file: place.file, span }, ' || exit 2', 'unsafe')];
}

import type { Span } from '../../../syntax/index.ts';

/** What a command line can do that no configuration of an agent should do. */
export type RiskKind =
  | 'download-exec'
  | 'decode-exec'
  | 'obfuscation'
  | 'exfiltration'
  | 'secret-read'
  | 'reverse-shell'
  | 'persistence'
  | 'background'
  | 'profile-edit'
  | 'log-wipe'
  | 'privilege'
  | 'destruction'
  | 'untrusted-source'
  | 'unpinned-runner'
  | 'install'
  | 'tree-script'
  | 'unquoted-input'
  | 'input-to-shell'
  | 'fails-open';

export interface CommandRisk {
  readonly kind: RiskKind;
  /** What it does, as the rest of the sentence "this command …". */
  readonly what: string;
  /** In the command line. Inside a quoted script it is the quoted word. */
  readonly span: Span;
}

/** Kinds that have no honest use in a hook, helper or server command. */
export const MALICIOUS_KINDS: ReadonlySet<RiskKind> = new Set([
  'download-exec',
  'decode-exec',
  'obfuscation',
  'exfiltration',
  'reverse-shell',
  'persistence',
  'profile-edit',
  'log-wipe',
  'destruction',
]);

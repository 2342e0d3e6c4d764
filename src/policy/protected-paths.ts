import type { FileRule } from './document.ts';
import { PATH_CLASS_RULES, type PathClass } from './path-classes.ts';

/** Built-in protection of the file plane. A policy file may switch a rule off by its id, except the first. */
export interface ProtectedPaths extends Pick<FileRule, 'id' | 'operations' | 'globs' | 'sparesMoves'> {
  readonly effect: 'deny' | 'ask';
  /** Whether `disable:` may name it. */
  readonly fixed: boolean;
  readonly reason: string;
}

const CHANGES = ['write', 'delete'] as const;

/** What happens to each dangerous class (reference: agents §2.4.7, §1.2). A class that is not here is not protected. */
const PROTECTION: readonly (Omit<ProtectedPaths, 'globs'> & { readonly classes: readonly PathClass[] })[] = [
  {
    id: 'builtin/git-internals',
    classes: ['git-internals'],
    operations: CHANGES,
    effect: 'deny',
    fixed: true,
    reason: 'the inside of a git directory is not content; hooks and configuration there run commands',
  },
  {
    id: 'builtin/agent-config',
    classes: ['agent-config', 'instruction'],
    operations: CHANGES,
    effect: 'deny',
    fixed: false,
    reason: 'configuration of coding agents decides what the next agent may do; it comes from the protected base only',
  },
  {
    id: 'builtin/ci-files',
    classes: ['ci'],
    operations: CHANGES,
    effect: 'deny',
    fixed: false,
    reason: 'pipeline definitions run with credentials that the agent must not reach',
  },
  {
    id: 'builtin/execution-files',
    classes: ['execution-bearing'],
    operations: CHANGES,
    effect: 'ask',
    fixed: false,
    reason: 'the file makes a tool run commands on the machine of whoever uses the repository next',
  },
  {
    id: 'builtin/test-deletion',
    classes: ['test'],
    operations: ['delete'],
    sparesMoves: true,
    effect: 'ask',
    fixed: false,
    reason: 'a test that is gone finds no fault any more; moved or split, it is not gone',
  },
];

/**
 * Paths through which a change gives orders to something else than the program it changes: to git, to an agent, to the
 * pipeline, to a package client, to an editor. Any depth, any case.
 */
export const PROTECTED_PATHS: readonly ProtectedPaths[] = PROTECTION.map(({ classes, ...rule }) => ({
  ...rule,
  globs: PATH_CLASS_RULES.filter((row) => classes.includes(row.class)).flatMap(({ globs }) => globs),
}));

/** The rule that no egress follows a secret once untrusted text was seen. */
export const NO_EGRESS = 'builtin/no-egress-after-secret';

/** Ids that `disable:` may name. */
export const DISABLEABLE: readonly string[] = [
  ...PROTECTED_PATHS.filter(({ fixed }) => !fixed).map(({ id }) => id),
  NO_EGRESS,
];

import type { PlacedCommand, ShellGrammar, ShellWord } from '../../../syntax/index.ts';
import { criticalTarget } from './critical-removal.ts';
import type { PredictedDecision } from './decision.ts';
import { type FileUse, readFileUse } from './file-commands.ts';
import { byRule, type Judgement, pathRule, unsafeWrite } from './judge-path.ts';
import { selectingRule } from './path-rule.ts';
import type { PermissionRule } from './permission-rule.ts';
import { leavesByLink } from './place.ts';
import { isInput, isOutput, type ReadCommand } from './read-command.ts';
import { type NamedPath, readPath } from './shell-path.ts';
import { peelApproving, peelRefusing, programBehindEnv } from './wrappers.ts';

/** Commands that refusing rules and safety checks look at: everything, or what stands at the top of the text. */
export function visibleCommands(
  { commands }: Pick<ReadCommand, 'commands'>,
  { behaviour }: Judgement,
): readonly PlacedCommand[] {
  return behaviour.looksInside ? commands : commands.filter(({ within }) => within === undefined || within === 'value');
}

/** The words of a command and of what each wrapper starts; where files are concerned `env` is one. */
export function unwrapped({ words }: PlacedCommand): readonly (readonly ShellWord[])[] {
  const all = [words];
  for (let inner = peel(words); inner !== undefined && all.length < 16; inner = peel(inner)) all.push(inner);
  return all;
}

function peel(words: readonly ShellWord[]): readonly ShellWord[] | undefined {
  return words[0]?.literal === 'env' ? programBehindEnv(words) : peelApproving(words);
}

export function fileUses(command: PlacedCommand, on: Judgement): readonly FileUse[] {
  return unwrapped(command).flatMap((words) => readFileUse(words, on.settings.ground.place) ?? []);
}

/** `env cat FILE`: behind wrappers that only refusing rules look through. */
function hiddenUses(command: PlacedCommand, on: Judgement): readonly FileUse[] {
  return unwrapped(command)
    .flatMap((words) => peelRefusing(words, on.behaviour))
    .flatMap((words) => readFileUse(words, on.settings.ground.place) ?? []);
}

export function outputs({ redirects }: PlacedCommand, on: Judgement): readonly NamedPath[] {
  return redirects
    .filter(isOutput)
    .flatMap(({ target }) => (target ? [readPath(target, on.settings.ground.place)] : []));
}

export function inputs({ redirects }: PlacedCommand, on: Judgement): readonly NamedPath[] {
  return redirects
    .filter(isInput)
    .flatMap(({ target }) => (target ? [readPath(target, on.settings.ground.place)] : []));
}

/** The first path rule of a list that is about a file the command names (reference: agents §2.4.7). */
export function fileRule(command: PlacedCommand, list: 'ask' | 'deny', on: Judgement): PredictedDecision | undefined {
  for (const use of [...fileUses(command, on), ...hiddenUses(command, on)]) {
    const here =
      use.readsHere && list === 'deny' ? pathRule('Read', list, on.settings.ground.place.directory, on) : undefined;
    if (here) return byRule(here, `${use.program} reads the working directory`);
    for (const path of use.reads) {
      const rule = path.path === undefined ? undefined : pathRule('Read', list, path.path, on);
      if (rule && on.behaviour.refusesAllReaders) return byRule(rule, `reads ${path.word.source}`);
      const seen = rule && readSeenBefore(rule, path, use, on);
      if (seen) return seen;
    }
    for (const path of use.writes) {
      if (path.path === undefined) continue;
      const rule = pathRule('Edit', list, path.path, on) ?? readOnTheWay(use, path, list, on);
      if (rule)
        return use.later && !on.behaviour.refusesAllReaders
          ? softened(path)
          : byRule(rule, `writes ${path.word.source}`);
    }
  }
  return redirectRule(command, list, on);
}

/** A file that is moved is read too, and one that `sed` changes in its place. */
function readOnTheWay({ program, writes }: FileUse, path: NamedPath, list: 'ask' | 'deny', on: Judgement) {
  const isRead = program === 'sed' || (program === 'mv' && path !== writes.at(-1));
  if (path.path === undefined || !isRead) return undefined;
  return on.behaviour.refusesAllReaders ? pathRule('Read', list, path.path, on) : undefined;
}

/** Older versions compared only where a path leads, knew fewer programs, and asked about detours and copies. */
function readSeenBefore(
  rule: PermissionRule,
  path: NamedPath,
  use: FileUse,
  on: Judgement,
): PredictedDecision | undefined {
  if (use.later) return undefined;
  if (use.writes.length > 0 || /(?:^|\/)\.\.(?:\/|$)/.test(path.word.source)) return softened(path);
  const { ground } = on.settings;
  const real = path.path === undefined ? undefined : ground.place.resolve(path.path);
  return real !== undefined && selectingRule([rule], real, ground, on.behaviour)
    ? byRule(rule, `reads ${path.word.source}`)
    : undefined;
}

function softened({ word }: NamedPath): PredictedDecision {
  return { verdict: 'ask', by: 'safety', reason: `${word.source} needs a look` };
}

function redirectRule(command: PlacedCommand, list: 'ask' | 'deny', on: Judgement): PredictedDecision | undefined {
  for (const { path, word } of outputs(command, on)) {
    const rule = path === undefined ? undefined : pathRule('Edit', list, path, on);
    if (rule) return byRule(rule, `writes ${word.source}`);
  }
  for (const { path, word } of on.behaviour.checksInput ? inputs(command, on) : []) {
    const rule = path === undefined ? undefined : pathRule('Read', list, path, on);
    if (rule) return byRule(rule, `reads ${word.source}`);
  }
  return undefined;
}

/** `rm` of a critical place asks in every mode, in the CLI's sandbox too. */
export function criticalRemoval(
  read: ReadCommand,
  on: Judgement,
  grammar: ShellGrammar,
): PredictedDecision | undefined {
  const removed = visibleCommands(read, on)
    .flatMap(unwrapped)
    .map((words) => removes(words, on, grammar))
    .find((target) => target !== undefined);
  return removed === undefined
    ? undefined
    : { verdict: 'ask', by: 'safety', reason: `removes ${removed}, a critical place` };
}

/** Outside of bypass, protected places and links that leave the tree ask whatever the rules say. */
export function protectedWrite(read: ReadCommand, on: Judgement): PredictedDecision | undefined {
  if (on.settings.mode === 'bypassPermissions') return undefined;
  for (const command of visibleCommands(read, on)) {
    const uses = fileUses(command, on);
    const links = uses.filter(({ program }) => program === 'rm').flatMap(({ writes }) => writes);
    const link =
      on.behaviour.checksLinks &&
      links.find(({ path }) => path !== undefined && leavesByLink(path, on.settings.ground));
    if (link) return { verdict: 'ask', by: 'safety', reason: `removes ${link.word.source}, a link that leads out` };
    for (const { path, word } of [...uses.flatMap(({ writes }) => writes), ...outputs(command, on)]) {
      const unsafe = path === undefined ? undefined : unsafeWrite(path, on);
      if (unsafe) return { verdict: 'ask', by: 'safety', reason: `writes ${word.source}: ${unsafe}` };
    }
  }
  return undefined;
}

const SHELLS = /^(?:\/(?:usr\/)?bin\/)?(?:sh|bash|zsh|dash)$/;

/** A critical target of these words, and of the text behind `bash -c`. */
function removes(words: readonly ShellWord[], on: Judgement, grammar: ShellGrammar): string | undefined {
  const { place } = on.settings.ground;
  const [program, option, text] = words;
  const inner =
    SHELLS.test(program?.literal ?? '') && /^-[a-z]*c$/.test(option?.literal ?? '') ? text?.literal : undefined;
  if (inner === undefined || !on.behaviour.looksInside) return criticalTarget(words, place);
  const script = grammar.parse(inner);
  if ('unparsable' in script) return undefined;
  return script.commands.map((command) => criticalTarget(command.words, place)).find((target) => target !== undefined);
}

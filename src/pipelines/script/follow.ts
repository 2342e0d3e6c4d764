import type { Readers, SourceTree } from '../../syntax/index.ts';
import type { Effect } from '../effect.ts';
import type { FollowedScript, StepScript } from '../model.ts';
import { type CallContext, type Called, calledBy } from './called-scripts.ts';
import { readCommandLine } from './command-line.ts';
import { DirectoryTrail } from './directory-trail.ts';
import { readStepScript } from './step-script.ts';
import { placeOf } from './template-slice.ts';
import type { WrittenScripts } from './written-scripts.ts';

/** Caps: how deep scripts that call scripts are followed, and how many are read for one step. */
export const FOLLOW_LIMITS = { depth: 4, scripts: 60 } as const;

/** What a step runs beyond its own text. */
export interface ScriptTrace {
  readonly followed: readonly FollowedScript[];
  /** Scripts of the repository that could not be read: effects of kind `unfollowed`. */
  readonly unfollowed: readonly Effect[];
}

export interface FollowOptions {
  /** Of the composite action that the step belongs to. */
  readonly actionDirectory?: string | undefined;
  /** What earlier steps of the job wrote. */
  readonly written?: WrittenScripts | undefined;
}

interface Visit {
  readonly script: StepScript;
  readonly directory: string;
  readonly via: readonly string[];
  /** Directory of the file that the script stands in. */
  readonly file: string | undefined;
}

/**
 * Follows `./x.sh`, `bash x.sh`, `source x`, package scripts, `make`, `just`, `task` and `tox`, and what earlier steps
 * wrote, at most `FOLLOW_LIMITS` deep and many. A script is read once, however often and in whatever circle it is called.
 * @param directory where the script runs, relative to the root of the tree
 */
export function traceScripts(
  script: StepScript,
  directory: string,
  tree: SourceTree,
  readers: Readers,
  { actionDirectory, written }: FollowOptions = {},
): ScriptTrace {
  const followed: FollowedScript[] = [];
  const unfollowed: Effect[] = [];
  const seen = new Set<string>();
  const queue: Visit[] = [{ script, directory, via: [], file: undefined }];
  for (let visit = queue.shift(); visit !== undefined; visit = queue.shift()) {
    for (const { called, place } of callsOf(visit, { tree, readers, written }, actionDirectory)) {
      if (seen.has(called.id)) continue;
      seen.add(called.id);
      const via = [...visit.via, called.via];
      const isOver = via.length > FOLLOW_LIMITS.depth || followed.length >= FOLLOW_LIMITS.scripts;
      if (called.texts === undefined || isOver) {
        const what = isOver ? `${called.via} (too deep or too many)` : called.via;
        unfollowed.push({ kind: 'unfollowed', what, place, certainty: 'certain' });
        continue;
      }
      for (const { text, language, directory: inner, file } of called.texts) {
        const next = readStepScript(text, language, readers);
        followed.push({ via, script: next });
        queue.push({ script: next, directory: inner, via, file });
      }
    }
  }
  return { followed, unfollowed };
}

function callsOf(
  visit: Visit,
  context: CallContext,
  action: string | undefined,
): readonly { readonly called: Called; readonly place: Effect['place'] }[] {
  const trail = new DirectoryTrail(visit.directory);
  const { script } = visit;
  return script.script.commands.flatMap((command) => {
    const line = readCommandLine(command);
    const directory = trail.enter(command);
    const bases = { directory: directory ?? '', action, file: visit.file };
    trail.follow(line, script.text, bases);
    if (directory === undefined) return [];
    const place = placeOf(script.text, command.span);
    return calledBy(line, script, bases, context).map((called) => ({ called, place }));
  });
}

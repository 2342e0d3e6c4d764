import type { Effect, Step } from '../../../pipelines/index.ts';

type Checkout = Extract<Effect, { readonly kind: 'checkout' }>;

/** Programs that bring files from one folder into another. */
const MOVES = /(?:^|[\s;&|(])(?:cp|mv|rsync|ln|tar|unzip|install|git\s+(?:apply|am|merge|pull|fetch|worktree))\s/;

/**
 * The steps among these that may meet what the foreign checkouts brought. A checkout with a folder of its own leaves the
 * rest of the work tree as it is: a step meets it where it works in that folder or names it, and every step does after
 * one that moved something out of it. Where a foreign tree is the work tree itself, only steps that work in the folder
 * of another checkout are out of its way.
 */
export function stepsMeeting(
  steps: readonly Step[],
  foreign: readonly Checkout[],
  others: readonly Checkout[],
): readonly Step[] {
  const folders = foreign.map(folderOf);
  const apart = folders.every((folder) => folder !== undefined);
  const safe = others.flatMap((checkout) => folderOf(checkout) ?? []);
  let moved = false;
  return steps.filter((step) => {
    if (!apart || moved) return !safe.some((folder) => worksOnlyIn(step, folder));
    const meets = folders.some((folder) => folder === undefined || names(step, folder));
    moved ||= meets && textsOf(step).some((text) => MOVES.test(text));
    return meets;
  });
}

/** The folder of a checkout; undefined for the work tree itself and where only the run knows. */
function folderOf({ path }: Checkout): string | undefined {
  const folder = path?.trim().replace(/^(?:\.\/)+|\/+$/g, '');
  return folder === undefined || folder === '' || folder === '.' || /[$*]/.test(folder) ? undefined : folder;
}

function textsOf({ run, followed, inputs, environment, uses, workingDirectory }: Step): readonly string[] {
  return [
    ...(run ? [run.text.text] : []),
    ...followed.map(({ script }) => script.text.text),
    ...[...inputs, ...environment].map(({ value }) => value.text),
    ...(uses?.kind === 'local' ? [uses.name] : []),
    ...(workingDirectory ? [workingDirectory.text] : []),
  ];
}

/** Its first name stands somewhere in the step as a part of a path, or a name is put in that nobody knows. */
function names(step: Step, folder: string): boolean {
  const [first = folder] = folder.split('/');
  const word = new RegExp(`(?:^|[\\s"'=:/(])${RegExp.escape(first)}(?:[\\s"'/);&|]|$)`, 'm');
  const open = step.workingDirectory?.interpolations.length ?? 0;
  return open > 0 || step.inner.length > 0 || textsOf(step).some((text) => word.test(text));
}

function worksOnlyIn({ workingDirectory, run }: Step, folder: string): boolean {
  const directory = workingDirectory?.text.trim().replace(/^(?:\.\/)+|\/+$/g, '');
  const stays = !/\.\.|(?:^|[\s;&|])cd\s|GITHUB_WORKSPACE|github\.workspace/.test(run?.text.text ?? '');
  return directory !== undefined && (directory === folder || directory.startsWith(`${folder}/`)) && stays;
}

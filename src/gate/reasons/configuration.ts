import type { ControlChange } from '../../controls/index.ts';
import type { PathClass } from '../../policy/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import { classOf } from '../merge-action.ts';
import { atFile, type Occurrence, occurrence, type ReasonRow, type View } from '../reason.ts';
import { linesOf, type TextLines } from '../text-lines.ts';

/** What decides about merges itself: whoever may change these may change the answer. */
const OWN_FILES = /(?:^|\/)(?:sallyport\.ya?ml|sallyport-[a-z-]+\.(?:ya?ml|json)|CODEOWNERS)$|(?:^|\/)\.sallyport\//i;

interface ConfigurationReason extends Omit<ReasonRow, 'find' | 'lifted'> {
  selects(path: string): boolean;
}

function ofClass(...classes: readonly PathClass[]): (path: string) => boolean {
  return (path) => classes.includes(classOf(path)) && !OWN_FILES.test(path);
}

const ROWS: readonly ConfigurationReason[] = [
  {
    code: 'GATE010',
    name: 'pipeline-changed',
    title: 'A pipeline is changed',
    what: 'A file of a CI system is added, changed or removed.',
    why: 'Pipelines run with the credentials of the repository, often before anybody merges.',
    sources: ['gate reference D12', 'incidents i17 (workflow planted by an agent)'],
    attack: 'An agent adds `.github/workflows/deploy.yml`.',
    benign: 'A person changes only a comment of a workflow, or pins an action.',
    selects: ofClass('ci'),
  },
  {
    code: 'GATE011',
    name: 'agent-configuration-changed',
    title: 'The configuration of a coding agent is changed',
    what: 'Settings, hooks, MCP servers, plug-ins, skills or permission rules of an agent are added, changed or removed.',
    why: 'They decide what the next agent may do, and many start programs when a folder opens.',
    sources: ['gate reference D12', 'CVE-2025-53773', 'CVE-2026-25725'],
    attack: '`.claude/settings.json` gets a hook that runs a program.',
    benign: 'A person replaces a movable ref of a plug-in by a commit.',
    selects: ofClass('agent-config'),
  },
  {
    code: 'GATE012',
    name: 'instruction-file-changed',
    title: 'Text that agents obey is changed',
    what: 'An instruction file (`AGENTS.md`, `CLAUDE.md`, skills, prompts) is added, changed or removed.',
    why: 'Every later agent takes it for orders of the repository’s owner.',
    sources: ['incidents SC-22, CF-1 (Rules File Backdoor)'],
    attack: '`AGENTS.md` gets a line that tells agents to run a script.',
    benign: 'The README is changed.',
    selects: ofClass('instruction'),
  },
  {
    code: 'GATE013',
    name: 'implicit-execution',
    title: 'A file that tools run without being asked is changed',
    what: 'A file that an editor, git, a package client, an interpreter or a build runs on its own, or from which agents, containers and frameworks take their variables (`.env`).',
    why: 'It runs on the machine of whoever opens, installs or tests the repository next; a variable can send an agent, with its key, to another model host.',
    sources: ['incidents SC-13 (`.pth`)', 'incidents SC-24 (`binding.gyp`)', 'gate reference 2.5.3, meta'],
    attack: 'A `binding.gyp` with a command expansion is added.',
    benign: 'A source file is changed.',
    selects: ofClass('execution-bearing', 'git-internals', 'environment'),
  },
  {
    code: 'GATE014',
    name: 'judge-changed',
    title: 'The change touches what judges it',
    what: 'The policy, the trust store, the baseline or the code owners of this gate are changed.',
    why: 'A change must not choose its own judge. This time the files of the target decide; the next change would be judged by these.',
    sources: ['gate reference D8', 'gate reference 3.3'],
    attack: 'The policy is widened together with the code that needs it.',
    benign: 'Code is changed under the policy as it is.',
    selects: (path) => OWN_FILES.test(path),
  },
];

/**
 * One row for each kind of configuration. An agent's change to any of it blocks; a person's needs a second human, unless
 * the control diff shows that every changed stretch only makes something stronger or says nothing.
 */
export const CONFIGURATION_REASONS: readonly ReasonRow[] = ROWS.map(({ selects, ...row }) => ({
  ...row,
  lifted:
    'a second human where a person made the change; an approval that names this reason or the path where an agent may have',
  find: (view) => [...view.evidence.files.flatMap((file) => judgeFile(view, file, selects)), ...passing(view, selects)],
}));

function judgeFile(view: View, file: TreeChange, selects: (path: string) => boolean): readonly Occurrence[] {
  const paths = [file.path, ...(file.previousPath === undefined ? [] : [file.previousPath])];
  if (!paths.some(selects) || (view.isHuman && isOnlyStronger(view, file))) return [];
  const text = file.previousPath === undefined ? `${file.path}: ${file.kind}` : `${file.previousPath} → ${file.path}`;
  return [verdictFor(view, text, file.path, placeOf(file))];
}

/** Commits may be built before they are merged: what one adds and a later one takes back was there. */
function passing(view: View, selects: (path: string) => boolean): readonly Occurrence[] {
  const net = new Set(view.evidence.files.flatMap(({ path, previousPath }) => [path, previousPath]));
  const rows = view.evidence.commits.flatMap(({ id, files }) =>
    files.filter(({ path }) => selects(path) && !net.has(path)).map(({ path, kind }) => ({ id, path, kind })),
  );
  return rows.map(({ id, path, kind }) =>
    verdictFor(view, `${path}: ${kind} in commit ${id.slice(0, 12)}, and not in the result`, path, undefined),
  );
}

function verdictFor({ isHuman }: View, text: string, path: string, place: Occurrence['place']): Occurrence {
  const more = { place, names: [path] };
  return isHuman
    ? occurrence('needs-approval', 'approval', text, more)
    : occurrence('blocked', 'acceptance', text, more);
}

function placeOf({ path, new: now, hunks }: TreeChange): Occurrence['place'] {
  const [first] = hunks;
  if (!now || !('text' in now) || first === undefined) return atFile(path);
  const start = linesOf(now.text).startOf(first.to);
  return { file: path, span: { start, end: start } };
}

/** A stretch is explained when it holds nothing but blanks and comments, or a control that became stronger or moved. */
function isOnlyStronger({ evidence }: View, { path, kind, old, new: now, hunks }: TreeChange): boolean {
  if (kind !== 'modified' || !old || !now || !('text' in old) || !('text' in now)) return false;
  const here = evidence.controls.changes.filter(({ before, after }) => before?.file === path || after?.file === path);
  if (here.some(({ direction }) => direction !== 'strengthened' && direction !== 'moved')) return false;
  const [before, after] = [linesOf(old.text), linesOf(now.text)];
  return hunks.every(({ from, removed, to, added }) => {
    const lines = [...before.lines.slice(from, from + removed), ...after.lines.slice(to, to + added)];
    return lines.every(isRemark) || here.some((change) => stands(change, after, to, added));
  });
}

/** `#` and `//` start a comment in every configuration language that is read here. */
function isRemark(line: string): boolean {
  return /^\s*(?:#|\/\/|$)/.test(line);
}

function stands({ after }: ControlChange, lines: TextLines, to: number, added: number): boolean {
  if (after === undefined) return false;
  const [start, end] = [lines.startOf(to), lines.startOf(to + added)];
  const touches = after.span.end > start || after.span.start === start;
  // One control explains a line or two of its own, not a whole rewritten file.
  return after.span.start < end && touches && added <= 3;
}

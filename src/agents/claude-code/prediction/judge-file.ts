import type { JsonObject } from '../../../system/index.ts';
import type { PredictedDecision, PredictionPlace } from './decision.ts';
import { byRule, type Judgement, pathRule, starRule, unsafeWrite } from './judge-path.ts';
import { isWhole } from './permission-rule.ts';
import { absolutePath, isInside, isInsideOf, isLink, leavesByLink, namesOf } from './place.ts';
import { isSuspicious } from './suspicious-path.ts';

/** The tools that read, with the input that names the file. */
const READERS: ReadonlyMap<string, string> = new Map([
  ['Read', 'file_path'],
  ['NotebookRead', 'notebook_path'],
  ['Glob', 'path'],
  ['Grep', 'path'],
  ['LS', 'path'],
]);

const WRITERS: ReadonlyMap<string, string> = new Map([
  ['Write', 'file_path'],
  ['Edit', 'file_path'],
  ['MultiEdit', 'file_path'],
  ['NotebookEdit', 'notebook_path'],
]);

/** What newer versions let no tool write in `~/.claude`: what they run or sign in with. */
const KEPT: readonly string[] = ['shell-snapshots', 'session-env', 'jobs', '.credentials.json'];

export function isFileTool(tool: string): boolean {
  return READERS.has(tool) || WRITERS.has(tool);
}

/** The file that a call is about, absolute; undefined when its input names none. Blanks around the name do not count. */
export function namedFile(tool: string, input: JsonObject, place: PredictionPlace): string | undefined {
  const field = fieldOf(tool);
  const given = input[field] ?? (field === 'path' ? '.' : undefined);
  const named = typeof given === 'string' ? given.trim() : '';
  return named === '' || named.includes('\0') ? undefined : absolutePath(named, place);
}

function fieldOf(tool: string): string {
  return READERS.get(tool) ?? WRITERS.get(tool) ?? '';
}

/** @returns undefined when nothing but the mode decides: neither a rule nor a safety check has a say. */
export function judgeFile(tool: string, input: JsonObject, on: Judgement): PredictedDecision | undefined {
  const path = namedFile(tool, input, on.settings.ground.place);
  if (path === undefined) {
    return { verdict: 'deny', by: 'input', reason: `the input names no file as \`${fieldOf(tool)}\`` };
  }
  return READERS.has(tool) ? judgeRead(tool, path, on) : judgeWrite(tool, path, on);
}

function judgeRead(tool: string, path: string, on: Judgement): PredictedDecision | undefined {
  const refused = pathRule('Read', 'deny', path, on) ?? pathRule('Read', 'ask', path, on);
  if (refused) return byRule(refused, 'the rule is about this file');
  const whole = on.settings.rules.find(
    ({ list, tool: name, spec }) => list === 'allow' && name === tool && spec === undefined,
  );
  if (whole) return byRule(whole, 'the rule is about every call of the tool');
  if (isSuspicious(path) && on.settings.mode !== 'bypassPermissions') {
    return { verdict: 'ask', by: 'safety', reason: 'reads a name that another file system reads as another' };
  }
  if (isInside(path, on.settings.ground)) {
    return { verdict: 'allow', by: 'mode', reason: 'files in the working directories may be read' };
  }
  const approved = pathRule('Read', 'allow', path, on) ?? starAnywhere(tool, on);
  return approved && byRule(approved, 'the rule is about this file');
}

function starAnywhere(tool: string, on: Judgement) {
  if (!on.behaviour.starLeavesTree) return undefined;
  return on.settings.rules.find(({ list, tool: name, spec }) => list === 'allow' && name === tool && spec === '*');
}

/** A denial of `Read`, for this file or for all. */
function readRefusal(path: string, on: Judgement) {
  const whole = on.settings.rules.find((rule) => rule.list === 'deny' && rule.tool === 'Read' && isWhole(rule));
  return whole ?? pathRule('Read', 'deny', path, on);
}

/** What no rule and no mode lets through. */
function refusedWrite(tool: string, path: string, { settings, behaviour }: Judgement): PredictedDecision | undefined {
  const { ground } = settings;
  if (tool === 'Write' && isLink(path, ground)) {
    return { verdict: 'deny', by: 'safety', reason: 'Write goes to no link: name its target' };
  }
  const home = `${ground.place.home}/.claude`;
  const isKept = KEPT.some((kept) => namesOf(path, ground).some((name) => isInsideOf(name, `${home}/${kept}`)));
  if (!behaviour.keepsOwnFiles || !isKept) return undefined;
  return { verdict: 'deny', by: 'safety', reason: 'the CLI keeps these files to itself' };
}

function judgeWrite(tool: string, path: string, on: Judgement): PredictedDecision | undefined {
  const decided = judgeWriteByRules(tool, path, on);
  if (decided?.verdict === 'deny' || (decided?.verdict === 'ask' && !on.behaviour.keepsOwnFiles)) return decided;
  return refusedWrite(tool, path, on) ?? decided;
}

function judgeWriteByRules(tool: string, path: string, on: Judgement): PredictedDecision | undefined {
  const readRefuses = on.behaviour.readRefusesWrite && tool !== 'NotebookEdit';
  const refused =
    pathRule('Edit', 'deny', path, on) ??
    (readRefuses ? readRefusal(path, on) : undefined) ??
    pathRule('Edit', 'ask', path, on);
  if (refused) return byRule(refused, 'the rule is about this file');
  const { mode, ground, rules } = on.settings;
  if (mode === 'bypassPermissions') return undefined;
  if (mode === 'plan') return { verdict: 'ask', by: 'mode', reason: 'a plan changes no file' };
  const whole = rules.find(({ list, tool: name, spec }) => list === 'allow' && name === tool && spec === undefined);
  const unsafe = unsafeWrite(path, on) ?? (!whole && leavesByLink(path, ground) ? 'a link leads out' : undefined);
  if (unsafe) return { verdict: 'ask', by: 'safety', reason: `writes to ${unsafe}` };
  const approved = whole ?? pathRule('Edit', 'allow', path, on) ?? starRule(tool, path, on) ?? starAnywhere(tool, on);
  if (approved) return byRule(approved, 'the rule is about this file');
  if (mode === 'acceptEdits' && isInside(path, ground)) {
    return { verdict: 'allow', by: 'mode', reason: 'acceptEdits approves files in the working directories' };
  }
  return undefined;
}

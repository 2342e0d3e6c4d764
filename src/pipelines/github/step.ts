import {
  itemsOf,
  type MapNode,
  type Node,
  nodeAt,
  type Place,
  type ScriptLanguage,
  scalarAt,
} from '../../syntax/index.ts';
import type { Effect } from '../effect.ts';
import type { Entry, FollowedScript, Located, Reference, Step, StepScript } from '../model.ts';
import { readStepScript, scriptEffects, traceScripts } from '../script/index.ts';
import type { TemplateText } from '../value.ts';
import { githubScriptEffects } from './actions/github-script.ts';
import { actionEffects } from './actions/table.ts';
import { readCondition } from './condition.ts';
import { withJsonLiterals } from './json-literal.ts';
import { readLocalAction } from './local-action.ts';
import { normalizeDirectory, type Reading, resolveText, templateOf } from './reading.ts';
import { readUses } from './reference.ts';
import { joinSplitCommand } from './split-command.ts';
import { readEntries } from './template.ts';

/** More steps than this of one job are not read; the rest is a gap. */
const MOST_STEPS = 1000;

/** Read the steps of a job or composite action. `job` names the job, for conditions on its other steps. */
export function readSteps(node: Node | undefined, reading: Reading, job: string): readonly Step[] {
  const items = itemsOf(node).filter((item) => item.kind === 'map');
  if (items.length > MOST_STEPS && node !== undefined) {
    const place = { file: reading.file.path, span: node.span };
    reading.gaps.push({ kind: 'cap', message: `more than ${MOST_STEPS} steps in one job`, place });
  }
  return items.slice(0, MOST_STEPS).map((item, index) => readStep(item, index, reading, job));
}

function readStep(written: MapNode, index: number, outer: Reading, job: string): Step {
  const { path: file, text: source } = outer.file;
  const node = joinSplitCommand(written, source);
  const place: Place = { file, span: node.span };
  const environment = readEntries(nodeAt(node, 'env'), source, file, outer.scope);
  const reading: Reading = { ...outer, environments: [...outer.environments, environment] };
  const inputs = readEntries(nodeAt(node, 'with'), source, file, reading.scope);
  const usesNode = scalarAt(node, 'uses');
  const uses = usesNode === undefined || usesNode.text === '' ? undefined : readUses(usesNode, file, source);
  const condition = scalarAt(node, 'if');
  const continues = scalarAt(node, 'continue-on-error');
  const workingDirectory = templateOf(nodeAt(node, 'working-directory'), reading);
  const work = uses === undefined ? readRun(node, workingDirectory, reading) : readAction(uses, inputs, reading);
  return {
    index,
    id: scalarAt(node, 'id')?.text,
    name: templateOf(nodeAt(node, 'name'), reading),
    place,
    condition: condition === undefined ? undefined : readCondition(condition, file, reading.scope, reading.checks, job),
    environment,
    workingDirectory,
    continueOnError: continues === undefined || continues.value === false ? undefined : { file, span: continues.span },
    timeoutMinutes: readNumber(nodeAt(node, 'timeout-minutes'), file),
    uses,
    inputs,
    run: work.run,
    followed: work.followed,
    inner: uses?.kind === 'local' ? readLocalAction(uses, reading) : [],
    effects: work.effects,
    node,
  };
}

/** A number that is written as one. */
export function readNumber(node: Node | undefined, file: string): Located<number> | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'number'
    ? { value: node.value, place: { file, span: node.span } }
    : undefined;
}

interface Work {
  readonly run: StepScript | undefined;
  readonly followed: readonly FollowedScript[];
  readonly effects: readonly Effect[];
}

const NO_WORK: Work = { run: undefined, followed: [], effects: [] };

function readRun(node: MapNode, workingDirectory: TemplateText | undefined, reading: Reading): Work {
  const text = templateOf(nodeAt(node, 'run'), reading);
  if (text === undefined) return NO_WORK;
  const shell = scalarAt(node, 'shell')?.text ?? reading.defaults.shell;
  const language = languageOf(shell, reading.defaults.windows);
  return runWork(text, language, workingDirectory?.text ?? reading.defaults.directory, reading);
}

function runWork(text: TemplateText, language: ScriptLanguage, directory: string | undefined, reading: Reading): Work {
  const run = readStepScript(text, language, reading.readers);
  const where = directoryOf(directory, reading);
  const { tree, readers, actionDirectory, written } = reading;
  const { followed, unfollowed } = traceScripts(run, where, tree, readers, { actionDirectory, written });
  for (const script of [run, ...followed.map((one) => one.script)]) written.note(script, where);
  const effects = [...scriptEffects(run), ...followed.flatMap((each) => scriptEffects(each.script)), ...unfollowed];
  return { run, followed, effects };
}

function directoryOf(written: string | undefined, reading: Reading): string {
  if (written === undefined) return '';
  const own = /^\$\{\{\s*github\.action_path\s*\}\}\/?/i.exec(written);
  const path = own ? `${reading.actionDirectory ?? ''}/${written.slice(own[0].length)}` : written;
  return normalizeDirectory(path);
}

/** Actions whose input is program text of the workflow's author, and the language it is in. */
const PROGRAM_INPUTS: ReadonlyMap<string, readonly [input: string, language: ScriptLanguage]> = new Map([
  ['nick-fields/retry', ['command', 'bash']],
  ['nick-invision/retry', ['command', 'bash']],
  ['wandalen/wretry.action', ['command', 'bash']],
  ['gacts/run-and-post-run', ['run', 'bash']],
  ['coactions/setup-xvfb', ['run', 'bash']],
  ['addnab/docker-run-action', ['run', 'bash']],
  ['devcontainers/ci', ['runcmd', 'bash']],
  ['appleboy/ssh-action', ['script', 'bash']],
  ['mikefarah/yq', ['cmd', 'bash']],
  ['azure/cli', ['inlinescript', 'bash']],
  ['azure/powershell', ['inlinescript', 'powershell']],
  ['amadevus/pwsh-script', ['script', 'powershell']],
  ['jannekem/run-python-script-action', ['script', 'python']],
  ['cardinalby/js-eval-action', ['expression', 'javascript']],
  ['actions/github-script', ['script', 'javascript']],
]);

function readAction(uses: Reference, inputs: readonly Entry[], reading: Reading): Work {
  if (uses.kind !== 'repository') return { ...NO_WORK, effects: [] };
  const effects = actionEffects({
    reference: uses,
    major: majorOf(uses),
    inputs,
    triggers: reading.triggers,
    resolve: (text) => resolveText(text, reading.environments),
    place: uses.place,
  });
  const name = uses.name.toLowerCase();
  const [input, language] = PROGRAM_INPUTS.get(name) ?? [];
  const program = inputs.find((entry) => entry.name.toLowerCase() === input)?.value;
  if (program === undefined || language === undefined) return { ...NO_WORK, effects };
  const work = runWork(language === 'javascript' ? withJsonLiterals(program) : program, language, undefined, reading);
  const calls = name === 'actions/github-script' ? githubScriptEffects(program) : work.effects;
  return { ...work, effects: [...effects, ...calls] };
}

/** The major version of `v4`, `v4.2.0`, or of the comment behind a digest. */
function majorOf(uses: Reference): number | undefined {
  const version = uses.refKind === 'digest' ? uses.comment : uses.ref;
  const digits = /^(?:tag=)?v?(\d+)/.exec(version ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const SHELLS: readonly (readonly [RegExp, ScriptLanguage])[] = [
  [/^(?:pwsh|powershell)\b/, 'powershell'],
  [/^cmd\b/, 'cmd'],
  [/^python\d?\b/, 'python'],
  [/^node\b/, 'javascript'],
  [/^sh\b/, 'sh'],
  [/\bbash\b/, 'bash'],
];

function languageOf(shell: string | undefined, windows: boolean): ScriptLanguage {
  if (shell === undefined || shell === '') return windows ? 'powershell' : 'bash';
  const program = shell.trim().split(/[\\/]/).at(-1) ?? '';
  return SHELLS.find(([pattern]) => pattern.test(program))?.[1] ?? 'other';
}

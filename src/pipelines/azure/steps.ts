import {
  type Node,
  type Place,
  type Readers,
  type ScalarNode,
  type ScriptLanguage,
  type SourceTree,
  scalarAt,
} from '../../syntax/index.ts';
import type { Effect, TreeProvenance } from '../effect.ts';
import type { Condition, Entry, Reference, Step } from '../model.ts';
import type { WrittenScripts } from '../script/index.ts';
import { refKindOf } from '../text/names.ts';
import { readRun } from '../text/run.ts';
import { makeEntry, makeStep } from '../text/step.ts';
import { addExpressions, impliedText, placeIn } from '../text/template-text.ts';
import type { TemplateText, ValueReference } from '../value.ts';
import { readCondition } from './condition.ts';
import { listItems, mapEntries, resolveTemplate, valueAt } from './structure.ts';
import { SCRIPT_TASKS, taskEffects, taskName } from './task-table.ts';
import { type AzureScope, declaredParameters } from './values.ts';

/** Templates in templates are followed this deep. */
const DEEPEST_TEMPLATE = 12;

/** Templates that were opened, each read once, and how many steps and jobs may still come: templates multiply. */
export interface TemplateStore {
  readonly opened: Map<string, Node | undefined>;
  left: number;
}

/** What the steps of a job share. */
export interface StepContext {
  readonly tree: SourceTree;
  readonly readers: Readers;
  readonly scope: AzureScope;
  readonly file: string;
  readonly provenance: TreeProvenance;
  readonly windows: boolean;
  /** Files of the templates around, outermost first. */
  readonly path: readonly string[];
  readonly repositories: ReadonlyMap<string, Reference>;
  readonly templates: TemplateStore;
  /** Scripts that earlier steps of the job wrote. */
  readonly written: WrittenScripts;
}

const SHELL_KEYS: Readonly<Record<string, ScriptLanguage>> = {
  script: 'bash',
  bash: 'bash',
  pwsh: 'powershell',
  powershell: 'powershell',
};

export function readSteps(node: Node | undefined, context: StepContext): readonly Step[] {
  return listItems(node).flatMap((item) => {
    if (--context.templates.left < 0) return [];
    const step = readStep(item, context);
    return step ? [step] : [];
  });
}

function readStep(node: Node, context: StepContext): Step | undefined {
  if (node.kind !== 'map') return undefined;
  for (const [key, language] of Object.entries(SHELL_KEYS)) {
    const written = scalarAt(node, key);
    if (written) {
      const spoken = key === 'script' && context.windows ? 'cmd' : language;
      return finish(node, context, readText(context.scope.text(context.file, written), spoken, node, context));
    }
  }
  const checkout = scalarAt(node, 'checkout');
  if (checkout) return finish(node, context, { effects: readCheckout(node, checkout, context) });
  const task = scalarAt(node, 'task');
  if (task) return finish(node, context, readTask(node, task, context));
  const template = scalarAt(node, 'template');
  if (template) return readTemplateStep(node, template, context);
  return readShortcut(node, context);
}

/** `publish`, `download` and the like: tasks under a shorter name. */
function readShortcut(node: Node, context: StepContext): Step | undefined {
  const publish = scalarAt(node, 'publish') ?? scalarAt(node, 'upload');
  const download = scalarAt(node, 'download') ?? scalarAt(node, 'downloadBuild');
  const name = scalarAt(node, 'artifact')?.text;
  if (publish) {
    const place = placeIn(context.file, publish.span);
    return finish(node, context, {
      effects: [{ kind: 'artifact-upload', paths: [publish.text], name, place, certainty: 'certain' }],
    });
  }
  if (download && download.text !== 'none') {
    const place = placeIn(context.file, download.span);
    return finish(node, context, {
      effects: [
        { kind: 'artifact-download', otherRun: download.text !== 'current', name, place, certainty: 'certain' },
      ],
    });
  }
  return node.kind === 'map' && node.entries.length > 0 ? finish(node, context, {}) : undefined;
}

function finish(node: Node, context: StepContext, given: Partial<Step>): Step {
  const { file, scope } = context;
  const name = scalarAt(node, 'displayName');
  const directory = scalarAt(node, 'workingDirectory');
  const ignored = scalarAt(node, 'continueOnError');
  const timeout = scalarAt(node, 'timeoutInMinutes');
  return makeStep(placeIn(file, node.span), {
    id: scalarAt(node, 'name')?.text,
    name: name && scope.text(file, name),
    condition: readStepCondition(node, context),
    environment: readEntries(valueAt(node, 'env'), context),
    workingDirectory: directory && scope.text(file, directory),
    continueOnError: ignored && ignored.text !== 'false' ? placeIn(file, ignored.span) : undefined,
    timeoutMinutes:
      timeout && typeof timeout.value === 'number'
        ? { value: timeout.value, place: placeIn(file, timeout.span) }
        : undefined,
    node,
    ...given,
  });
}

function readStepCondition(node: Node, context: StepContext): Condition | undefined {
  const written = scalarAt(node, 'condition');
  return written && readCondition(context.scope.text(context.file, written));
}

export function readEntries(
  node: Node | undefined,
  { file, scope }: Pick<StepContext, 'file' | 'scope'>,
): readonly Entry[] {
  return mapEntries(node).flatMap(({ key, value }): readonly Entry[] => {
    const keyPlace = placeIn(file, key.span);
    if (value.kind === 'scalar') return [{ name: key.text, keyPlace, value: scope.text(file, value), node: value }];
    return [{ ...makeEntry(key.text, keyPlace, impliedText('', placeIn(file, value.span))), node: value }];
  });
}

function readText(text: TemplateText, language: ScriptLanguage, node: Node, context: StepContext): Partial<Step> {
  const { tree, readers, scope, written } = context;
  const directory = scalarAt(node, 'workingDirectory')?.text ?? '';
  const local = directory.replace(/^\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory)\)\/?/, '');
  const name = scope.shellExpressions.bind(scope);
  const read = readRun(text, language, {
    tree,
    readers,
    name,
    assigned: new Set(),
    directory: local.includes('$') ? '' : local,
    written,
  });
  const powershell = language === 'powershell' ? environmentReads(read.run.text, scope) : read.run.text;
  return { ...read, run: { ...read.run, text: powershell } };
}

/** PowerShell and cmd read variables as `$env:NAME` and `%NAME%`. */
function environmentReads(text: TemplateText, scope: AzureScope): TemplateText {
  const found = [...text.text.matchAll(/\$env:([A-Za-z_]\w*)/gi)].flatMap((match) =>
    scope.shellExpressions(
      text.text,
      [{ name: match[1] ?? '', index: match.index, length: match[0].length }],
      new Set(),
    ),
  );
  return addExpressions(text, found);
}

/** Azure leaves no credential behind unless it is told to (documentation of `steps.checkout`). */
function readCheckout(node: Node, written: ScalarNode, context: StepContext): readonly Effect[] {
  if (written.text === 'none') return [];
  const persist = scalarAt(node, 'persistCredentials');
  const submodules = scalarAt(node, 'submodules')?.text ?? 'false';
  const own = written.text === 'self';
  return [
    {
      kind: 'checkout',
      tree: own ? context.provenance : 'other-repository',
      ref: undefined,
      persistsCredentials: persist !== undefined && persist.text !== 'false',
      submodules: submodules !== 'false',
      token: undefined,
      path: scalarAt(node, 'path')?.text,
      place: placeIn(context.file, written.span),
      certainty: 'certain',
    },
  ];
}

function readTask(node: Node, task: ScalarNode, context: StepContext): Partial<Step> {
  const inputs = readEntries(valueAt(node, 'inputs'), context);
  const place = placeIn(context.file, task.span);
  const find = (name: string): string | undefined =>
    inputs.find((entry) => entry.name.toLowerCase() === name.toLowerCase())?.value.text;
  const [name = '', version] = task.text.split('@');
  const uses: Reference = {
    kind: 'repository',
    name,
    path: undefined,
    ref: version,
    refKind: refKindOf(version),
    comment: undefined,
    place,
  };
  const effects = taskEffects(task.text, find, place);
  const script = SCRIPT_TASKS[taskName(task.text)];
  const inline = inputs.find((entry) => entry.name.toLowerCase() === script?.inline.toLowerCase());
  const path = inputs.find((entry) => entry.name.toLowerCase() === script?.file.toLowerCase());
  const written = inline ?? path;
  if (script === undefined || written === undefined) return { uses, inputs, effects };
  const language = scriptLanguage(find('scriptType'), script.language);
  const read = readText(written.value, language, node, context);
  return { ...read, uses, inputs, effects: [...effects, ...(read.effects ?? [])] };
}

function scriptLanguage(type: string | undefined, usual: ScriptLanguage): ScriptLanguage {
  if (type === 'bash') return 'bash';
  if (type === 'batch') return 'cmd';
  return type === 'ps' || type === 'pscore' ? 'powershell' : usual;
}

/** A template of this repository is read in place; one of another repository stays a reference. */
function readTemplateStep(node: Node, template: ScalarNode, context: StepContext): Step {
  const uses = templateReference(template, context);
  const parameters = readEntries(valueAt(node, 'parameters'), context);
  const target = openTemplate(uses, context);
  const inner =
    target === undefined ? [] : readSteps(valueAt(target.root, 'steps'), templateContext(target, parameters, context));
  return finish(node, context, { uses, inputs: parameters, inner });
}

/** `steps.yml` is local, `steps.yml@alias` belongs to a repository resource. */
export function templateReference(
  template: ScalarNode,
  context: Pick<StepContext, 'file' | 'repositories'>,
): Reference {
  const place = placeIn(context.file, template.span);
  const at = template.text.lastIndexOf('@');
  const alias = at < 0 ? 'self' : template.text.slice(at + 1);
  if (alias === 'self') {
    return {
      kind: 'local',
      name: resolveTemplate(template.text, context.file),
      path: undefined,
      ref: undefined,
      refKind: 'none',
      comment: undefined,
      place,
    };
  }
  const known = context.repositories.get(alias);
  const path = template.text.slice(0, at);
  return known
    ? { ...known, path, place }
    : { kind: 'repository', name: alias, path, ref: undefined, refKind: 'none', comment: undefined, place };
}

/** The file of a local template; undefined for others, for missing ones and where templates call one another in a circle. */
export function openTemplate(
  reference: Reference,
  context: Pick<StepContext, 'tree' | 'readers' | 'path' | 'templates'>,
): { readonly file: string; readonly root: Node } | undefined {
  if (reference.kind !== 'local' || context.path.includes(reference.name) || context.path.length > DEEPEST_TEMPLATE)
    return undefined;
  const { opened } = context.templates;
  if (!opened.has(reference.name)) {
    const file = context.tree.read(reference.name);
    opened.set(reference.name, file === undefined || 'kind' in file ? undefined : context.readers.yaml(file).root);
  }
  const root = opened.get(reference.name);
  return root && { file: reference.name, root };
}

/** Inside a template, its parameters stand for what the caller gave. */
export function templateContext(
  target: { readonly file: string; readonly root: Node },
  given: readonly Entry[],
  context: StepContext,
): StepContext {
  const parameters = new Map<string, readonly ValueReference[]>();
  for (const [name] of declaredParameters(target.root))
    parameters.set(name, [{ name: `parameters.${name}`, kind: 'constant', origin: 'configuration' }]);
  for (const entry of given) {
    const values = entry.value.interpolations.flatMap((one) => one.values);
    parameters.set(
      entry.name,
      values.length > 0 ? values : [{ name: `parameters.${entry.name}`, kind: 'constant', origin: 'configuration' }],
    );
  }
  return {
    ...context,
    file: target.file,
    scope: context.scope.withParameters(parameters),
    path: [...context.path, target.file],
  };
}

/** The implicit first step of a job that names no checkout. */
export function impliedCheckout(place: Place, provenance: TreeProvenance): Step {
  return makeStep(place, {
    id: 'checkout',
    name: impliedText('checkout', place),
    effects: [
      {
        kind: 'checkout',
        tree: provenance,
        ref: undefined,
        persistsCredentials: false,
        submodules: false,
        token: undefined,
        path: undefined,
        place,
        certainty: 'certain',
      },
    ],
  });
}

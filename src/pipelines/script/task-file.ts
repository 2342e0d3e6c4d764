import {
  itemsOf,
  type Node,
  nodeAt,
  type Readers,
  type ScalarNode,
  type SourceFile,
  scalarAt,
} from '../../syntax/index.ts';
import type { Interpolation, TemplateText } from '../value.ts';
import type { Recipe } from './recipes.ts';

/** The tasks of a `Taskfile.yml`; each command is a text of its own. */
export function readTasks(file: SourceFile, readers: Pick<Readers, 'yaml'>): readonly Recipe[] {
  const tasks = nodeAt(readers.yaml(file).root, 'tasks');
  if (tasks?.kind !== 'map') return [];
  return tasks.entries.flatMap(({ key, value }) => {
    const commands = value.kind === 'map' ? itemsOf(nodeAt(value, 'cmds') ?? nodeAt(value, 'cmd')) : itemsOf(value);
    const called = [...itemsOf(nodeAt(value, 'deps')), ...commands].flatMap((node) => nameOfTask(node) ?? []);
    const first: Recipe = { name: key.text, prerequisites: called, text: emptyText(file, key) };
    const texts = commands.flatMap((node) => scalarOf(node) ?? []);
    return [first, ...texts.map((scalar) => ({ name: key.text, prerequisites: [], text: textOfScalar(file, scalar) }))];
  });
}

function nameOfTask(node: Node): string | undefined {
  return scalarAt(node, 'task')?.text;
}

function scalarOf(node: Node): ScalarNode | undefined {
  return node.kind === 'scalar' ? node : scalarAt(node, 'cmd');
}

function emptyText(file: SourceFile, { span }: ScalarNode): TemplateText {
  return { text: '', place: { file: file.path, span }, interpolations: [], offsetOf: () => span.start };
}

function textOfScalar(file: SourceFile, scalar: ScalarNode): TemplateText {
  const interpolations = [...scalar.text.matchAll(/\{\{([^{}]*)\}\}/g)].map(
    ({ 0: spelled, 1: inner = '', index }): Interpolation => {
      const source = inner.trim();
      const span = { start: scalar.offsetOf(index), end: scalar.offsetOf(index + spelled.length) };
      return {
        place: { file: file.path, span },
        index,
        length: spelled.length,
        source,
        expanded: 'before',
        values: [{ name: source, kind: 'unknown', origin: 'configuration' }],
      };
    },
  );
  return {
    text: scalar.text,
    place: { file: file.path, span: scalar.span },
    interpolations,
    offsetOf: (index) => scalar.offsetOf(index),
  };
}

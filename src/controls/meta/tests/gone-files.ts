import type { ControlChange } from '../../model.ts';

/** Below it every test is named. */
const FEW = 3;

/** Many tests that went with their file are one change: a person looks at the file, not at a hundred lines. */
export function joinGoneFiles(changes: readonly ControlChange[]): readonly ControlChange[] {
  const gone = Map.groupBy(changes.filter(isGone), ({ before }) => before?.file ?? '');
  const joined = [...gone.values()].filter((tests) => tests.length > FEW);
  const dropped = new Set(joined.flat());
  return [...changes.filter((change) => !dropped.has(change)), ...joined.flatMap(joinFile)];
}

function isGone({ control, direction, after }: ControlChange): boolean {
  return control === 'test-removed' && direction === 'weakened' && after === undefined;
}

function joinFile(tests: readonly ControlChange[]): readonly ControlChange[] {
  const [first] = tests;
  const file = first?.before?.file;
  if (first === undefined || file === undefined) return [];
  const names = tests.slice(0, FEW).map(({ subject }) => subject.replace(/^.*?: /, ''));
  const message = `${tests.length} tests are gone with ${file}: ${names.join(', ')} and others`;
  return [{ ...first, message, scope: '', subject: file, before: { file, span: { start: 0, end: 0 } } }];
}

import assert from 'node:assert/strict';
import { loadGrammars, lowerGo, lowerJavaScript, lowerPython } from '../../../src/code/index.ts';
import { completeFinding } from '../../../src/findings/index.ts';
import { type PatchCheck, type ReadCode, verifyPatch } from '../../../src/review/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { engine, type Files } from './engine.ts';

const grammars = await loadGrammars(['go', 'python', 'typescript', 'javascript', 'tsx']);
const readCode: ReadCode = (file) => {
  if (file.path.endsWith('.py')) return lowerPython(file, grammars);
  if (file.path.endsWith('.go')) return lowerGo(file, grammars);
  return /\.[jt]sx?$/.test(file.path) ? lowerJavaScript(file, grammars) : undefined;
};

/** What is said of the means of a patch; `undefined` when an earlier check failed. */
export async function meansOfPatch(before: Files, after: Files): Promise<PatchCheck | undefined> {
  const files = Object.entries(after).flatMap(([path, text]) =>
    text === before[path] ? [] : [{ path, before: before[path], after: text }],
  );
  assert.ok(files.length > 0);
  const { checks } = await verifyPatch({
    tree: memoryTree(before),
    files,
    target: completeFinding({
      rule: 'AI-CWE-863',
      message: 'somebody says so',
      severity: 'high',
      confidence: 'high',
      // Another file: what the patch leaves of this one is not the question here.
      place: { file: 'other.ts', span: { start: 0, end: 1 } },
      subject: 'x',
    }),
    engine,
    threatModel: 'service',
    readCode,
  });
  return checks.find(({ check }) => check === 'means');
}

/** The same for a file that changes alone. */
export function meansOf(path: string, before: string, after: string): Promise<PatchCheck | undefined> {
  return meansOfPatch({ [path]: before }, { [path]: after });
}

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadGrammars, lowerGo, lowerJava, lowerJavaScript, lowerPython } from '../../../src/code/index.ts';
import { completeFinding, type Finding } from '../../../src/findings/index.ts';
import {
  type Engine,
  type PatchCheck,
  type PatchState,
  type ReadCode,
  verifyPatch,
} from '../../../src/review/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const grammars = await loadGrammars(['go', 'java', 'python', 'typescript', 'javascript', 'tsx']);
const readCode: ReadCode = (file) => {
  if (file.path.endsWith('.py')) return lowerPython(file, grammars);
  if (file.path.endsWith('.go')) return lowerGo(file, grammars);
  if (file.path.endsWith('.java')) return lowerJava(file, grammars);
  return /\.[jt]sx?$/.test(file.path) ? lowerJavaScript(file, grammars) : undefined;
};
/** These patches are for what the engine does not report: it is not asked. */
const silent: Engine = async ({ trees }) =>
  trees.map(() => ({ findings: [], rules: [], gaps: [], filesRead: 0, functionsAnalysed: 0 }));

type Edits = readonly (readonly [from: string, to: string])[];

/** A finding of somebody else on one file, with patches for it. */
export interface PatchCase {
  readonly path: string;
  readonly before: string;
  /** Texts on the lines that the finding names. */
  readonly marks: readonly string[];
  readonly rule: string;
  /** Patches that mend nothing. */
  readonly wrong: readonly Edits[];
  /** Patches that mend it, or may. */
  readonly right: readonly Edits[];
}

/** What is said of a patch, and of the finding in particular. */
export async function judged(
  one: Omit<PatchCase, 'wrong' | 'right'>,
  edits: Edits,
): Promise<{ readonly state: PatchState; readonly target: PatchCheck | undefined }> {
  const { path, before } = one;
  const after = edits.reduce((text, [from, to]) => {
    assert.ok(text.includes(from), from);
    return text.replace(from, () => to);
  }, before);
  const { state, checks } = await verifyPatch({
    tree: memoryTree({ [path]: before }),
    files: [{ path, before, after }],
    target: findingOn(path, before, one.marks, one.rule),
    engine: silent,
    threatModel: 'service',
    readCode,
  });
  return { state, target: checks.find(({ check }) => check === 'target') };
}

/** A finding on the marked texts of a file, the first of them its place. */
export function findingOn(path: string, text: string, marks: readonly string[], rule: string): Finding {
  const [place, ...others] = marks.map((mark) => {
    const start = text.indexOf(mark);
    assert.ok(start >= 0, mark);
    return { file: path, span: { start, end: start + mark.length } };
  });
  assert.ok(place);
  const related = others.map((other) => ({ place: other, message: 'this, too' }));
  return completeFinding({
    rule,
    message: 'x',
    severity: 'high',
    confidence: 'high',
    place,
    related,
    subject: 'x',
  });
}

/** Two tests of a case: what mends nothing is rejected because of the finding, and what may mend is not rejected at all. */
export function itTells(what: string, one: PatchCase, reason = /./): void {
  if (one.wrong.length > 0)
    it(`rejects what leaves ${what}`, async () => {
      for (const edits of one.wrong) {
        const { state, target } = await judged(one, edits);
        assert.equal(state, 'rejected', JSON.stringify(edits));
        assert.equal(target?.outcome, 'failed', JSON.stringify(edits));
        assert.match(target?.reason ?? '', reason, JSON.stringify(edits));
      }
    });
  it(`never rejects what may mend ${what}`, async () => {
    for (const edits of one.right) assert.notEqual((await judged(one, edits)).state, 'rejected', JSON.stringify(edits));
  });
}

/**
 * Edits that change nothing a program reads. `SALLYPORT_CORPUS` may name a directory of real repositories, one a folder;
 * every configuration file in it is edited the same way.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isScalar, parseDocument, visit } from 'yaml';
import { CONTROL_CLASSES } from '../../src/controls/index.ts';
import { compareText, loadTools, type Tools } from './trees.ts';

interface Sample {
  readonly file: string;
  readonly text: string;
}

const EXAMPLES: readonly Sample[] = CONTROL_CLASSES.flatMap(({ attack, benign }) => [
  ...attack.before,
  ...attack.after,
  ...benign.after,
]);

/** Folders are repositories, so that paths are those that tools look for. */
function corpus(): readonly Sample[] {
  const root = process.env['SALLYPORT_CORPUS'];
  if (root === undefined) return [];
  return readdirSync(root).flatMap((name) => filesBelow(join(root, name), ''));
}

function filesBelow(root: string, folder: string): readonly Sample[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === '.git' ? [] : filesBelow(root, file);
    return entry.isFile() ? [{ file, text: readFileSync(join(root, file), 'utf8') }] : [];
  });
}

type Edit = (text: string) => string | undefined;

const YAML_EDITS: Readonly<Record<string, Edit>> = {
  'comments above and below': (text) => `# a remark\n${text.replace(/\n*$/, '\n')}# the end\n`,
  'keys in another order': (text) =>
    rewrite(text, (document) => {
      visit(document, { Map: (_key, node) => void node.items.reverse() });
    }),
  'other quotes': (text) =>
    rewrite(text, (document) => {
      visit(document, {
        Pair: (_key, { value }) => {
          if (isScalar(value) && typeof value.value === 'string' && !value.value.includes('\n'))
            value.type = 'QUOTE_DOUBLE';
        },
      });
    }),
};

function rewrite(text: string, change: (document: ReturnType<typeof parseDocument>) => void): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0 || text.includes('\n---')) return undefined;
  change(document);
  try {
    return document.toString({ lineWidth: 0 });
  } catch {
    // An alias that stands before its anchor now: no file that anybody would write.
    return undefined;
  }
}

const JSON_EDITS: Readonly<Record<string, Edit>> = {
  'keys in another order': (text) => reformat(text, reverse),
  'other blanks': (text) => reformat(text, (value) => value),
};

function reformat(text: string, change: (value: unknown) => unknown): string | undefined {
  try {
    return JSON.stringify(change(JSON.parse(text)), null, 3);
  } catch {
    // With comments, or none at all.
    return undefined;
  }
}

function reverse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverse);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reverse(inner)]),
  );
}

const CODE_EDITS: Readonly<Record<string, Edit>> = { 'a blank line at the end': (text) => `${text}\n` };

function editsOf({ file, text }: Sample): Readonly<Record<string, Edit>> {
  if (text.includes('\0')) return {};
  if (/\.ya?ml$/.test(file)) return YAML_EDITS;
  return /\.json$/.test(file) ? JSON_EDITS : CODE_EDITS;
}

/** Files of which only that they changed is told; and a remark at the top, which moves with the keys below it. */
const TOLD_ANYHOW = new Set(['pipeline-file-unread', 'execution-file-changed', 'generated-mark-added']);

describe('edits that change nothing', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  it('weaken nothing, strengthen nothing and change nothing', () => {
    const samples = [...EXAMPLES, ...corpus()];
    let pairs = 0;
    for (const { file, text } of samples)
      for (const [name, edit] of Object.entries(editsOf({ file, text }))) {
        const edited = edit(text);
        if (edited === undefined) continue;
        pairs += 1;
        const { changes } = compareText(tools, file, text, edited);
        const seen = changes.filter(({ control }) => !TOLD_ANYHOW.has(control));
        assert.deepEqual(
          seen.map(({ control, direction, message }) => ({ control, direction, message })),
          [],
          `${file}: ${name}\n${edited.slice(0, 2000)}`,
        );
      }
    assert.ok(pairs > 150, `${pairs} pairs`);
  });
});

import type { Readers, SourceFile } from '../syntax/index.ts';

/**
 * Readers for many audits of nearly the same tree: a YAML file that did not change is read once. What they remember lives
 * as long as they do.
 */
export function rememberYaml(readers: Readers): Readers {
  return { ...readers, yaml: remembering(readers.yaml), yamlDocuments: remembering(readers.yamlDocuments) };
}

/** Of each file the last version: a fix is tried on it, and tried on it again. */
function remembering<Result>(read: (file: SourceFile) => Result): (file: SourceFile) => Result {
  const known = new Map<string, { readonly text: string; readonly result: Result }>();
  return (file) => {
    const before = known.get(file.path);
    if (before?.text === file.text) return before.result;
    const result = read(file);
    known.set(file.path, { text: file.text, result });
    return result;
  };
}

import type { Readers, SourceFile } from '../../syntax/index.ts';

/** Enough for a file, what it includes, and its other side. */
const KEPT = 16;

/** Readers that read a text once, however many ask for it. */
export function readOnce(readers: Readers): Readers {
  const plainJson = remember((file) => readers.json(file));
  return {
    ...readers,
    yaml: remember((file) => readers.yaml(file)),
    yamlDocuments: remember((file) => readers.yamlDocuments(file)),
    toml: remember((file) => readers.toml(file)),
    json: (file, options) => (options?.strict === true ? readers.json(file, options) : plainJson(file)),
  };
}

function remember<Answer>(read: (file: SourceFile) => Answer): (file: SourceFile) => Answer {
  const known: { readonly file: SourceFile; readonly answer: Answer }[] = [];
  return (file) => {
    const found = known.find((one) => one.file.path === file.path && one.file.text === file.text);
    if (found) return found.answer;
    const answer = read(file);
    known.push({ file, answer });
    if (known.length > KEPT) known.shift();
    return answer;
  };
}

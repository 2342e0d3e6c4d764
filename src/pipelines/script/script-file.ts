import type { ScriptLanguage, SourceFile } from '../../syntax/index.ts';
import type { TemplateText } from '../value.ts';

const BY_ENDING: Readonly<Record<string, ScriptLanguage>> = {
  sh: 'bash',
  bash: 'bash',
  zsh: 'bash',
  ps1: 'powershell',
  psm1: 'powershell',
  bat: 'cmd',
  cmd: 'cmd',
  py: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'javascript',
  mts: 'javascript',
  cts: 'javascript',
  groovy: 'groovy',
};

const BY_INTERPRETER: readonly { readonly name: RegExp; readonly language: ScriptLanguage }[] = [
  { name: /\b(bash|zsh|ksh)\b/, language: 'bash' },
  { name: /\b(sh|dash|ash)\b/, language: 'sh' },
  { name: /\bpython[0-9.]*\b/, language: 'python' },
  { name: /\b(node|bun|deno|tsx|ts-node)\b/, language: 'javascript' },
  { name: /\bpwsh\b/, language: 'powershell' },
];

/** How a file is read: by its first line when that names an interpreter, else by its ending. */
export function languageOfFile(file: SourceFile): ScriptLanguage {
  return namedLanguage(file.path, file.text) ?? 'other';
}

/** The same for a text that a script puts into a file, which the shell reads where nothing else is said. */
export function languageOfText(path: string, text: string): ScriptLanguage {
  return namedLanguage(path, text) ?? 'bash';
}

function namedLanguage(path: string, text: string): ScriptLanguage | undefined {
  const [first = ''] = text.slice(0, 200).trimStart().split('\n', 1);
  const named = first.startsWith('#!') ? BY_INTERPRETER.find(({ name }) => name.test(first)) : undefined;
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return named?.language ?? (Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined);
}

/** Whether a path ends like a script. */
export function isScriptPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.') && Object.hasOwn(BY_ENDING, name.slice(name.lastIndexOf('.') + 1).toLowerCase());
}

/** A whole file as a text into which no platform puts anything. */
export function textOfFile(file: SourceFile): TemplateText {
  return {
    text: file.text,
    place: { file: file.path, span: { start: 0, end: file.text.length } },
    interpolations: [],
    offsetOf: (index) => index,
  };
}

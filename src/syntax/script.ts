import type { Script, ScriptLanguage } from './readers.ts';
import { SCRIPT_LIMITS } from './script-limits.ts';

export type ScriptReader = (text: string, language: ScriptLanguage) => Script;

type LanguageReader = (text: string) => Omit<Script, 'language'>;

/**
 * Load the script reader. It is synchronous, never throws on content and reads tolerantly: broken parts are `unread`,
 * the rest is there. A language without a reader (`groovy`, `other`) yields a script without commands.
 */
export async function loadScriptReader(): Promise<ScriptReader> {
  const [{ readShellScript }, { readPowershellScript }, { readBatchScript }, { readCalls }] = await Promise.all([
    import('./script-shell.ts'),
    import('./script-powershell.ts'),
    import('./script-batch.ts'),
    import('./script-calls.ts'),
  ]);
  const readers: Record<ScriptLanguage, LanguageReader> = {
    bash: readShellScript,
    sh: readShellScript,
    powershell: readPowershellScript,
    cmd: readBatchScript,
    python: (text) => readCalls(text, 'python', readShellScript),
    javascript: (text) => readCalls(text, 'javascript', readShellScript),
    groovy: readNothing,
    other: readNothing,
  };
  const read = new Map<string, Script>();
  let kept = 0;
  return (text, language) => {
    const name = `${language} ${text}`;
    const before = read.get(name);
    if (before !== undefined) return before;
    const script = readScript(text, language, readers[language]);
    // Generated pipelines hold the same scripts many times over.
    kept += text.length;
    if (kept <= MOST_KEPT) read.set(name, script);
    return script;
  };
}

/** Characters of scripts that are remembered. */
const MOST_KEPT = 16 * 1024 * 1024;

function readScript(text: string, language: ScriptLanguage, reader: LanguageReader): Script {
  const known = text.slice(0, SCRIPT_LIMITS.characters);
  const script = reader(known);
  if (known.length === text.length) return { ...script, language };
  const span = { start: known.length, end: text.length };
  const message = `longer than ${SCRIPT_LIMITS.characters} characters`;
  return { ...script, language, unread: [...script.unread, { message, span }] };
}

function readNothing(): Omit<Script, 'language'> {
  return { commands: [], functions: [], unread: [] };
}

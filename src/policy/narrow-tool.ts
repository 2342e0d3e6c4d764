import { GlobError } from './glob.ts';
import { EntryError } from './reader/entry-error.ts';
import { readToolEntry } from './reader/tool-entry.ts';

/** Programs that run any other one, with arguments left open. */
const RUNS_ANYTHING =
  /^(\*|sudo|env|bash|sh|zsh|npx|bunx|uvx|xargs|eval|exec|ssh|docker|podman|python3?|node|perl|ruby|php|deno|make|find|awk)\s(.*\s)?\*$|^\*/;

/** Whether a command pattern lets any program run: `make *`, `*`. */
export function isOpenCommand(pattern: string): boolean {
  return RUNS_ANYTHING.test(pattern.replace(/:\*$/, ' *'));
}

/** Whether a text is a tool rule that grants something definite: it can be read, and is no command of any kind. */
export function isNarrowTool(text: string): boolean {
  try {
    const { tool, spec } = readToolEntry(text);
    if (tool.includes('*')) return false;
    return spec?.kind === 'command' ? !isOpenCommand(spec.pattern) : spec !== undefined || !COMMANDS.has(tool);
  } catch (error) {
    if (error instanceof EntryError || error instanceof GlobError) return false;
    throw error;
  }
}

const COMMANDS: ReadonlySet<string> = new Set(['Bash', 'bash', 'Shell', 'shell', 'Monitor']);

import { classifyContext } from '../pipelines/index.ts';
import type { ScriptCommand, ScriptWord } from '../syntax/index.ts';
import type { Arrival } from './arrival.ts';
import type { Scope } from './scope.ts';
import { placeIn, type ScriptRange, within } from './script-range.ts';

/**
 * The event that started a run lies in a file, too: `jq -r .comment.body "$GITHUB_EVENT_PATH"` is the same text as
 * `github.event.comment.body`. Source: GitHub documentation, "Variables reference".
 */
const EVENT_FILE = /\$\{?GITHUB_EVENT_PATH\b|\$\{\{\s*github\.event_path\s*\}\}/;

/** Programs that are given the file and say nothing of what is in it. */
const SILENT: ReadonlySet<string> = new Set(['test', '[', '[[', 'ls', 'stat', 'wc', 'echo', 'printf', 'cd', 'rm']);

/** A path of a `jq` filter; neither the end of a name nor a number. */
const FILTER_PATH = /(?<![\w)\]"'])\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/g;

/** What commands inside the range read out of the event. */
export function eventTextsIn({ script, span }: ScriptRange, scope: Scope): readonly Arrival[] {
  if (scope.pipeline.platform !== 'github') return [];
  if (script.language === 'python' || script.language === 'javascript') {
    const at = script.text.text.slice(span.start, span.end).indexOf('GITHUB_EVENT_PATH');
    if (at < 0) return [];
    const place = placeIn(script, { start: span.start + at, end: span.start + at + 'GITHUB_EVENT_PATH'.length });
    return [{ ...classifyContext(['github', 'event']), place, expanded: 'shell', hops: [] }];
  }
  return script.script.commands
    .filter((command) => within(command.span, span))
    .flatMap((command) => {
      const file = wordsGiven(command).find((word) => EVENT_FILE.test(textOf(script, word)));
      if (file === undefined || SILENT.has(command.words[0]?.literal ?? '')) return [];
      const place = placeIn(script, command.span);
      return valuesRead(command).map((path): Arrival => {
        const value = classifyContext(['github', 'event', ...path]);
        return { ...value, place, expanded: 'shell', hops: [] };
      });
    });
}

/** Is the reader of a text told where the file lies? What the shell puts in its place is read before. */
export function namesEventFile(text: string): boolean {
  return /\bGITHUB_EVENT_PATH\b|\bgithub\.event_path\b/.test(text.replace(/\$\([^()]*\)|`[^`]*`/g, ''));
}

/** What a command reads that is given the file on its standard input. */
export function eventTextsOnInput(script: ScriptRange['script'], target: ScriptWord): readonly Arrival[] {
  if (!EVENT_FILE.test(textOf(script, target))) return [];
  const place = placeIn(script, target.span);
  return [{ ...classifyContext(['github', 'event']), place, expanded: 'shell', hops: [] }];
}

function wordsGiven({ words, redirects }: ScriptCommand): readonly ScriptWord[] {
  return [
    ...words.slice(1),
    ...redirects.flatMap(({ operator, target }) => (operator === '<' && target ? [target] : [])),
  ];
}

function textOf(script: ScriptRange['script'], { span }: ScriptWord): string {
  return script.text.text.slice(span.start, span.end);
}

/** The paths that a filter of `jq` names; of any other program, and of a filter without one, the event as a whole. */
function valuesRead({ words }: ScriptCommand): readonly (readonly string[])[] {
  const whole: readonly string[] = [];
  if (words[0]?.literal !== 'jq') return [whole];
  const filter = words.slice(1).find(({ literal }) => literal !== undefined && !literal.startsWith('-'))?.literal;
  const paths = [...(filter ?? '').matchAll(FILTER_PATH)].map(([, path]) => (path ?? '').split('.'));
  return paths.length > 0 ? paths : [whole];
}

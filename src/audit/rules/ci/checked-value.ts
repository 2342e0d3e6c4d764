import type { StepScript } from '../../../pipelines/index.ts';
import type { ScriptWord } from '../../../syntax/index.ts';

const COMPARISON = /\[\[\s{0,4}(?:!\s{1,4})?"?\$\{?(\w{1,100})\}?"?\s{1,4}=~\s{1,4}\^([^\s\]]{0,200}\S)/g;

/** An earlier `[[ $NAME =~ ^… ]]` of the script lets no value through that begins with a dash. */
export function isCheckedBefore(script: StepScript, word: ScriptWord): boolean {
  const name = word.expansions[0]?.name;
  if (name === undefined) return false;
  const before = script.text.text.slice(0, word.span.start);
  return [...before.matchAll(COMPARISON)].some(([, checked, pattern]) => checked === name && !mayBeDash(pattern ?? ''));
}

/** Can the first character that the pattern takes be a dash? What is not plain counts as yes. */
function mayBeDash(pattern: string): boolean {
  const start = pattern.replace(/^\(+/, '');
  if (/^[A-Za-z0-9/]/.test(start)) return false;
  const characters = /^\[([^\]^][^\]]*)/.exec(start)?.[1];
  return characters === undefined || characters.replace(/\w-\w/g, '').includes('-');
}

const ONE_LINE =
  /\|\s*(?:tr\s+(?:-d\s+['"]?(?:\\r)?\\n|-cd\s|-dc\s|-c\s+-d\s)|head\s+(?:-n\s*1|-1)\b|wc\s|(?:sha\d+|md5)sum\b|base64\s+-w\s*0)/;

/** Every variable of a value was made one line by the script itself (`X=$(… | tr -d '\\n')`), so no line break passes. */
export function isMadeOneLine(script: StepScript, value: string): boolean {
  const names = [...value.matchAll(/\$\{?(\w+)\}?/g)].map(([, name]) => name);
  if (names.length === 0 || /\$\(|`/.test(value)) return false;
  const made = new Set(
    script.script.commands.flatMap(({ assignments }) =>
      assignments.flatMap(({ name, value: source }) => (ONE_LINE.test(source?.source ?? '') ? [name] : [])),
    ),
  );
  return names.every((name) => made.has(name ?? ''));
}

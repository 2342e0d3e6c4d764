import type { SourceFile } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../../configuration/index.ts';
import type { SafeguardTable } from './safeguard-row.ts';
import { SAFEGUARDS, STRONG_PASSWORDS } from './safeguard-rows.ts';

const MOST = 500;
/** That a safeguard counts for some cases only. */
const NARROWED = /\b(?:except|only|if|unless)\b\s{0,3}:|null_session/;

/**
 * What frameworks are told in languages that are not read as code, in pages and in SQL: by their words alone, counted over
 * all files of a change, so that a safeguard may move.
 */
export function addSafeguards(file: SourceFile, sheet: SheetBuilder): void {
  for (const table of SAFEGUARDS) if (table.files.test(file.path)) addTable(table, file, sheet);
  addPasswords(file, sheet);
  addPermittedPaths(file, sheet);
}

/** Spring Security: addresses that everybody reaches (Spring Security reference, authorizeHttpRequests). */
const PERMITTED =
  /\.(?:requestMatchers|antMatchers|mvcMatchers|regexMatchers|pathMatchers|ignoringRequestMatchers)\(([^()]{1,600})\)\s{0,40}\.(permitAll|anonymous)\(\)/g;
/** What a browser asks for before anybody signed in. */
const MEANT_FOR_ALL =
  /health|login|logout|sign-?(?:in|up)|register|static|assets|css|\bjs\b|images?|favicon|error|robots|public|webjars|\.well-known|status|ping|info/i;

function addPermittedPaths({ path, text }: SourceFile, sheet: SheetBuilder): void {
  if (!/\.(?:java|kt|groovy|scala)$/.test(path)) return;
  for (const match of text.matchAll(PERMITTED))
    for (const inner of (match[1] ?? '').matchAll(/"([^"\n]{1,200})"/g)) {
      const start = match.index + match[0].indexOf('(') + 1 + inner.index;
      const address = inner[1] ?? '';
      sheet.add({
        control: 'safeguard-lost',
        scope: '',
        subject: `everybody reaches ${address}`,
        weight: 1,
        shown: `${address} for everybody`,
        value: '',
        place: { file: path, span: { start, end: start + inner[0].length } },
        severity: MEANT_FOR_ALL.test(address) ? 'low' : 'high',
      });
    }
}

function addTable(
  { rows, remark, control = 'safeguard-lost' }: SafeguardTable,
  file: SourceFile,
  sheet: SheetBuilder,
): void {
  for (const { name, pattern, weight, severity, each } of rows) {
    let count = 0;
    for (const match of file.text.matchAll(pattern)) {
      const at = match.index + (match[0].length - match[0].trimStart().length);
      if (remark.test(lineBefore(file.text, at))) continue;
      if (++count > MOST) break;
      sheet.add({
        control,
        scope: '',
        subject: each ? `${name}: ${match[1] ?? ''}` : name,
        weight: weight < 0 && NARROWED.test(match[0]) ? weight + 0.5 : weight,
        shown: match[0].trim().slice(0, 100),
        place: { file: file.path, span: { start: at, end: match.index + match[0].length } },
        ...(severity === undefined ? {} : { severity }),
      });
    }
  }
}

function lineBefore(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return text.slice(Math.max(start, at - 500), at + 2);
}

/** Once a file: whether one call or two stand there means nothing. */
function addPasswords({ path, text }: SourceFile, sheet: SheetBuilder): void {
  if (!/\.(?:java|kt|scala|py|rb|php|[cm]?[jt]sx?|go|cs|rs|ex)$/.test(path)) return;
  const code = text.split('\n').filter((line) => !/^\s*(?:#|\/\/|\*|import\b|from\b|use\b|using\b)/.test(line));
  const scope = 'the storage of passwords';
  const start = { file: path, span: { start: 0, end: 0 } };
  if (/passw|pwd|hash/i.test(text)) sheet.scope(scope, start);
  const match = code.map((line) => STRONG_PASSWORDS.exec(line)?.[0]).find((found) => found !== undefined);
  if (match === undefined) return;
  const at = Math.max(text.lastIndexOf(match), 0);
  sheet.add({
    control: 'safeguard-lost',
    scope,
    subject: 'passwords that are costly to guess',
    weight: -1,
    shown: match,
    value: '',
    place: { file: path, span: { start: at, end: at + match.length } },
  });
}

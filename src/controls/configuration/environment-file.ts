import type { SourceFile } from '../../syntax/index.ts';
import { plainKey } from './named-path.ts';
import { LIST_ROWS } from './options/option-rows.ts';
import { weighOption } from './options/options.ts';
import type { SheetBuilder } from './sheet.ts';

const FILES =
  /(?:^|\/)(?:\.env(?:\.[\w-]+)?|\.?[\w-]+\.(?:env|properties|ini|cfg|cnf|conf|local)|\.npmrc|\.yarnrc|\.pypirc|pip\.conf|\.curlrc|\.wgetrc|\.flake8|\.coveragerc|\.pylintrc|tox\.ini|setup\.cfg|mypy\.ini|[\w.-]+\.bicep(?:param)?|config\/(?:environments|initializers)\/\w+\.rb|config\/application\.rb)$/;
const LINE = /^[ \t]*(?:export[ \t]+)?([A-Za-z][\w.-]{0,100})[ \t]*[=:][ \t]*(.*)$/;

/** `[section]` of an INI file. */
const SECTION = /^[ \t]{0,8}\[([\w.: -]{1,100})\][ \t]*(?:[;#].*)?$/;

/** Keys of analysers that leave something out. */
const EXCLUSION =
  /^(?:sonar\.(?:[\w.]{0,40}\.)?exclusions|sonar\.issue\.ignore\.[\w.]{1,60}|ignore|extend-ignore|exclude|extend-exclude|skips|omit|disable|disable_error_code)$/;

export function isEnvironmentFile(path: string): boolean {
  return FILES.test(path);
}

/** Switches and lists of a file with one `name=value` a line. */
export function addEnvironmentFile(file: SourceFile, sheet: SheetBuilder): void {
  let start = 0;
  let section = '';
  for (const line of file.text.split('\n')) {
    section = SECTION.exec(line)?.[1] ?? section;
    const [, name = '', raw = ''] = LINE.exec(line.slice(0, 2000)) ?? [];
    const value = raw.trim().replace(/^(["'])(.*)\1$/, '$2');
    if (name !== '')
      addLine({ name, section }, value, { file: file.path, span: { start, end: start + line.length } }, sheet);
    start += line.length + 1;
  }
}

function addLine(
  { name, section }: { readonly name: string; readonly section: string },
  value: string,
  place: { readonly file: string; readonly span: { readonly start: number; readonly end: number } },
  sheet: SheetBuilder,
): void {
  const key = plainKey(name).split('.').at(-1) ?? '';
  const whole = section === '' ? name : `${section}.${name}`;
  const option = weighOption(plainKey(name), `${place.file} ${whole}`, value);
  if (option)
    sheet.add({
      control: option.row.control,
      scope: '',
      subject: whole,
      weight: option.weight,
      shown: `${name}=${value}`,
      value: '',
      place,
      ...(option.row.severity ? { severity: option.row.severity } : {}),
    });
  if (EXCLUSION.test(name))
    for (const item of value.split(/[,\s]+/).filter((text) => text !== ''))
      sheet.add({
        control: 'exclusion-grown',
        scope: '',
        subject: `${name} ${item}`.slice(0, 300),
        weight: 1,
        shown: item,
        value: '',
        place,
      });
  const list = LIST_ROWS.find(
    (row) => row.key.test(key) && (row.within === undefined || row.within.test(`${place.file} ${whole}`)),
  );
  if (list === undefined) return;
  for (const item of value.split(/[,\s]+/).filter((text) => text !== ''))
    sheet.add({
      control: list.control,
      scope: '',
      subject: `${name} ${item}`,
      weight: list.kind === 'keeps-out' ? -1 : item.includes('*') ? 3 : 1,
      shown: item,
      value: '',
      place,
      severity: list.severity ?? (item.includes('*') ? 'high' : 'medium'),
    });
}

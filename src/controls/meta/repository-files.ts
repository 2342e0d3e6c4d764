import type { SourceFile } from '../../syntax/index.ts';
import type { SheetBuilder } from '../configuration/index.ts';

interface Line {
  readonly words: readonly string[];
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Lines that are neither blank nor comments. */
function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const whole of text.split('\n')) {
    const line = whole.trim();
    if (line !== '' && !line.startsWith('#'))
      lines.push({ words: line.split(/\s+/), text: line.replace(/\s+/g, ' '), start, end: start + whole.length });
    start += whole.length + 1;
  }
  return lines;
}

const OWNERS = /(?:^|\/)CODEOWNERS$/;
const ATTRIBUTES = /(?:^|\/)\.gitattributes$|^\.git\/info\/attributes$/;
const MODULES = /(?:^|\/)\.gitmodules$/;
const CLIENTS =
  /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|pip\.conf|\.cargo\/config(?:\.toml)?|bunfig\.toml|requirements[\w.-]*\.txt|\.bundle\/config|go\.env|nuget\.config|pyproject\.toml|uv\.toml)$/i;

/** Who must approve, what git hides and runs, where packages come from. */
export function addRepositoryFile(file: SourceFile, sheet: SheetBuilder): void {
  if (OWNERS.test(file.path)) addOwners(file, sheet);
  if (ATTRIBUTES.test(file.path)) addAttributes(file, sheet);
  if (MODULES.test(file.path)) addModules(file, sheet);
  if (CLIENTS.test(file.path)) addClients(file, sheet);
}

/** The last line that matches decides, so that a new line can take a path from its owners. */
function addOwners(file: SourceFile, sheet: SheetBuilder): void {
  for (const [index, { words, text, start, end }] of linesOf(file.text).entries()) {
    const [pattern = '', ...owners] = words;
    const place = { file: file.path, span: { start, end } };
    sheet.add({
      control: 'owners-changed',
      scope: '',
      subject: pattern,
      weight: owners.length > 0 ? -1 : 1,
      shown: text,
      value: owners.sort().join(' '),
      place,
      standing: true,
    });
    sheet.add({
      control: 'owners-order-changed',
      scope: '',
      subject: 'order',
      weight: -0.001,
      shown: `${index + 1}. ${text}`,
      value: `${index} ${pattern}`,
      place,
    });
  }
}

const HIDING =
  /^(?:-diff|binary|linguist-generated(?:=true)?|linguist-vendored(?:=true)?|gitlab-generated(?:=true)?|merge=ours)$/;
const RUNNING = /^(?:filter|diff|merge)=(?!lfs$|ours$|union$|text$|binary$|\w+-(?:lock|merge)$)([\w.-]+)$/;
/** What nobody reads line by line anyway. */
const MEDIA = /\.(?:png|jpe?g|gif|webp|ico|pdf|woff2?|ttf|otf|eot|mp[34]|zip|gz|jar|svg|psd|wasm|icns|bmp|mov|webm)$/i;

function addAttributes(file: SourceFile, sheet: SheetBuilder): void {
  for (const { words, start, end } of linesOf(file.text)) {
    const [pattern = '', ...attributes] = words;
    const place = { file: file.path, span: { start, end } };
    for (const attribute of attributes) {
      if (RUNNING.test(attribute))
        sheet.add({
          control: 'attribute-runs-program',
          scope: '',
          subject: `${pattern} ${attribute}`,
          weight: 1,
          shown: `${pattern} ${attribute}`,
          place,
        });
      if (HIDING.test(attribute) && !MEDIA.test(pattern))
        sheet.add({
          control: 'attribute-hides-diff',
          scope: '',
          subject: `${pattern} ${attribute}`,
          weight: 1,
          shown: `${pattern} ${attribute}`,
          place,
          severity: /lock|\.snap|sum$/.test(pattern) ? 'medium' : 'high',
        });
    }
  }
}

function addModules(file: SourceFile, sheet: SheetBuilder): void {
  let name = '';
  for (const { text, start, end } of linesOf(file.text)) {
    name = /^\[submodule "(.{1,300})"\]/.exec(text)?.[1] ?? name;
    const [, key = '', value = ''] = /^(url|path|branch|update)\s?=\s?(.*)$/.exec(text) ?? [];
    if (key === '') continue;
    const place = { file: file.path, span: { start, end } };
    sheet.add({
      control: 'submodule-changed',
      scope: '',
      subject: `${name} ${key}`,
      weight: 1,
      shown: `${name}: ${key} = ${value}`,
      value: key === 'url' ? value.replace(/\/+$/, '').replace(/\.git$/, '') : value,
      place,
      severity: value.startsWith('!') ? 'critical' : 'high',
    });
  }
}

const REGISTRY =
  /(?:^|[\s;])(@[\w-]+:registry|registry|npmRegistryServer|npm-registry-server|index-url|--index-url|-i|extra-index-url|--extra-index-url|find-links|--find-links|trusted-host|--trusted-host|index|GOPROXY|GONOSUMDB|GONOSUMCHECK|GOSUMDB|GOFLAGS|GOINSECURE|replace-with|url|default-index)\s*[=:\s]\s*(\S.*)$/;
const SCRIPTS = /^(?:ignore-scripts|enableScripts|enable-scripts)\s*[=:]\s*(\S+)/;

/** Keys that name a program, or what programs load. */
const PROGRAMS =
  /^(script-shell|shell|node-options|onload-script|init-module|git|preload|editor|yarnPath|plugins)\s*[=:]\s*(\S.*)$/;

function addClients(file: SourceFile, sheet: SheetBuilder): void {
  for (const { text, start, end } of linesOf(file.text)) {
    const place = { file: file.path, span: { start, end } };
    const [, key = '', value = ''] = REGISTRY.exec(text) ?? [];
    // Manifests say much with these words; only addresses are meant there.
    if (key !== '' && (!/\.toml$/.test(file.path) || /:\/\//.test(value)))
      sheet.add({
        control: 'registry-changed',
        scope: '',
        subject: `${key} ${key.includes('extra') || key.includes('trusted') ? value : ''}`.trim(),
        weight: 1,
        shown: text,
        value: value.replace(/["']/g, ''),
        place,
      });
    const [, name = '', program = ''] = PROGRAMS.exec(text) ?? [];
    if (program !== '')
      sheet.add({
        control: 'install-script-added',
        scope: '',
        subject: name,
        weight: 1,
        shown: text,
        value: program,
        place,
      });
    const [, allowed = ''] = SCRIPTS.exec(text) ?? [];
    if (allowed !== '')
      sheet.add({
        control: 'install-scripts-allowed',
        scope: '',
        subject: 'install scripts',
        weight: text.startsWith('ignore') === (allowed === 'true') ? -1 : 1,
        shown: text,
        place,
      });
  }
}

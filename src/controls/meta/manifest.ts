import { dirname, join } from 'node:path/posix';
import { entriesOf, nodeAt, type Place, type Readers, type SourceFile } from '../../syntax/index.ts';
import { addPackageScript, type SheetBuilder } from '../configuration/index.ts';
import { lookAlikeOf, type Registry } from './look-alikes.ts';

/** Scripts that a package client runs by itself. */
const LIFECYCLE =
  /^(?:pre|post)?(?:install|uninstall|prepare|publish|pack|prepublishOnly|version|dependencies)$|^prepublishOnly$|^gypfile$/;
const SECTIONS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
];
const FOREIGN =
  /^(?:git|https?|git\+\w+|file|link|github|gitlab|bitbucket|portal|exec):|^[\w.-]{1,100}\/[\w.-]{1,100}(?:#|$)|^git@/;

/** What installing a package runs, and from where it takes its parts. */
export function addManifest(file: SourceFile, readers: Readers, sheet: SheetBuilder): void {
  if (/(?:^|\/)requirements[\w.-]{0,80}\.(?:txt|in)$/.test(file.path)) addRequirements(file, sheet);
  if (!/(?:^|\/)package\.json$/.test(file.path)) return;
  const { root } = readers.json(file);
  for (const { key, value, span } of entriesOf(nodeAt(root, 'scripts'))) {
    if (value.kind !== 'scalar') continue;
    const place = { file: file.path, span };
    if (LIFECYCLE.test(key.text))
      sheet.add({
        control: 'install-script-added',
        scope: '',
        subject: key.text,
        weight: 1,
        shown: `${key.text}: ${value.text}`,
        value: value.text,
        place,
      });
    addPackageScript(key.text, value.text, place, readers, sheet);
  }
  for (const section of SECTIONS)
    for (const { key, value, span } of entriesOf(nodeAt(root, section))) {
      addName(key.text, 'npm', { file: file.path, span }, sheet);
      if (value.kind !== 'scalar' || isOwnFolder(value.text, file.path)) continue;
      if (FOREIGN.test(value.text) || isAlias(key.text, value.text))
        sheet.add({
          control: 'dependency-foreign',
          scope: '',
          subject: key.text,
          weight: 1,
          shown: `${key.text}: ${value.text}`,
          // A newer version of the package that an alias means is an ordinary update.
          value: value.text.replace(/^(npm:@?[^@]{1,200})@[\^~\d][\w.+-]{0,60}$/, '$1'),
          place: { file: file.path, span },
        });
    }
}

/** A folder of this repository is reviewed like any file. */
function isOwnFolder(value: string, file: string): boolean {
  const folder = /^(?:file|link|portal):(\.{1,2}(?:\/.*)?)$/.exec(value)?.[1];
  if (folder === undefined || /\.(?:tgz|tar(?:\.gz)?)$/.test(folder)) return false;
  return !join(dirname(file), folder).startsWith('..');
}

/** `npm:other@1.0.0`: what is imported under this name is another package. */
function isAlias(name: string, value: string): boolean {
  const other = /^npm:(@?[^@]{1,200})/.exec(value)?.[1];
  return other !== undefined && other !== name;
}

/** One requirement a line; options and comments name no package. */
function addRequirements(file: SourceFile, sheet: SheetBuilder): void {
  for (const match of file.text.matchAll(/^[ \t]{0,20}([A-Za-z0-9][\w.-]{0,100})/gm)) {
    const start = match.index + match[0].length - (match[1]?.length ?? 0);
    addName(match[1] ?? '', 'pypi', { file: file.path, span: { start, end: match.index + match[0].length } }, sheet);
  }
}

function addName(name: string, registry: Registry, place: Place, sheet: SheetBuilder): void {
  const known = lookAlikeOf(name, registry);
  if (known === undefined) return;
  const shown = `${name} (well known: ${known})`;
  sheet.add({ control: 'dependency-look-alike', scope: '', subject: name, weight: 1, shown, place });
}
